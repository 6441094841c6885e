"""Looking at collections as staff do: unpublished ones too."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.orm import Session

from models import Collection, Product
from models.catalog import collection_products
from storefront.catalog.rules import Rule, matching
from storefront.paging import Slice
from storefront.staff.listing import Sorting, has_words, page_of

MOST_NAMES = 200
MOST_EXAMPLES = 10
_COUNT = func.count(collection_products.c.product_id)
COLUMNS: Mapping[str, Any] = MappingProxyType(
    {"title": Collection.title, "products": _COUNT, "saved": Collection.updated_at}
)


def collections(session: Session, words: str, sorting: Sorting, page: int) -> Slice[Row[Any]]:
    """Return a page of (collection, number of products), in two queries."""
    wanted = (
        select(Collection, _COUNT.label("product_count"))
        .outerjoin(collection_products, collection_products.c.collection_id == Collection.id)
        .group_by(Collection.id)
    )
    if words:
        wanted = wanted.where(has_words(words, Collection.title, Collection.handle))
    return page_of(session, sorting.applied(wanted, Collection.id), page)


def collection(session: Session, handle: str, *, to_change: bool = False) -> Collection | None:
    """Return a collection as it is now, locked where it is about to change."""
    wanted = select(Collection).where(Collection.handle == handle)
    if to_change:
        wanted = wanted.with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def members(session: Session, of: Collection) -> list[Row[Any]]:
    """Return (id, handle, title, status) of a collection's products, in their order."""
    wanted = (
        select(Product.id, Product.handle, Product.title, Product.status)
        .join(collection_products, collection_products.c.product_id == Product.id)
        .where(collection_products.c.collection_id == of.id)
        .order_by(collection_products.c.position, Product.id)
    )
    return list(session.execute(wanted))


def examples(session: Session, rule: Rule) -> Sequence[str]:
    """Return the titles of the first products that a rule finds."""
    wanted = select(Product.title).where(Product.id.in_(matching(rule))).order_by(Product.id)
    return session.scalars(wanted.limit(MOST_EXAMPLES)).all()


def names(session: Session) -> dict[str, list[tuple[str, str]]]:
    """Return what may be added to a collection, by handle and title."""
    wanted = select(Product.handle, Product.title).order_by(Product.title).limit(MOST_NAMES)
    return {"Products": [(row[0], row[1]) for row in session.execute(wanted)]}
