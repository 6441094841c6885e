"""What needs doing, counted; one query however much it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Comment, CommentStatus, Discrepancy, Dispute, Order, OrderStatus, Verification
from storefront.payments.attempts import counted


@dataclass(frozen=True, slots=True)
class ToDo:
    """How much needs doing.

    to_ship: paid orders that nothing holds. next_due: until when the first dispute can be answered.
    limits: those that refuse attempts to pay now. comments: those that wait to be read.
    """

    to_ship: int
    attention: int
    discrepancies: int
    disputes: int
    next_due: datetime | None
    limits: int
    comments: int


def to_do(session: Session, limits: Mapping[str, tuple[int, int]]) -> ToDo:
    """Return what needs doing now, in two queries."""
    orders = select(func.count()).select_from(Order)
    open_disputes = Dispute.closed_at.is_(None)
    row = session.execute(
        select(
            orders.where(Order.status == OrderStatus.PAID, Order.attention.is_(None))
            .scalar_subquery()
            .label("to_ship"),
            orders.where(Order.attention.is_not(None)).scalar_subquery().label("attention"),
            select(func.count())
            .select_from(Discrepancy)
            .where(Discrepancy.resolved_at.is_(None))
            .scalar_subquery()
            .label("discrepancies"),
            select(func.count(Dispute.id)).where(open_disputes).scalar_subquery().label("disputes"),
            select(func.min(Dispute.due_at)).where(open_disputes).scalar_subquery().label("due"),
            select(func.count(Comment.id))
            .where(Comment.status == CommentStatus.WAITING)
            .scalar_subquery()
            .label("comments"),
        )
    ).one()
    reached = sum(it.is_over for it in counted(session, limits))
    return ToDo(row[0], row[1], row[2], row[3], row[4], reached, row[5])


def newest_verification(session: Session, *, with_stripe: bool = False) -> Verification | None:
    """Return the newest run of ``verify``; of those that asked Stripe, where so wanted."""
    found = select(Verification).order_by(Verification.id.desc()).limit(1)
    if with_stripe:
        found = found.where(Verification.asked_stripe)
    return session.scalars(found).one_or_none()
