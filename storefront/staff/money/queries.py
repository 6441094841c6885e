"""Looking at money that does not agree; the same number of queries however much it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session, joinedload

from models import Discrepancy, Dispute, Job, Order, Payment, Refund, RefundStatus, now
from storefront.paging import Slice, slice_of

PER_PAGE = 20
MOST = 100  # shown at once of what is open
LONG = timedelta(days=1)  # after which a refund that has not arrived is worth a look


@dataclass(frozen=True, slots=True)
class Difference:
    """A discrepancy, and the number of the order that it is about."""

    row: Discrepancy
    number: str | None


def open_differences(session: Session) -> list[Difference]:
    """Return what is open, the oldest first, at most MOST of it."""
    found = _differences().where(Discrepancy.resolved_at.is_(None))
    rows = session.execute(found.order_by(Discrepancy.id).limit(MOST))
    return [Difference(*row) for row in rows]


def resolved_differences(session: Session, page: int) -> Slice[Difference]:
    """Return a page of what is resolved, the newest first."""
    is_resolved = Discrepancy.resolved_at.is_not(None)
    total = session.scalar(select(func.count()).select_from(Discrepancy).where(is_resolved)) or 0
    sliced: Slice[Difference] = slice_of(total, page, PER_PAGE)
    found = _differences().where(is_resolved)
    newest = found.order_by(Discrepancy.resolved_at.desc(), Discrepancy.id.desc())
    rows = session.execute(newest.limit(PER_PAGE).offset(sliced.offset))
    sliced.items.extend(Difference(*row) for row in rows)
    return sliced


def open_disputes(session: Session) -> Sequence[Dispute]:
    """Return the disputes that are not decided with their orders, those due first at the head."""
    found = (
        select(Dispute)
        .where(Dispute.closed_at.is_(None))
        .options(joinedload(Dispute.payment).joinedload(Payment.order))
    )
    due_first = found.order_by(Dispute.due_at.is_(None), Dispute.due_at, Dispute.id)
    return session.scalars(due_first.limit(MOST)).all()


def stuck_refunds(session: Session) -> Sequence[Refund]:
    """Return refunds that are long on their way, or failed and their order is not checked yet."""
    waiting = Refund.status.in_([RefundStatus.REQUESTED, RefundStatus.PENDING])
    failed = Refund.status.in_([RefundStatus.FAILED, RefundStatus.CANCELED])
    found = (
        select(Refund)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Order, Order.id == Payment.order_id)
        .where(
            or_(
                and_(waiting, Refund.created_at < now() - LONG),
                and_(failed, Order.attention.is_not(None)),
            )
        )
    )
    shown = found.options(joinedload(Refund.payment).joinedload(Payment.order))
    return session.scalars(shown.order_by(Refund.id).limit(MOST)).all()


def needs_attention(session: Session) -> int:
    """Return how many orders staff must look at."""
    found = select(func.count()).select_from(Order).where(Order.attention.is_not(None))
    return session.scalar(found) or 0


def last_reconciled(session: Session) -> Job | None:
    """Return the newest job that held Stripe's books against ours, and was done."""
    done = select(Job).where(Job.kind == "reconcile", Job.done_at.is_not(None))
    return session.scalars(done.order_by(Job.done_at.desc()).limit(1)).one_or_none()


def discrepancy(session: Session, discrepancy_id: int) -> Discrepancy | None:
    """Return a discrepancy, or None."""
    return session.get(Discrepancy, discrepancy_id)


def _differences() -> Select[Discrepancy, str | None]:
    return select(Discrepancy, Order.number).outerjoin(Order, Order.id == Discrepancy.order_id)
