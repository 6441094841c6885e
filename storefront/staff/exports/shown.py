"""Lists as their pages show them: what an address asks for, row by row and in the same order."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from flask import abort
from werkzeug.datastructures import MultiDict

from models import Discount, Order, Product, Purchase, PurchaseStatus, Variant
from models.staff import Permission
from storefront.spreadsheet import Cell
from storefront.staff.customers import queries as customers
from storefront.staff.customers.forms import WantedForm
from storefront.staff.discounts import queries as discounts
from storefront.staff.exports.sales import SALES
from storefront.staff.exports.table import Period, Table, amount, moment
from storefront.staff.inventory import queries as inventory
from storefront.staff.inventory.queries import VariantStock
from storefront.staff.inventory.wanted import Wanted, wanted_of
from storefront.staff.listing import AnySelect, sorting_of, words_of
from storefront.staff.orders import queries as orders
from storefront.staff.orders.asked import asked
from storefront.staff.products import queries as products
from storefront.staff.purchases import queries as purchases

_SALES = {table.name: table for table in SALES}


@dataclass(frozen=True, slots=True)
class Address:
    """What stands in a list's address, and by what it is read: the shop's zone and currency."""

    sent: Mapping[str, str]
    zone: str
    currency: str

    @property
    def words(self) -> str:
        """What it searches for."""
        return words_of(self.sent)

    def sorted(
        self, found: AnySelect, columns: Mapping[str, Any], usual: str, tie: Any
    ) -> AnySelect:
        """Return a statement sorted as its list is; 404 for a strange column."""
        sorting = sorting_of(columns, self.sent.get("sort") or usual)
        listed: AnySelect = sorting.applied(found, tie)
        return listed


@dataclass(frozen=True, slots=True)
class Shown:
    """A list that can be downloaded as it is shown. permission: to see it."""

    permission: Permission
    name: str
    title: str
    head: Sequence[str]
    cells: Callable[[Any], Sequence[Cell]]
    statement: Callable[[Address], AnySelect]

    def of(self, address: Address) -> Table:
        """Return what an address shows, as a table without a period; 404 as the list's page."""
        found = self.statement(address)
        return Table(self.name, self.title, self.head, lambda _: found, self.cells)


def _orders(address: Address) -> AnySelect:
    wanted = asked(address.sent, address.zone, address.currency).wanted
    found = _SALES["orders"].statement(Period()).where(*wanted.conditions())
    return address.sorted(found, orders.COLUMNS, "-placed", Order.id)


def _products(address: Address) -> AnySelect:
    found = products.listed(address.words)
    return address.sorted(found, products.COLUMNS, "title", Product.id)


def _product(row: Any) -> Sequence[Cell]:
    price = amount(row.price_minor, row.currency)
    return (
        *(row.handle, row.title, row.status.value, row.variant_count, price, row.currency),
        *(int(row.available), moment(row.updated_at)),
    )


def _stock(address: Address) -> AnySelect:
    wanted = wanted_of(address.sent) or Wanted()
    columns = inventory.columns(wanted.location_id)
    return address.sorted(inventory.listed(wanted), columns, "sku", Variant.id)


def _level(row: Any) -> Sequence[Cell]:
    it = VariantStock(*row)
    own: tuple[Cell, ...] = (it.on_hand, it.reserved, it.unavailable, it.backordered)
    if it.is_bundle:
        own = ("", "", "", "")
    words = (it.sku, it.product_title, ", ".join(it.options))
    return (*words, *own, it.available, "" if it.is_bundle else it.incoming)


def _customers(address: Address) -> AnySelect:
    form = WantedForm(MultiDict(address.sent), address.currency, address.zone)
    if not form.validate():
        abort(422)
    sorting = sorting_of(customers.COLUMNS, address.sent.get("sort") or "-seen")
    return customers.People(address.currency).whole(form.wanted(address.words), sorting)


def _customer(row: Any) -> Sequence[Cell]:
    it = customers.person(row)
    newsletter = it.newsletter.value if it.newsletter else ""
    words = (it.email, it.name, "yes" if it.has_account else "no", newsletter)
    return (*words, it.orders, it.spent.amount, it.spent.currency, moment(it.since))


def _discounts(address: Address) -> AnySelect:
    found = discounts.listed(address.words)
    return address.sorted(found, discounts.COLUMNS, "-saved", Discount.id)


def _purchases(address: Address) -> AnySelect:
    typed = address.sent.get("status", "")
    status = PurchaseStatus(typed) if typed in set(PurchaseStatus) else None
    found = purchases.listed(address.words, status)
    return address.sorted(found, purchases.COLUMNS, "-number", Purchase.id)


def _purchase(row: Any) -> Sequence[Cell]:
    it, supplier, location, ordered, received = row
    days = (moment(it.ordered_at), it.expected_on.isoformat() if it.expected_on else "")
    return (it.number, supplier, location, it.status.value, *days, ordered or 0, received or 0)


def _sold(name: str, permission: Permission, statement: Callable[[Address], AnySelect]) -> Shown:
    it = _SALES[name]
    return Shown(permission, it.name, it.title, it.head, it.cells, statement)


SHOWN: Mapping[str, Shown] = MappingProxyType(
    {
        "orders": _sold("orders", Permission.SEE_ORDERS, _orders),
        "discounts": _sold("discounts", Permission.EDIT_DISCOUNTS, _discounts),
        "products": Shown(
            Permission.EDIT_CATALOG,
            "products",
            "Products",
            (
                *("handle", "title", "status", "variants", "price from", "currency"),
                *("available", "saved (UTC)"),
            ),
            _product,
            _products,
        ),
        "customers": Shown(
            Permission.SEE_CUSTOMERS,
            "customers",
            "Customers",
            (
                *("email", "name", "account", "newsletter", "orders paid", "spent", "currency"),
                "last seen (UTC)",
            ),
            _customer,
            _customers,
        ),
        "inventory": Shown(
            Permission.SEE_STOCK,
            "inventory",
            "Inventory",
            (
                *("sku", "product", "variant", "on hand", "reserved", "unavailable"),
                *("backordered", "available", "incoming"),
            ),
            _level,
            _stock,
        ),
        "purchases": Shown(
            Permission.SEE_STOCK,
            "purchases",
            "Purchases",
            (
                *("number", "supplier", "location", "status", "ordered (UTC)", "expected"),
                *("units", "received"),
            ),
            _purchase,
            _purchases,
        ),
    }
)
