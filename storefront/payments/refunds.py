"""Giving money back: written first, then asked for; see refund_notes for what Stripe tells."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from models import (
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentStatus,
    Refund,
    SequenceTrigger,
)
from models.gift_card import give_back
from models.once import claim
from models.order import IllegalTransitionError, advance
from models.order_goods import finish
from models.reservation import release
from storefront.gift_cards.service import lock_cards
from storefront.jobs import queue
from storefront.newsletter.events import happened
from storefront.payments.gateway import (
    Gateway,
    GatewayRefusedError,
    GatewayUnavailableError,
    ToldRefund,
)
from storefront.payments.outcome import cancel, note_event
from storefront.payments.refunded_units import WantedRefund, count_units, take_units_back


class TooMuchError(Exception):
    """More than is left of the payment, or nothing; left: what could be given back."""

    def __init__(self, left: Money) -> None:
        """Remember what is left."""
        super().__init__(str(left))
        self.left = left


def request(session: Session, order: Order, wanted: WantedRefund) -> Refund:
    """Write a refund that is to be asked for, and the job that asks.

    The order's lines must be loaded. A key that is known returns its refund and changes nothing.
    Raises TooMuchError, UnitsError, or IllegalTransitionError where it cannot be cancelled any
    more; the caller rolls back then, and nothing has changed.
    """
    known = by_key(session, wanted.key)
    if known is not None:
        return known
    session.execute(select(Order.id).where(Order.id == order.id).with_for_update())
    refund = Refund(
        payment_id=wanted.payment_id,
        key=wanted.key,
        amount=wanted.amount,
        reason=wanted.reason,
        note=wanted.note,
        actor=wanted.actor,
    )
    if wanted.amount.minor <= 0 or not claim(session, refund):
        return by_key(session, wanted.key) or _refuse(session, wanted.payment_id)
    payment = _count(session, order, wanted)
    _to_its_card(session, payment, refund)
    if wanted.cancel:
        lock_cards(session, order.id)
    lines = count_units(session, order, refund, wanted)
    if wanted.cancel:
        _refuse_where_shipped(session, order)
        advance(
            session,
            order,
            OrderStatus.CANCELLED,
            actor=wanted.actor,
            note=wanted.note,
            only_from=frozenset({OrderStatus.PAID}),
        )
    take_units_back(session, order, wanted, lines)
    if wanted.cancel:
        release(session, order.id, actor=wanted.actor, reason="The order was cancelled.")
        _give_others_back(session, order, wanted)
    elif lines:
        _finish(session, order, wanted.actor)
    if payment.status is PaymentStatus.HELD and not payment.refundable.minor:
        cancel(session, order, actor=wanted.actor, note="What was paid goes back.")
    note_event(session, order, "refund", f"{wanted.amount}. {wanted.note}".strip(), wanted.actor)
    queue.enqueue(session, "refund", f"refund:{wanted.key}", {"refund_id": refund.id})
    session.flush()
    return refund


def _to_its_card(session: Session, payment: Payment, refund: Refund) -> None:
    """Put what a gift card had paid back on it, in the same transaction: nobody is asked."""
    if payment.gift_card_id is not None:
        give_back(
            session,
            payment.gift_card_id,
            refund.amount,
            order_id=payment.order_id,
            actor=refund.actor,
            reason="Refunded",
        )


def _give_others_back(session: Session, order: Order, wanted: WantedRefund) -> None:
    """Give back what the order's other payment brought: a gift card and a bank card paid it."""
    others = session.scalars(
        select(Payment).where(
            Payment.order_id == order.id,
            Payment.id != wanted.payment_id,
            Payment.status == PaymentStatus.PAID,
            Payment.captured_minor > Payment.refunded_minor,
        )
    ).all()
    for number, payment in enumerate(others, start=1):
        key = f"{wanted.key[:70]}-and-{number}"
        also = WantedRefund(
            payment.id, payment.refundable, key, wanted.reason, wanted.note, wanted.actor
        )
        request(session, order, also)


def give_all_back(session: Session, order: Order, payment: Payment, why: str) -> None:
    """Ask for the rest of a payment that should not have come; once, however often it is told."""
    if payment.refundable.minor > 0:
        key = f"{payment.key}-back"
        wanted = WantedRefund(payment.id, payment.refundable, key, "duplicate", why)
        request(session, order, wanted)


def ask(gateway: Gateway, refund: Refund) -> ToldRefund | None:
    """Ask Stripe for a refund whose ``payment`` is loaded; None where it does not answer now."""
    try:
        return ask_or_raise(gateway, refund)
    except GatewayUnavailableError:
        return None


def ask_or_raise(gateway: Gateway, refund: Refund) -> ToldRefund:
    """Ask Stripe for a refund, or raise GatewayUnavailableError; a refusal is a failed refund."""
    intent = refund.payment.payment_intent_id
    if refund.payment.gift_card_id is not None:  # it is on the card since it was written
        return ToldRefund(None, "succeeded", refund.amount, None, refund.key)
    if intent is None:
        return ToldRefund(None, "failed", refund.amount, None, refund.key, failure="no payment")
    try:
        return gateway.refund(intent, refund.amount, refund.key, refund.reason)
    except GatewayRefusedError as refused:
        why = (refused.code or "refused")[:200]
        return ToldRefund(None, "failed", refund.amount, intent, refund.key, failure=why)


def by_key(session: Session, key: str) -> Refund | None:
    """Return the refund that a key asked for, with its payment, or None."""
    return session.scalars(
        select(Refund).where(Refund.key == key).options(joinedload(Refund.payment))
    ).one_or_none()


def loaded(session: Session, refund_id: int) -> Refund:
    """Return a refund with its payment."""
    found = select(Refund).where(Refund.id == refund_id).options(joinedload(Refund.payment))
    return session.scalars(found.execution_options(populate_existing=True)).one()


def _refuse(session: Session, payment_id: int) -> Refund:
    raise TooMuchError(session.get_one(Payment, payment_id).refundable)


def _count(session: Session, order: Order, wanted: WantedRefund) -> Payment:
    """Take the amount off what can still be given back, by one conditional UPDATE."""
    counted = session.execute(
        update(Payment)
        .where(
            Payment.id == wanted.payment_id,
            Payment.order_id == order.id,
            Payment.captured_currency == wanted.amount.currency,
            Payment.refunded_minor + wanted.amount.minor <= Payment.captured_minor,
        )
        .values(refunded_minor=Payment.refunded_minor + wanted.amount.minor)
        .returning(Payment.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    payment = session.get_one(Payment, wanted.payment_id, populate_existing=True)
    if counted is None:
        raise TooMuchError(payment.refundable)
    return payment


def _refuse_where_shipped(session: Session, order: Order) -> None:
    shipped = select(OrderLine.id).where(
        OrderLine.order_id == order.id, OrderLine.shipped_quantity > 0
    )
    if session.scalar(shipped.limit(1)) is not None:
        message = f"a part of {order.number} has shipped"
        raise IllegalTransitionError(message)


def _finish(session: Session, order: Order, actor: str) -> None:
    """Let a paid order be shipped where what was left of it is not to leave any more."""
    session.refresh(order, ["status"])
    has_left = any(line.shipped_quantity and not line.is_gift_card for line in order.lines)
    note, is_paid = "What was left of it was refunded.", order.status is OrderStatus.PAID
    if is_paid and finish(session, order, actor=actor, note=note) and has_left:
        happened(session, SequenceTrigger.SHIPPED, order.email)
