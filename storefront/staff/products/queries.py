"""Looking at products as staff do: drafts too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from models import BundlePart, Money, Product, ProductStatus, Stock, Variant
from models.inventory import AVAILABLE
from storefront.paging import Slice
from storefront.staff.listing import AnySelect, Sorting, has_words, page_of

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
    """Return a page of products whose title or handle holds the words, in two queries."""
    sliced = page_of(session, sorting.applied(listed(words), Product.id), page)
    sliced.items[:] = [_line(row) for row in sliced.items]
    return sliced


def listed(words: str) -> AnySelect:
    """Return the statement of the list."""
    wanted = (
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
        .group_by(Product.id)
    )
    if words:
        wanted = wanted.where(has_words(words, Product.title, Product.handle))
    return wanted


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
