"""Payments that a buyer's bank wants back, as Stripe tells of them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Dispute, Order, Payment, now
from models.once import claim
from models.order_lock import lock
from storefront.formatting import day
from storefront.payments.gateway import ToldDispute
from storefront.payments.outcome import hold, let_go, note_event
from storefront.payments.refund_notes import UnknownPaymentError

# Source: docs.stripe.com/api/disputes/object, status
WON = frozenset({"won", "warning_closed", "prevented"})
FINAL = WON | {"lost"}
DECIDED = FINAL - {"warning_closed"}


def note(session: Session, told: ToldDispute) -> Dispute:
    """Write what Stripe says of a dispute; safe any number of times, in any order of events.

    What is decided stays so, whatever comes late. Raises UnknownPaymentError, and changes
    nothing, where the payment is not this shop's.
    """
    order, payment = _locked(session, told)
    dispute = _known(session, told) or _opened(session, order, payment, told)
    if dispute.status in DECIDED and told.status not in DECIDED:
        return dispute
    before = _flag(dispute)
    is_news = dispute.status != told.status
    dispute.status, dispute.taken_minor = told.status, told.taken_minor
    dispute.due_at = told.due_at
    if told.status in FINAL:
        let_go(session, order, before)
        if is_news:
            _close(session, order, dispute)
    elif is_news or _flag(dispute) != before:
        dispute.closed_at = None  # an inquiry that was closed may become a dispute after all
        if _flag(dispute) != before:
            let_go(session, order, before)
        hold(session, order, _flag(dispute))
    session.flush()
    return dispute


def _locked(session: Session, told: ToldDispute) -> tuple[Order, Payment]:
    payment = None
    if told.payment_intent_id:
        found = select(Payment).where(Payment.payment_intent_id == told.payment_intent_id)
        payment = session.scalars(found).one_or_none()
    if payment is None:
        raise UnknownPaymentError(told.payment_intent_id)
    return lock(session, payment.order_id), payment


def _known(session: Session, told: ToldDispute) -> Dispute | None:
    found = select(Dispute).where(Dispute.dispute_id == told.dispute_id)
    return session.scalars(found.execution_options(populate_existing=True)).one_or_none()


def _opened(session: Session, order: Order, payment: Payment, told: ToldDispute) -> Dispute:
    dispute = Dispute(
        dispute_id=told.dispute_id,
        payment_id=payment.id,
        status="",
        amount=told.amount,
        reason=told.reason,
        due_at=told.due_at,
    )
    if not claim(session, dispute):  # the order's lock makes this unlikely, not impossible
        return session.scalars(select(Dispute).where(Dispute.dispute_id == told.dispute_id)).one()
    note_event(session, order, "disputed", f"{told.amount}: {told.reason}")
    return dispute


def _close(session: Session, order: Order, dispute: Dispute) -> None:
    dispute.closed_at = now()
    is_won = dispute.status in WON
    note_event(session, order, f"dispute {'won' if is_won else 'lost'}", str(dispute.amount))
    if not is_won:
        hold(session, order, f"A dispute was lost: {dispute.amount} went back to the buyer.")


def _flag(dispute: Dispute) -> str:
    """Return what staff read of a dispute that is open."""
    what = f"The buyer's bank disputes {dispute.amount}."
    if not dispute.status.endswith("needs_response"):
        return f"{what} It has our answer and decides."
    due = f" by {day(dispute.due_at)}" if dispute.due_at else ""
    return f"{what} Answer in Stripe's dashboard{due}."
