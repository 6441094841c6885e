"""Asking buyers for a review, once, some days after their order arrived or left."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, exists, func, literal, select
from sqlalchemy.orm import Session, selectinload

from models import (
    Fulfilment,
    Mail,
    MailStop,
    Order,
    OrderLine,
    OrderStatus,
    Product,
    Review,
    Stoppable,
    now,
)
from models.comeback import is_kept
from models.once import claim
from storefront.alerts.mails import AlertMails
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload
from storefront.mail.outbox import withhold
from storefront.orders.queries import shipped

KIND = "invite-reviews"  # of the job
BATCH = 50
LATEST = timedelta(days=30)  # afterwards nobody is asked any more, as when it was switched on late


def stop(session: Session, number: str) -> bool:
    """Let the buyer of an order be asked no more, for this order or another; twice is fine."""
    email = session.scalar(select(Order.email).where(Order.number == number))
    if not email:
        return False
    claim(session, MailStop(email=email, kind=Stoppable.REVIEW_INVITATION))
    withhold(session, f"review_invitation:{number}")
    return True


class Inviting:
    """Does the job of ``KIND``."""

    def __init__(self, mails: AlertMails, after_days: int) -> None:
        """Remember who writes the mails, and after how many days; 0 asks nobody."""
        self._mails, self._after_days = mails, after_days

    def invite(self, sessions: Sessions, payload: Payload) -> Effect:
        """Write the invitations that are due, at most BATCH in a round."""
        del sessions, payload
        return self._write

    def _write(self, session: Session) -> None:
        if not self._after_days:
            return
        latest = now() - timedelta(days=self._after_days)
        wanted = select(Order).where(*_is_due(latest)).order_by(Order.id).limit(BATCH)
        for order in session.scalars(wanted.options(selectinload(Order.lines))).all():
            if products := _not_reviewed(session, order):
                self._mails.review_invitation(session, order, products)


def _is_due(latest: datetime) -> tuple[ColumnElement[bool], ...]:
    """Return which orders of goods arrived, or left, long enough ago, whole, and were not asked."""
    arrived = func.coalesce(Fulfilment.delivered_at, Fulfilment.created_at)
    last = select(func.max(arrived)).where(Fulfilment.order_id == Order.id).scalar_subquery()
    goods = exists().where(
        OrderLine.order_id == Order.id,
        OrderLine.shipped_quantity > 0,
        OrderLine.is_gift_card.is_(False),
    )
    asked = Mail.key == literal("review_invitation:", String) + Order.number
    stopped = (MailStop.email == Order.email) & (MailStop.kind == Stoppable.REVIEW_INVITATION)
    return (
        Order.status == OrderStatus.SHIPPED,
        Order.email.is_not(None),
        Order.email != "",
        last <= latest,
        last > latest - LATEST,
        goods,
        is_kept(),
        ~exists().where(Review.order_id == Order.id),
        ~exists().where(asked),
        ~exists().where(stopped),
    )


def _not_reviewed(session: Session, order: Order) -> Sequence[Product]:
    """Return what came with an order and is sold still, of which its buyer said nothing yet."""
    said = select(Review.product_id).join(Order).where(Order.email == order.email)
    reviewed = set(session.scalars(said))
    return [it for it in shipped(session, order) if it.is_sold and it.id not in reviewed]
