"""A product with what its page shows of other tables, in one answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload, undefer
from sqlalchemy.orm.attributes import set_committed_value

from models import (
    Answer,
    AnswerStatus,
    Product,
    ProductImage,
    ProductStatus,
    Question,
    Review,
    SentPicture,
    ShippingRate,
    ShippingZone,
)
from models.apart import apart, gathered
from models.shipping import Zone, zones_of
from storefront.catalog import questions, reviews
from storefront.catalog.questions import Asked
from storefront.catalog.reviews import Verdict, by_review


@dataclass(frozen=True, slots=True)
class Whole:
    """A product's page, but for its variants and what leads to it. zones: where the shop ships."""

    product: Product
    asked: Asked
    verdict: Verdict
    zones: Sequence[Zone]


def whole(session: Session, handle: str) -> Whole | None:
    """Return a product whose page answers, with its pictures; it has a variant.

    One that is no longer sold keeps its page. ``variant_views`` reads its variants.
    """
    found, images, asked, answers, newest, sent, zones, rates, *sums = gathered(
        session, _WHOLE, {"handle": handle}
    )
    if not found:
        return None
    set_committed_value(found[0], "images", images)
    for question in asked:
        own = [it for it in answers if it.question_id == question.id]
        set_committed_value(question, "answers", own)
    count_asked, count, stars = (it[0] for it in sums)  # each row has them
    verdict = Verdict(count, int(stars), newest, by_review(newest, sent))
    return Whole(found[0], Asked(count_asked, asked), verdict, zones_of(zones, rates))


_SOUGHT = (
    select(Product.id)
    .where(
        Product.handle == bindparam("handle"),
        or_(*(Product.status == it for it in ProductStatus.shown())),
        Product.variants.any(),
    )
    .cte("sought")
)
_ID: Any = select(_SOUGHT.c.id).scalar_subquery()
_REVIEW, _QUESTION = aliased(Review), aliased(Question)
_FIRST = (
    select(_QUESTION.id)
    .where(*questions.seen(_ID, _QUESTION))
    .order_by(*questions.order(_QUESTION))
    .limit(questions.FIRST)
)
_NEWEST = (
    select(_REVIEW.id)
    .where(*reviews.seen(_ID, _REVIEW))
    .order_by(*reviews.order(_REVIEW))
    .limit(reviews.NEWEST)
)
_COUNTS = (
    select(func.count()).where(*questions.seen(_ID, _QUESTION)),
    select(func.count()).where(*reviews.seen(_ID, _REVIEW)),
    select(func.coalesce(func.sum(_REVIEW.stars), 0)).where(*reviews.seen(_ID, _REVIEW)),
)
_PUBLISHED = Answer.status == AnswerStatus.PUBLISHED
_WHOLE = (
    apart(
        (Product, Product.id == _ID, (Product.id,)),
        (ProductImage, ProductImage.product_id == _ID, (ProductImage.position,)),
        (Question, Question.id.in_(_FIRST), questions.order(Question)),
        (Answer, Answer.question_id.in_(_FIRST) & _PUBLISHED, (Answer.id,)),
        (Review, Review.id.in_(_NEWEST), reviews.order(Review)),
        (
            SentPicture,
            SentPicture.review_id.in_(_NEWEST) & SentPicture.published_at.is_not(None),
            (SentPicture.id,),
        ),
        (ShippingZone, true(), (ShippingZone.id,)),
        (ShippingRate, true(), (ShippingRate.position, ShippingRate.id)),
    )
    .add_columns(*(it.scalar_subquery() for it in _COUNTS))
    .options(joinedload(Review.region), undefer(ShippingZone.codes))
)
