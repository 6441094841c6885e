"""Exports of what the shop has; products, prices, stock and redirects can be imported again."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import exists, func, outerjoin, select
from sqlalchemy.orm import aliased

from models import (
    BundlePart,
    Location,
    Order,
    Product,
    Purchase,
    PurchaseLine,
    Redirect,
    Stock,
    StockLevel,
    StockMovement,
    Supplier,
    Variant,
    VariantPrice,
)
from models.inventory import FIGURES
from storefront.spreadsheet import Cell
from storefront.staff.exports.table import Period, Table, amount, moment
from storefront.staff.imports.kinds.product_facts import OPTIONS
from storefront.staff.listing import AnySelect

_MAIN = Variant.__table__.c
_IS_BUNDLE = exists().where(BundlePart.bundle_id == Variant.id)


class Prices:
    """Variants with what they cost in each of these currencies, the main one first."""

    def __init__(self, currencies: Sequence[str]) -> None:
        """Know the columns."""
        self.currencies = currencies
        self.head = [
            f"{kind}_{code.lower()}" for code in currencies for kind in ("price", "compare_at")
        ]

    def statement(self, of: Any, *columns: Any) -> AnySelect:
        """Return a statement of variants, as they are joined, with columns and all their prices."""
        wanted = select(
            *columns,
            _MAIN["price_minor"].label("main_price"),
            _MAIN["price_currency"].label("main_currency"),
            _MAIN["compare_at_minor"].label("main_before"),
        ).select_from(of)
        for code in self.currencies:
            row = aliased(VariantPrice)
            wanted = wanted.add_columns(
                row.price_minor.label(f"price_{code}"), row.compare_at_minor.label(f"before_{code}")
            ).outerjoin(row, (row.variant_id == Variant.id) & (row.currency == code))
        return wanted

    def cells(self, row: Any) -> list[Cell]:
        """Return a row's prices."""
        found: list[Cell] = []
        for code in self.currencies:
            is_main = code == row.main_currency
            price = row.main_price if is_main else getattr(row, f"price_{code}")
            before = row.main_before if is_main else getattr(row, f"before_{code}")
            found += [amount(price, code), amount(before, code)]
        return found


def goods(currencies: Sequence[str]) -> tuple[Table, ...]:
    """Return the exports of a shop that sells in these currencies."""
    prices = Prices(currencies)
    options = [name for number in OPTIONS for name in (f"option{number}_name", f"option{number}")]

    def products(period: Period) -> AnySelect:
        del period
        words = (Product.handle, Product.title, Product.summary, Product.description_markdown)
        mine = (Variant.sku, Variant.options, Variant.barcode, Variant.weight_g)
        joined = outerjoin(Product, Variant, Variant.product_id == Product.id)
        wanted = prices.statement(joined, *words, Product.status, Product.option_names, *mine)
        return wanted.order_by(Product.id, Variant.position, Variant.id)

    def product(row: Any) -> Sequence[Cell]:
        named, chosen = list(row.option_names), list(row.options or [])
        pairs: list[Cell] = []
        for index in range(len(OPTIONS)):
            pairs += [
                named[index] if index < len(named) else "",
                chosen[index] if index < len(chosen) else "",
            ]
        words = (row.handle, row.title, row.summary, row.description_markdown, row.status.value)
        return (*words, *pairs, row.sku, row.barcode, row.weight_g, *prices.cells(row))

    def price_list(period: Period) -> AnySelect:
        del period
        return prices.statement(Variant, Variant.sku).order_by(Variant.sku)

    return (
        Table(
            "products",
            "Products with variants",
            (
                *("handle", "title", "summary", "description", "status", *options),
                *("sku", "barcode", "weight_g", *prices.head),
            ),
            products,
            product,
        ),
        Table(
            "prices",
            "Prices",
            ("sku", *prices.head),
            price_list,
            lambda row: (row.sku, *prices.cells(row)),
        ),
        *_STORES,
    )


def _stock(period: Period) -> AnySelect:
    del period
    at_level = {it: getattr(StockLevel, it) for it in ("on_hand", "reserved", "unavailable")}
    at_level["incoming"] = StockLevel.incoming
    figures = [
        func.coalesce(level, getattr(Stock, name), 0).label(name)
        for name, level in at_level.items()
    ]
    return (
        select(Variant.sku, Product.title, Location.title.label("location"), *figures)
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(Stock, Stock.variant_id == Variant.id)
        .outerjoin(StockLevel, StockLevel.variant_id == Variant.id)
        .outerjoin(Location, Location.id == StockLevel.location_id)
        .where(~_IS_BUNDLE)
        .order_by(Variant.sku, Location.position)
    )


def _level(row: Any) -> Sequence[Cell]:
    figures = (row.on_hand, row.reserved, row.unavailable, row.incoming)
    return (row.sku, row.title, row.location, *figures)


def _movements(period: Period) -> AnySelect:
    figures = [getattr(StockMovement, name) for name in FIGURES]
    return (
        select(
            *(StockMovement.created_at, Variant.sku, Location.title.label("location")),
            *(StockMovement.kind, *figures, StockMovement.reason, StockMovement.reference),
            *(StockMovement.actor, Order.number),
        )
        .join(Variant, Variant.id == StockMovement.variant_id)
        .outerjoin(Location, Location.id == StockMovement.location_id)
        .outerjoin(Order, Order.id == StockMovement.order_id)
        .where(*period.of(StockMovement.created_at))
        .order_by(StockMovement.id)
    )


def _movement(row: Any) -> Sequence[Cell]:
    figures = [getattr(row, name) for name in FIGURES]
    words = (row.reason, row.reference, row.actor, row.number)
    return (moment(row.created_at), row.sku, row.location, row.kind.value, *figures, *words)


def _redirects(period: Period) -> AnySelect:
    del period
    return select(Redirect.path, Redirect.target).order_by(Redirect.path)


def _purchases(period: Period) -> AnySelect:
    line = PurchaseLine
    return (
        select(
            *(Purchase.number, Supplier.name, Location.title, Purchase.status),
            *(Purchase.ordered_at, Purchase.expected_on, Variant.sku, line.quantity),
            *(line.received, line.rejected, Purchase.currency, line.cost_minor),
        )
        .join(Purchase, Purchase.id == line.purchase_id)
        .join(Supplier, Supplier.id == Purchase.supplier_id)
        .join(Location, Location.id == Purchase.location_id)
        .join(Variant, Variant.id == line.variant_id)
        .where(*period.of(Purchase.created_at))
        .order_by(line.id)
    )


def _purchase(row: Any) -> Sequence[Cell]:
    days = (moment(row.ordered_at), row.expected_on.isoformat() if row.expected_on else "")
    units = (row.quantity, row.received, row.rejected)
    cost = amount(row.cost_minor, row.currency)
    state = row.status.value
    return (row.number, row.name, row.title, state, *days, row.sku, *units, row.currency, cost)


_STORES = (
    Table(
        "stock",
        "Stock by variant and location",
        ("sku", "product", "location", "quantity", "reserved", "unavailable", "incoming"),
        _stock,
        _level,
    ),
    Table(
        "stock-movements",
        "Stock movements",
        (
            *("when (UTC)", "sku", "location", "kind", *FIGURES),
            *("reason", "reference", "by", "order"),
        ),
        _movements,
        _movement,
        has_period=True,
    ),
    Table("redirects", "Redirects", ("path", "target"), _redirects, tuple),
    Table(
        "purchases",
        "Purchases",
        (
            *("number", "supplier", "location", "status", "ordered (UTC)", "expected", "sku"),
            *("ordered", "received", "rejected", "currency", "cost"),
        ),
        _purchases,
        _purchase,
        has_period=True,
    ),
)
