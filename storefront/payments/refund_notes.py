"""What Stripe tells of refunds, ours or the dashboard's."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import (
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    Refund,
    RefundLine,
    RefundStatus,
    now,
)
from models.order_lock import lock
from models.refund import COUNTED
from storefront.documents.issuing import issue_credit_note
from storefront.mail.letters import Letters
from storefront.payments.gateway import ToldRefund
from storefront.payments.outcome import ACTOR, hold, let_go, note_event
from storefront.payments.refunds import by_key

STATUS = {  # Source: docs.stripe.com/api/refunds/object, status
    "pending": RefundStatus.PENDING,
    "requires_action": RefundStatus.PENDING,
    "succeeded": RefundStatus.SUCCEEDED,
    "failed": RefundStatus.FAILED,
    "canceled": RefundStatus.CANCELED,
}
DO_NOT_SHIP = "Refunded in full in Stripe's dashboard: do not ship it."


class UnknownPaymentError(Exception):
    """A refund or dispute of a payment that is not this shop's."""


def note(session: Session, told: ToldRefund, letters: Letters) -> Refund:
    """Write what Stripe says of a refund, ours or the dashboard's; safe any number of times.

    What was told late does not undo what is final. Raises UnknownPaymentError, and changes
    nothing, where the payment is not this shop's.
    """
    order, payment = _locked(session, told)
    refund = _known(session, told)
    if refund is not None and _is_older(refund, told):
        return refund
    was_counted = refund is not None and refund.status in COUNTED
    if refund is None:
        refund = _from_dashboard(session, order, payment, told)
    refund.refund_id = told.refund_id or refund.refund_id
    refund.status = STATUS.get(told.status, RefundStatus.PENDING)
    refund.failure = told.failure
    if refund.status is not RefundStatus.PENDING:
        refund.settled_at = refund.settled_at or now()
    _recount(session, order, payment, refund, was_counted=was_counted)
    session.flush()
    if refund.status in COUNTED:
        letters.refunded(session, order, refund)
    if refund.status is RefundStatus.SUCCEEDED:
        issue_credit_note(session, order, refund, zone=letters.zone, actor=refund.actor)
    return refund


def _is_older(refund: Refund, told: ToldRefund) -> bool:
    """Say whether this was asked before what is known already: a refund never goes back.

    A failure of which Stripe never spoke, such as of a request that no longer fitted, is not final.
    """
    if refund.status is RefundStatus.SUCCEEDED:
        return STATUS.get(told.status) is RefundStatus.PENDING
    return refund.status not in COUNTED and refund.refund_id is not None


def _locked(session: Session, told: ToldRefund) -> tuple[Order, Payment]:
    """Return order and payment, the order's row locked first."""
    known = by_key(session, told.key) if told.key else None
    found = select(Payment.id, Payment.order_id)
    if known is not None:
        ids = session.execute(found.where(Payment.id == known.payment_id)).one_or_none()
    else:
        by_intent = found.where(Payment.payment_intent_id == told.payment_intent_id)
        ids = session.execute(by_intent).one_or_none() if told.payment_intent_id else None
    if ids is None:
        raise UnknownPaymentError(told.payment_intent_id)
    order = lock(session, ids.order_id)
    return order, session.get_one(Payment, ids.id, populate_existing=True)


def _known(session: Session, told: ToldRefund) -> Refund | None:
    found = select(Refund).execution_options(populate_existing=True)
    refund = None
    if told.refund_id:
        by_id = found.where(Refund.refund_id == told.refund_id)
        refund = session.scalars(by_id).one_or_none()
    if refund is None and told.key:
        refund = session.scalars(found.where(Refund.key == told.key)).one_or_none()
    return refund


def _from_dashboard(session: Session, order: Order, payment: Payment, told: ToldRefund) -> Refund:
    """Write a refund that was not asked for here; it is a fact, and is counted by ``_recount``."""
    refund = Refund(
        payment_id=payment.id,
        key=f"stripe-{told.refund_id}"[:80],
        refund_id=told.refund_id,
        amount=told.amount,
        reason=told.reason,
        note="Made in Stripe's dashboard",
        actor=ACTOR,
    )
    session.add(refund)
    note_event(session, order, "refund", f"{told.amount}, made in Stripe's dashboard.")
    return refund


def _recount(
    session: Session, order: Order, payment: Payment, refund: Refund, *, was_counted: bool
) -> None:
    """Keep the payment's sum in step; its row is locked."""
    is_counted = refund.status in COUNTED
    if is_counted and not was_counted:
        _make_room(session, payment, refund)
        payment.refunded_minor += refund.amount.minor
    if was_counted and not is_counted:
        payment.refunded_minor -= refund.amount.minor
        _uncount_units(session, refund)
        let_go(session, order, DO_NOT_SHIP)
        hold(session, order, f"A refund of {refund.amount} failed. Ask the buyer how to pay it.")
    _watch_shipping(session, order, payment, refund)


def _make_room(session: Session, payment: Payment, fact: Refund) -> None:
    """Give up requests of ours that can no longer be granted beside what Stripe has done."""
    waiting = session.scalars(
        select(Refund)
        .where(
            Refund.payment_id == payment.id,
            Refund.status == RefundStatus.REQUESTED,
            Refund.key != fact.key,
        )
        .order_by(Refund.id.desc())
    ).all()
    for refund in waiting:
        if payment.refunded_minor + fact.amount.minor <= payment.captured_minor:
            return
        refund.status, refund.failure = RefundStatus.FAILED, "no longer fits"
        payment.refunded_minor -= refund.amount.minor
        _uncount_units(session, refund)


def _uncount_units(session: Session, refund: Refund) -> None:
    for line in session.scalars(select(RefundLine).where(RefundLine.refund_id == refund.id)):
        session.execute(
            update(OrderLine)
            .where(OrderLine.id == line.order_line_id)
            .values(
                refunded_quantity=OrderLine.refunded_quantity - line.quantity,
                cancelled_quantity=OrderLine.cancelled_quantity - line.cancelled,
            )
            .execution_options(synchronize_session=False)
        )


def _watch_shipping(session: Session, order: Order, payment: Payment, refund: Refund) -> None:
    """Keep staff from shipping what has been refunded in full elsewhere."""
    is_from_dashboard = refund.actor == ACTOR and refund.status in COUNTED
    if is_from_dashboard and order.status is OrderStatus.PAID and not payment.refundable.minor:
        hold(session, order, DO_NOT_SHIP)
