"""Believing a payment: one function for the webhook, the return page and the worker."""

from typing import cast

from sqlalchemy import ScalarResult, Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from models import (
    Cart,
    CartLine,
    Order,
    OrderStatus,
    Payment,
    PaymentStatus,
    Reservation,
    ReservationState,
    SequenceTrigger,
    now,
)
from models.discount_use import keep_uses
from models.order import advance
from models.order_lock import lock, lock_by_session
from models.reservation import sell
from storefront.documents.issuing import issue_invoice
from storefront.gift_cards import service as gift_cards
from storefront.mail.letters import Letters
from storefront.newsletter.events import happened
from storefront.payments import tax
from storefront.payments.gateway import PaidSession
from storefront.payments.outcome import ACTOR, cancel, end_waiting, fall_back, hold
from storefront.payments.refunds import give_all_back
from storefront.pricing.places import differs

SETTLED = frozenset({OrderStatus.PAID, OrderStatus.SHIPPED})
ENDED = frozenset({OrderStatus.CANCELLED, OrderStatus.DRAFT})  # or not begun to be paid
RECEIVED = frozenset({PaymentStatus.PAID, PaymentStatus.HELD})

_ORDERS, _PAYMENTS = Order.__table__.c, Payment.__table__.c
_NOTING = (
    update(cast("Table", Payment.__table__))
    .where(
        _PAYMENTS.id == bindparam("of"),
        _PAYMENTS.order_id
        == select(_ORDERS.id)
        .where(_ORDERS.id == bindparam("order"))
        .with_for_update()
        .scalar_subquery(),
    )
    .values(session_id=bindparam("page"), url=bindparam("address"))
    .returning(_PAYMENTS.status)
)


class UnknownSessionError(Exception):
    """A session that belongs to no order of this shop."""


def settle(session: Session, found: PaidSession, letters: Letters) -> Order:
    """Write what a Stripe session now is into its order; safe to call any number of times.

    Returns the order, its row locked until the caller commits, so that webhook and return page
    take turns. Raises UnknownSessionError, and changes nothing, where no order of ours has this
    session. An amount or currency other than the order's is not believed: the order is held for
    staff (``attention``).
    """
    payment, order = _locked(session, found)
    if found.status == "expired":
        _expire(session, payment, order)
    elif found.status == "complete":
        _note_buyer(payment, order, found)
        if found.has_failed:
            _fail(session, payment, order, letters)
        elif found.payment_status == "unpaid":
            _process(session, payment, order, letters)
        elif not _is_what_was_asked(payment, found):
            _capture_wrong(session, payment, order, found)
        else:
            _pay(session, payment, order, found, letters)
    return order


def note_session(session: Session, payment: Payment, found: PaidSession) -> bool:
    """Remember the page that the gateway opened for a payment; return whether it may be used.

    It may not where the order ended while the gateway was asked, as by another tab. The order is
    locked, so that nobody ends it as one without a page meanwhile.
    """
    said = {"of": payment.id, "order": payment.order_id, "page": found.id, "address": found.url}
    status = session.scalar(_NOTING, said)
    return status is PaymentStatus.OPEN


def _is_what_was_asked(payment: Payment, found: PaidSession) -> bool:
    """Say whether amount and currency are those asked for, but for a tax that Stripe added."""
    asked = payment.amount.minor + (0 if payment.status is PaymentStatus.PAID else found.tax_minor)
    return (found.amount.minor, found.amount.currency) == (asked, payment.amount.currency)


def _capture_wrong(session: Session, payment: Payment, order: Order, found: PaidSession) -> None:
    """Keep money that is not what was asked for apart; its order waits for staff, units and all."""
    if payment.status in RECEIVED:
        return
    _capture(payment, found, PaymentStatus.HELD)
    for held in _held(session, order):
        held.expires_at = None
    hold(session, order, f"Paid {found.amount}, but {payment.amount} was asked for.")


def _capture(payment: Payment, found: PaidSession, status: PaymentStatus) -> None:
    payment.status, payment.paid_at = status, now()
    payment.payment_intent_id = found.payment_intent_id
    payment.captured_minor, payment.captured_currency = found.amount.minor, found.amount.currency


def _locked(session: Session, found: PaidSession) -> tuple[Payment, Order]:
    """Return payment and order of a session, the order's row locked, both as they are now."""
    locked = lock_by_session(session, found.id)
    if locked is not None:
        order, payments = locked
        payment = next((it for it in payments if it.session_id == found.id), None)
        if payment is None:
            raise UnknownSessionError(found.id)
        return payment, order
    payment = _unnoted(session, found)
    if payment is None:
        raise UnknownSessionError(found.id)
    order = lock(session, payment.order_id)
    if payment.session_id not in {None, found.id}:
        raise UnknownSessionError(found.id)
    payment.session_id = found.id
    return payment, order


def _unnoted(session: Session, found: PaidSession) -> Payment | None:
    """Return the payment whose page was opened just before we could note its id, if it is one."""
    if not found.order_number:
        return None
    return session.scalars(
        select(Payment)
        .join(Order)
        .where(Order.number == found.order_number, Payment.session_id.is_(None))
        .order_by(Payment.attempt.desc())
    ).first()


def _note_buyer(payment: Payment, order: Order, found: PaidSession) -> None:
    """Copy who bought and where it goes, until it is paid: afterwards staff may have changed it."""
    if order.status in SETTLED or payment.status in RECEIVED:
        return
    order.email = found.email or order.email
    order.name = found.name or order.name
    order.shipping_address = found.address or order.shipping_address


def _expire(session: Session, payment: Payment, order: Order) -> None:
    if payment.status is PaymentStatus.OPEN:
        payment.status = PaymentStatus.EXPIRED
        if order.status is OrderStatus.PENDING:
            fall_back(session, order, actor=ACTOR, note="It was not paid in time.")


def _process(session: Session, payment: Payment, order: Order, letters: Letters) -> None:
    if payment.status is not PaymentStatus.OPEN or order.status is not OrderStatus.PENDING:
        return
    payment.status = PaymentStatus.PROCESSING
    advance(session, order, OrderStatus.PROCESSING, actor=ACTOR)
    for held in _held(session, order):
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
    if payment.status in RECEIVED:
        return
    _capture(payment, found, PaymentStatus.PAID)
    if order.status in SETTLED:
        give_all_back(session, order, payment, "Paid twice.")
        return
    if order.status in ENDED:
        give_all_back(session, order, payment, "Paid after the order had ended.")
        return
    if payment.amount != order.to_pay:
        give_all_back(session, order, payment, "Paid for what was changed since.")
        return
    if found.tax_minor:
        tax.add(order, payment, found.tax_minor)
    _complete(session, order, letters, ACTOR)


def pay_by_card(session: Session, order: Order, letters: Letters) -> None:
    """Make an order paid that its gift card pays wholly: what Stripe's word does for others.

    The order is new in this transaction, or locked; its lines and discounts are loaded.
    """
    _complete(session, order, letters, "gift card")


def _complete(session: Session, order: Order, letters: Letters, actor: str) -> None:
    """Do all that follows from the money of an order, which has come; once, as it advances once."""
    advance(session, order, OrderStatus.PAID, actor=actor)
    end_waiting(session, order)
    sell(session, order.id, actor=actor)
    if order.discounts:
        keep_uses(session, order.id)
    if order.gift_minor:
        gift_cards.capture(session, order.id)
    _empty_cart(session, order)
    gift_cards.issue_for(session, order, letters.vault, letters.zone)
    if elsewhere := differs(session, order):
        hold(session, order, elsewhere)
    letters.paid(session, order)
    happened(session, SequenceTrigger.PAID, order.email)
    session.flush()
    issue_invoice(session, order, zone=letters.zone, actor=actor)


def _held(session: Session, order: Order) -> ScalarResult[Reservation]:
    return session.scalars(
        select(Reservation).where(
            Reservation.order_id == order.id, Reservation.state == ReservationState.HELD
        )
    )


def _empty_cart(session: Session, order: Order) -> None:
    """Take what was bought out of the cart, and what was said of it; what was added since stays."""
    if order.cart_id is not None:
        session.execute(
            update(Cart)
            .where(Cart.id == order.cart_id)
            .values(gift_message="", gift_code_digest=None, removed_gifts=[])
            .execution_options(synchronize_session=False)
        )
        session.execute(
            delete(CartLine).where(
                CartLine.cart_id == order.cart_id,
                CartLine.variant_id.in_([line.variant_id for line in order.lines]),
            )
        )
