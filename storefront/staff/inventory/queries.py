"""Looking at stock; the same number of queries however many variants there are."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import case, exists, func, literal, select
from sqlalchemy.orm import Session, aliased

from models import (
    BundlePart,
    Location,
    Product,
    ProductKind,
    Selling,
    Stock,
    StockLevel,
    Variant,
)
from models.inventory import AVAILABLE, FIGURES_AT
from models.placement import IN_ORDER
from models.stock_alert import waiting_for
from storefront.paging import Slice
from storefront.staff.inventory.wanted import Wanted
from storefront.staff.listing import AnySelect, Sorting, page_of

_ON_HAND = func.coalesce(Stock.on_hand, 0)
_RESERVED = func.coalesce(Stock.reserved, 0)
_UNAVAILABLE = func.coalesce(Stock.unavailable, 0)
_BACKORDERED = func.coalesce(Stock.backordered, 0)
_INCOMING = func.coalesce(Stock.incoming, 0)
_IS_GOODS = Product.kind == ProductKind.GOODS
_IS_BUNDLE = exists().where(BundlePart.bundle_id == Variant.id)


def _available_of(stock: Any) -> Any:
    return stock.on_hand - stock.reserved - stock.unavailable - stock.backordered


_PART_STOCK = aliased(Stock)
_OF_PART = func.coalesce(_available_of(_PART_STOCK), 0)
# How many of a bundle the stock of its parts makes.
_MAKES = (
    select(func.min(case((_OF_PART > 0, _OF_PART), else_=0) // BundlePart.quantity))
    .outerjoin(_PART_STOCK, _PART_STOCK.variant_id == BundlePart.part_id)
    .where(BundlePart.bundle_id == Variant.id)
    .scalar_subquery()
)
_AVAILABLE = case((_IS_BUNDLE, _MAKES), else_=func.coalesce(AVAILABLE, 0))
_NAMED = {"sku": Variant.sku, "product": Product.title, "mark": Variant.low_at}
COLUMNS: Mapping[str, Any] = MappingProxyType(
    _NAMED
    | {
        "on_hand": _ON_HAND,
        "reserved": _RESERVED,
        "unavailable": _UNAVAILABLE,
        "backordered": _BACKORDERED,
        "available": _AVAILABLE,
        "incoming": _INCOMING,
    }
)
# Of what lies at one location: what is backordered lies nowhere, and what is free is available.
COLUMNS_AT: Mapping[str, Any] = MappingProxyType(
    _NAMED
    | {figure: func.coalesce(getattr(StockLevel, figure), 0) for figure in FIGURES_AT}
    | {"backordered": literal(0), "available": func.coalesce(StockLevel.free, 0)}
)


@dataclass(frozen=True, slots=True)
class VariantStock:
    """A variant and how many units of it there are.

    available: can be sold now, negative where more are backordered; of a bundle, as many as the
    stock of its parts makes; at one location, what is free there. low_at: its mark, see Variant.
    """

    id: int
    sku: str
    options: list[str]
    product_title: str
    product_handle: str
    on_hand: int
    reserved: int
    unavailable: int
    backordered: int
    incoming: int
    available: int
    is_bundle: bool
    selling: Selling
    low_at: int | None

    @property
    def is_low(self) -> bool:
        """Whether some are left, but no more than its mark."""
        return self.low_at is not None and 0 < self.available <= self.low_at

    @property
    def shortage(self) -> str:
        """What there is to know where nothing is available, in a word; empty where something is."""
        if self.available > 0:
            return ""
        if self.available < 0:
            return "Owed"
        return "Sold out" if self.selling is Selling.IN_STOCK else self.selling.capitalize()

    @property
    def free(self) -> int:
        """Units on hand that are neither promised to an order nor unavailable."""
        return self.on_hand - self.reserved - self.unavailable


@dataclass(frozen=True, slots=True)
class PartOfBundle:
    """A variant that a bundle holds. quantity: units in one bundle; available: as of now."""

    sku: str
    product_title: str
    options: list[str]
    quantity: int
    available: int


def variants(session: Session, wanted: Wanted, sorting: Sorting, page: int) -> Slice[VariantStock]:
    """Return a page of the variants that are wanted, in two queries."""
    sliced = page_of(session, sorting.applied(listed(wanted), Variant.id), page)
    sliced.items[:] = [VariantStock(*row) for row in sliced.items]
    return sliced


def listed(wanted: Wanted) -> AnySelect:
    """Return the statement of the list; a row is what a VariantStock is made of.

    Gift cards are not in it: no stock is kept of them.
    """
    return _variants(wanted.location_id).where(_IS_GOODS, *wanted.conditions())


def columns(location_id: int | None) -> Mapping[str, Any]:
    """Return what a list can be sorted by, in all or at one location."""
    return COLUMNS if location_id is None else COLUMNS_AT


def stocked(session: Session, location_id: int | None = None) -> list[VariantStock]:
    """Return every variant that has a stock of its own, by its SKU: bundles and cards have none.

    location_id: with the figures of this location, else of all.
    """
    found = _variants(location_id).where(_IS_GOODS, ~_IS_BUNDLE).order_by(Variant.sku)
    return [VariantStock(*row) for row in session.execute(found)]


def variant(session: Session, sku: str) -> VariantStock | None:
    """Return a variant with its stock, or None."""
    row = session.execute(_variants().where(Variant.sku == sku)).one_or_none()
    return VariantStock(*row) if row else None


def parts(session: Session, bundle_id: int) -> list[PartOfBundle]:
    """Return what a bundle is made of, with what there is of it."""
    found = (
        select(
            Variant.sku,
            Product.title,
            Variant.options,
            BundlePart.quantity,
            func.coalesce(AVAILABLE, 0),
        )
        .join(Variant, Variant.id == BundlePart.part_id)
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(Stock, Stock.variant_id == Variant.id)
        .where(BundlePart.bundle_id == bundle_id)
        .order_by(Variant.sku)
    )
    return [PartOfBundle(*row) for row in session.execute(found)]


def levels(session: Session, variant_id: int) -> list[tuple[str, StockLevel]]:
    """Return what of a variant lies at each location, with the location's title."""
    found = (
        select(Location.title, StockLevel)
        .join(StockLevel, StockLevel.location_id == Location.id)
        .where(StockLevel.variant_id == variant_id)
        .order_by(*IN_ORDER)
    )
    return [(title, level) for title, level in session.execute(found)]


def _variants(location_id: int | None = None) -> AnySelect:
    names = ("on_hand", "reserved", "unavailable", "backordered", "incoming", "available")
    there = columns(location_id)
    found: AnySelect = (
        select(
            *(Variant.id, Variant.sku, Variant.options, Product.title, Product.handle),
            *(there[name].label(name) for name in names),
            _IS_BUNDLE.label("is_bundle"),
            Variant.selling,
            Variant.low_at,
        )
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(Stock, Stock.variant_id == Variant.id)
    )
    if location_id is None:
        return found
    level = (StockLevel.variant_id == Variant.id) & (StockLevel.location_id == location_id)
    return found.outerjoin(StockLevel, level)


def asked(session: Session, variant_id: int) -> int:
    """Return how many people wait for a mail that says it is back."""
    return sum(row[1] for row in session.execute(waiting_for([variant_id])))
