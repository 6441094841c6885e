"""Looking at reviews as staff do: those that nobody else sees, too."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import Product, Review, ReviewStatus
from storefront.paging import Slice
from storefront.staff.listing import Sorting, has_words, tally_by, things_of

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {"written": Review.created_at, "name": Review.name, "stars": Review.stars}
)


def reviews(
    session: Session, status: ReviewStatus | None, words: str, sorting: Sorting, page: int
) -> Slice[Review]:
    """Return a page of reviews with their products, in two queries.

    status: None for all. words: part of a name, a text or a product's title.
    """
    wanted = select(Review).join(Review.product)
    if status is not None:
        wanted = wanted.where(Review.status == status)
    if words:
        wanted = wanted.where(
            has_words(words, Review.name, Review.title, Review.text, Product.title)
        )
    product = joinedload(Review.product).load_only(Product.title, Product.handle)
    return things_of(session, sorting.applied(wanted, Review.id), page, product)


def counts(session: Session) -> dict[str, str]:
    """Return in words how many reviews are in each state, by its name; and ``all``."""
    return tally_by(session, Review.status, ReviewStatus)


def review(session: Session, review_id: int, *, to_change: bool = False) -> Review | None:
    """Return a review as it is now, with product and order; locked where it is about to change."""
    wanted = select(Review).where(Review.id == review_id)
    if to_change:
        wanted = wanted.with_for_update(of=Review)
    options = (joinedload(Review.product), joinedload(Review.order), joinedload(Review.region))
    return session.scalars(
        wanted.options(*options).execution_options(populate_existing=True)
    ).one_or_none()
