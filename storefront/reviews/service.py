"""Taking a review, and taking it back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from models import Mail, Order, Product, Review, ReviewStatus, SentPicture, now
from models.language import language
from models.once import claim
from storefront.sent_pictures import service as sent_pictures

WITHDRAWN = {
    "status": ReviewStatus.WITHDRAWN,
    "name": "",
    "title": "",
    "text": "",
    "region_id": None,
    "weeks": None,
}


@dataclass(frozen=True, slots=True)
class Draft:
    """A review as it was typed. stars: 1 to 5; weeks: of use, None where it is not said."""

    stars: int
    title: str
    text: str
    name: str
    region_id: int | None
    weeks: int | None


def post(
    session: Session,
    order: Order,
    product: Product,
    draft: Draft,
    pictures: Sequence[SentPicture] = (),
) -> None:
    """Take what the buyer of an order says of a product that left with it, to be read by staff.

    What she said of it before gives way to it, and is not shown meanwhile; so do the pictures that
    she sent with it where there are new ones. pictures: whose files are kept. Raises
    TooManyPicturesError, as ``sent_pictures.enter`` does.
    """
    said = {
        "stars": draft.stars,
        "title": draft.title,
        "text": draft.text,
        "name": draft.name,
        "region_id": draft.region_id,
        "weeks": draft.weeks,
        "language": language(),
    }
    review = Review(order_id=order.id, product_id=product.id, **said)
    if claim(session, review):
        sent_pictures.enter(session, order, pictures, review_id=review.id)
        return
    review_id = session.scalars(
        update(Review)
        .where(Review.order_id == order.id, Review.product_id == product.id)
        .values(status=ReviewStatus.WAITING, version=Review.version + 1, **said)
        .returning(Review.id)
        .execution_options(synchronize_session=False)
    ).one()
    if pictures:
        sent_pictures.remove(session, SentPicture.review_id == review_id)
        sent_pictures.enter(session, order, pictures, review_id=review_id)
    sent_pictures.publish(session, review_id, is_public=False)


def drop_pictures(session: Session, order: Order, product: Product) -> None:
    """Take the pictures of a review away; its words stay."""
    hers = select(Review.id).where(Review.order_id == order.id, Review.product_id == product.id)
    sent_pictures.remove(session, SentPicture.review_id.in_(hers))


def withdraw(session: Session, which: ColumnElement[bool]) -> int:
    """Forget who wrote some reviews and what; return how many. Answers and pictures go, too."""
    found = session.scalars(
        update(Review)
        .where(which, Review.status != ReviewStatus.WITHDRAWN)
        .values(version=Review.version + 1, answer="", answered_by="", **WITHDRAWN)
        .returning(Review.id)
        .execution_options(synchronize_session=False)
    ).all()
    sent_pictures.remove(session, SentPicture.review_id.in_(found))
    keys = [f"{name}:{it}" for it in found for name in ("review_published", "review_answered")]
    session.execute(
        update(Mail)
        .where(Mail.key.in_(keys))
        .values(recipient="", text="", html="", sent_at=func.coalesce(Mail.sent_at, now()))
        .execution_options(synchronize_session=False)
    )
    return len(found)
