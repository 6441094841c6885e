"""Believing a payment: one function for the webhook, the return page and the worker."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, selectinload

from models import CartLine, Order, OrderEvent, OrderStatus, Payment, PaymentStatus, now
from models.discount_use import keep_uses, release_uses
from models.order import IllegalTransitionError, advance
from models.reservation import Reservation, ReservationState, release, sell
from storefront.logs import log
from storefront.mail.letters import Letters
from storefront.payments.gateway import PaidSession

ACTOR = "Stripe"
SETTLED = frozenset({OrderStatus.PAID, OrderStatus.SHIPPED})


class UnknownSessionError(Exception):
    """A session that belongs to no order of this shop."""


def settle(session: Session, found: PaidSession, letters: Letters) -> Order:
    """Write what a Stripe session now is into its order; safe to call any number of times.

    Returns the order, its row locked until the caller commits, so that webhook and return page
    take turns. Raises UnknownSessionError, and changes nothing, where no order of ours has this
    session. An amount or currency other than the order's is not believed: the order is held for
    staff (``attention``).
    """
    payment, order = _locked(session, found.id)
    if found.status == "expired":
        _expire(session, payment, order)
    elif found.status == "complete":
        _note_buyer(order, found)
        if found.has_failed:
            _fail(session, payment, order, letters)
        elif found.payment_status == "unpaid":
            _process(session, payment, order, letters)
        elif found.amount != payment.amount:
            hold(session, order, f"Paid {found.amount}, but {payment.amount} was asked for.")
        else:
            _pay(session, payment, order, found, letters)
    return order


def cancel(session: Session, order: Order, *, actor: str, note: str) -> bool:
    """End an unpaid order and give its units back, once; False where it is no longer unpaid."""
    try:
        advance(session, order, OrderStatus.CANCELLED, actor=actor, note=note)
    except IllegalTransitionError:
        return False
    session.execute(
        update(Payment)
        .where(Payment.order_id == order.id, Payment.status == PaymentStatus.OPEN)
        .values(status=PaymentStatus.EXPIRED)
    )
    release(session, order.id, actor=actor, reason=note)
    release_uses(session, order.id)
    return True


def hold(session: Session, order: Order, why: str) -> None:
    """Flag an order for staff; the same reason is noted once."""
    if order.attention != why:
        order.attention = why
        session.add(OrderEvent(order_id=order.id, kind="held", actor=ACTOR, note=why))
        log.error("order held", extra={"order": order.number, "reason": "payment"})


def _locked(session: Session, session_id: str) -> tuple[Payment, Order]:
    payment = session.scalars(select(Payment).where(Payment.session_id == session_id)).one_or_none()
    if payment is None:
        raise UnknownSessionError(session_id)
    order = session.scalars(
        select(Order)
        .where(Order.id == payment.order_id)
        .options(selectinload(Order.lines), selectinload(Order.discounts))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    session.refresh(payment)
    return payment, order


def _note_buyer(order: Order, found: PaidSession) -> None:
    order.email = found.email or order.email
    order.name = found.name or order.name
    order.shipping_address = found.address or order.shipping_address


def _expire(session: Session, payment: Payment, order: Order) -> None:
    if payment.status is PaymentStatus.OPEN:
        payment.status = PaymentStatus.EXPIRED
        if order.status is OrderStatus.PENDING:
            cancel(session, order, actor=ACTOR, note="It was not paid in time.")


def _process(session: Session, payment: Payment, order: Order, letters: Letters) -> None:
    if payment.status is not PaymentStatus.OPEN or order.status is not OrderStatus.PENDING:
        return
    payment.status = PaymentStatus.PROCESSING
    advance(session, order, OrderStatus.PROCESSING, actor=ACTOR)
    for held in session.scalars(
        select(Reservation).where(
            Reservation.order_id == order.id, Reservation.state == ReservationState.HELD
        )
    ):
        held.expires_at = None
    _empty_cart(session, order)
    letters.processing(session, order)


def _fail(session: Session, payment: Payment, order: Order, letters: Letters) -> None:
    """Take back an order whose delayed payment failed; the units go back to the shelf."""
    if payment.status not in {PaymentStatus.OPEN, PaymentStatus.PROCESSING}:
        return
    payment.status = PaymentStatus.FAILED
    if cancel(session, order, actor=ACTOR, note="The payment failed."):
        letters.failed(session, order)


def _pay(
    session: Session, payment: Payment, order: Order, found: PaidSession, letters: Letters
) -> None:
    if payment.status is PaymentStatus.PAID:
        return
    payment.status, payment.paid_at = PaymentStatus.PAID, now()
    payment.payment_intent_id = found.payment_intent_id
    payment.captured_minor, payment.captured_currency = found.amount.minor, found.amount.currency
    if order.status in SETTLED:
        hold(session, order, "Paid twice: one payment must be refunded.")
        return
    if order.status is OrderStatus.CANCELLED:
        hold(session, order, "Paid after it had ended: the payment must be refunded.")
        return
    advance(session, order, OrderStatus.PAID, actor=ACTOR)
    sell(session, order.id, actor=ACTOR)
    keep_uses(session, order.id)
    _empty_cart(session, order)
    letters.paid(session, order)


def _empty_cart(session: Session, order: Order) -> None:
    """Take what was bought out of the cart; what was added since stays."""
    if order.cart_id is not None:
        session.execute(
            delete(CartLine).where(
                CartLine.cart_id == order.cart_id,
                CartLine.variant_id.in_([line.variant_id for line in order.lines]),
            )
        )
