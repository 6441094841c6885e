"""What visitors see of reviews: those that are published, and their mean; nothing is invented."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from models import Region, Review, ReviewStatus, SentPicture
from models.review import MOST_STARS
from storefront.paging import Slice, slice_of

Pictures: TypeAlias = Mapping[int, Sequence[SentPicture]]
NEWEST = 3  # on the product's own page
PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class Verdict:
    """What all published reviews of a product come to. stars: their sum; newest: some of them.

    pictures: of those, by the review's id.
    """

    count: int = 0
    stars: int = 0
    newest: Sequence[Review] = field(default=())
    pictures: Pictures = field(default_factory=dict)

    @property
    def mean(self) -> Decimal:
        """The mean of the stars to one place, half up; there must be a review."""
        return (Decimal(self.stars) / self.count).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Spread:
    """How a product's reviews are spread: how many by their stars, and by where it hurt."""

    by_stars: Mapping[int, int]
    by_region: Sequence[tuple[Region, int]]

    @property
    def verdict(self) -> Verdict:
        """What they come to."""
        sums = sum(stars * count for stars, count in self.by_stars.items())
        return Verdict(sum(self.by_stars.values()), sums)


def spread(session: Session, product_id: int) -> Spread:
    """Return how a product's reviews are spread, in two queries."""
    stars = select(Review.stars, func.count()).where(*seen(product_id)).group_by(Review.stars)
    found = {row[0]: row[1] for row in session.execute(stars)}
    count = func.count(Review.id)
    regions = (
        select(Region, count)
        .join(Review, Review.region_id == Region.id)
        .where(*seen(product_id))
        .group_by(Region.id)
        .order_by(Region.position, Region.id)
    )
    return Spread(
        {n: found.get(n, 0) for n in range(MOST_STARS, 0, -1)},
        [(row[0], row[1]) for row in session.execute(regions)],
    )


def reviews(session: Session, product_id: int, region: Region | None, page: int) -> Slice[Review]:
    """Return a page of a product's reviews, newest first, in two queries.

    region: only of those whom it hurt there; None is all.
    """
    which = [*seen(product_id), *([Review.region_id == region.id] if region else [])]
    total = session.scalar(select(func.count(Review.id)).where(*which)) or 0
    found: Slice[Review] = slice_of(total, page, PER_PAGE)
    wanted = select(Review).where(*which).options(joinedload(Review.region))
    ordered = wanted.order_by(*order(Review))
    found.items.extend(session.scalars(ordered.offset(found.offset).limit(PER_PAGE)))
    return found


def pictures(session: Session, reviews: Sequence[Review]) -> Pictures:
    """Return the published pictures of each of these reviews, by its id, in one query."""
    wanted = select(SentPicture).where(
        SentPicture.review_id.in_([it.id for it in reviews]), SentPicture.published_at.is_not(None)
    )
    return by_review(reviews, session.scalars(wanted.order_by(SentPicture.id)))


def by_review(reviews: Sequence[Review], pictures: Iterable[SentPicture]) -> Pictures:
    """Return the pictures of each review, by its id."""
    found: dict[int, list[SentPicture]] = {review.id: [] for review in reviews}
    for picture in pictures:
        found[picture.review_id or 0].append(picture)
    return found


def seen(product_id: Any, of: type[Review] = Review) -> tuple[ColumnElement[bool], ...]:
    """Return which reviews visitors see of a product."""
    return of.product_id == product_id, of.status == ReviewStatus.PUBLISHED


def order(of: type[Review]) -> tuple[Any, ...]:
    """Return the order in which they are shown: newest first."""
    return of.published_at.desc(), of.id.desc()
