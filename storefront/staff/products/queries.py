"""Looking at products as staff do: drafts too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, selectinload

from models import BundlePart, Money, Product, ProductStatus, Stock, Variant
from models.inventory import AVAILABLE
from storefront.paging import Slice, counted, counting
from storefront.staff.listing import PER_PAGE, AnySelect, Sorting, has_words

_PRICE = func.min(Variant.__table__.c["price_minor"])
_AVAILABLE = func.coalesce(func.sum(AVAILABLE), 0)
COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "title": Product.title,
        "status": Product.status,
        "price": _PRICE,
        "available": _AVAILABLE,
        "updated": Product.updated_at,
    }
)
SUMS = frozenset({"price", "available"})  # of the columns, those that are reckoned of variants


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A product in the list. price: of its cheapest variant, None where it has none."""

    handle: str
    title: str
    status: ProductStatus
    is_demonstration: bool
    updated_at: datetime
    variant_count: int
    price: Money | None
    available: int


def products(session: Session, words: str, sorting: Sorting, page: int) -> Slice[ProductLine]:
    """Return a page of products whose title or handle holds the words, in two queries.

    Variants and stock are looked at of those on it alone, but where the list is sorted by them.
    """
    sliced = counted(session, counting(_wanted(words)), page, PER_PAGE)
    all_ = listed(words) if sorting.name in SUMS else _wanted(words)
    keys = sorting.applied(all_, Product.id).with_only_columns(Product.id)
    shown = listed("").where(Product.id.in_(keys.limit(PER_PAGE).offset(sliced.offset)))
    rows = session.execute(sorting.applied(shown, Product.id))
    sliced.items.extend(map(_line, rows))
    return sliced


def listed(words: str) -> AnySelect:
    """Return the statement of the list."""
    return (
        select(
            Product.handle,
            Product.title,
            Product.status,
            Product.is_demonstration,
            Product.updated_at,
            func.count(Variant.id).label("variant_count"),
            _PRICE.label("price_minor"),
            func.min(Variant.__table__.c["price_currency"]).label("currency"),
            _AVAILABLE.label("available"),
        )
        .outerjoin(Variant, Variant.product_id == Product.id)
        .outerjoin(Stock, Stock.variant_id == Variant.id)
        .where(*_named(words))
        .group_by(Product.id)
    )


def _wanted(words: str) -> AnySelect:
    return select(Product.id).where(*_named(words))


def _named(words: str) -> tuple[ColumnElement[bool], ...]:
    return (has_words(words, Product.title, Product.handle),) if words else ()


def product(session: Session, handle: str, *, to_change: bool = False) -> Product | None:
    """Return a product as it is now, with its variants, their prices and parts.

    It is locked where it is about to change.
    """
    wanted = select(Product).where(Product.handle == handle)
    if to_change:
        wanted = wanted.with_for_update(key_share=True)  # what refers to it need not wait
    variants, images = selectinload(Product.variants), selectinload(Product.images)
    parts = variants.selectinload(Variant.parts).joinedload(BundlePart.part)
    return session.scalars(
        wanted.options(images, variants.selectinload(Variant.prices), parts).execution_options(
            populate_existing=True
        )
    ).one_or_none()


def stock_of(session: Session, of: Product) -> dict[int, Stock]:
    """Return the stock of a product's variants as it is now, by their ids."""
    ids = [variant.id for variant in of.variants]
    found = select(Stock).where(Stock.variant_id.in_(ids))
    rows = session.scalars(found.execution_options(populate_existing=True))
    return {row.variant_id: row for row in rows}


def _line(row: Any) -> ProductLine:
    price = None if row.price_minor is None else Money(row.price_minor, row.currency)
    return ProductLine(
        handle=row.handle,
        title=row.title,
        status=row.status,
        is_demonstration=row.is_demonstration,
        updated_at=row.updated_at,
        variant_count=row.variant_count,
        price=price,
        available=int(row.available),
    )
