"""Payments that a buyer's bank wants back, as Stripe tells of them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Dispute, Order, Payment, now
from models.once import claim
from storefront.formatting import day
from storefront.payments.gateway import ToldDispute
from storefront.payments.outcome import hold, let_go, note_event
from storefront.payments.refund_notes import UnknownPaymentError

# Source: docs.stripe.com/api/disputes/object, status
WON = frozenset({"won", "warning_closed", "prevented"})
FINAL = WON | {"lost"}


def note(session: Session, told: ToldDispute) -> Dispute:
    """Write what Stripe says of a dispute; safe any number of times, in any order of events.

    Raises UnknownPaymentError, and changes nothing, where the payment is not this shop's.
    """
    order, payment = _locked(session, told)
    dispute = _known(session, told) or _opened(session, order, payment, told)
    if dispute.status != told.status and told.status in FINAL:
        _close(session, order, dispute, told)
    dispute.status, dispute.taken_minor = told.status, told.taken_minor
    dispute.due_at = told.due_at
    session.flush()
    return dispute


def _locked(session: Session, told: ToldDispute) -> tuple[Order, Payment]:
    payment = None
    if told.payment_intent_id:
        found = select(Payment).where(Payment.payment_intent_id == told.payment_intent_id)
        payment = session.scalars(found).one_or_none()
    if payment is None:
        raise UnknownPaymentError(told.payment_intent_id)
    locked = select(Order).where(Order.id == payment.order_id).with_for_update()
    return session.scalars(locked.execution_options(populate_existing=True)).one(), payment


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
    if told.status not in FINAL:
        hold(session, order, _flag(dispute))
    return dispute


def _close(session: Session, order: Order, dispute: Dispute, told: ToldDispute) -> None:
    dispute.closed_at = now()
    outcome = "won" if told.status in WON else "lost"
    note_event(session, order, f"dispute {outcome}", str(told.amount))
    let_go(session, order, _flag(dispute))
    if outcome == "lost":
        hold(session, order, f"A dispute was lost: {told.amount} went back to the buyer.")


def _flag(dispute: Dispute) -> str:
    due = f" by {day(dispute.due_at)}" if dispute.due_at else ""
    return f"The buyer's bank disputes {dispute.amount}. Answer in Stripe's dashboard{due}."
