"""Taking a review, and taking it back."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, update
from sqlalchemy.orm import Session

from models import Mail, Order, Product, Review, ReviewStatus, now
from models.once import claim

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


def post(session: Session, order: Order, product: Product, draft: Draft) -> None:
    """Take what the buyer of an order says of a product that left with it, to be read by staff.

    What she said of it before gives way to it, and is not shown meanwhile.
    """
    said = {
        "stars": draft.stars,
        "title": draft.title,
        "text": draft.text,
        "name": draft.name,
        "region_id": draft.region_id,
        "weeks": draft.weeks,
    }
    if claim(session, Review(order_id=order.id, product_id=product.id, **said)):
        return
    session.execute(
        update(Review)
        .where(Review.order_id == order.id, Review.product_id == product.id)
        .values(status=ReviewStatus.WAITING, version=Review.version + 1, **said)
        .execution_options(synchronize_session=False)
    )


def withdraw(session: Session, which: ColumnElement[bool]) -> int:
    """Forget who wrote some reviews and what; return how many. What the shop answered goes, too."""
    found = session.scalars(
        update(Review)
        .where(which, Review.status != ReviewStatus.WITHDRAWN)
        .values(version=Review.version + 1, answer="", answered_by="", **WITHDRAWN)
        .returning(Review.id)
        .execution_options(synchronize_session=False)
    ).all()
    keys = [f"{name}:{it}" for it in found for name in ("review_published", "review_answered")]
    session.execute(
        update(Mail)
        .where(Mail.key.in_(keys))
        .values(recipient="", text="", html="", sent_at=func.coalesce(Mail.sent_at, now()))
        .execution_options(synchronize_session=False)
    )
    return len(found)
