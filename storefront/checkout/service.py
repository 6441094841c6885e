"""From a cart to an order that can be paid."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from models import (
    Money,
    Order,
    OrderEvent,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentStatus,
    Reservation,
    Variant,
    now,
)
from models.once import claim
from models.reservation import reserve
from storefront.cart.queries import CartView, LineView
from storefront.jobs import queue
from storefront.payments.gateway import PaidSession, WantedLine, WantedSession

# Stripe's shortest page lives 30 minutes from the call; asking may be repeated for a while.
PAYABLE_FOR = timedelta(minutes=40)
RETRY_FOR = timedelta(minutes=8)
HELD_FOR = PAYABLE_FOR + timedelta(minutes=1)


class OpenOrderExistsError(Exception):
    """This cart has an order that waits for payment already: a second click, or another tab."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """What one buyer means to buy. email: None where she gives it on the payment page."""

    cart_id: int
    cart: CartView
    email: str | None = None
    customer_id: int | None = None

    @property
    def fingerprint(self) -> str:
        """Tells whether an open order is still for this purchase."""
        return hashlib.sha256(f"{self.cart.fingerprint}:{self.email}".encode()).hexdigest()


def place_order(session: Session, wanted: Purchase) -> tuple[Order, Payment]:
    """Reserve the stock and write the order with its first payment, in the caller's transaction.

    Raises OutOfStockError or OpenOrderExistsError; the caller rolls back, and nothing has changed.
    Units are taken in the order of their variants' ids, so that two checkouts cannot deadlock.
    """
    moment = now()
    order = Order(
        cart_id=wanted.cart_id,
        cart_fingerprint=wanted.fingerprint,
        customer_id=wanted.customer_id,
        email=wanted.email,
        total=wanted.cart.subtotal,
        subtotal_minor=wanted.cart.subtotal.minor,
        expires_at=moment + HELD_FOR,
    )
    if not claim(session, order):
        raise OpenOrderExistsError
    lines = sorted(wanted.cart.buyable, key=lambda line: line.variant_id)
    variants = _variants(session, lines)
    for line in lines:
        held = Reservation(
            order_id=order.id,
            variant_id=line.variant_id,
            quantity=line.quantity,
            expires_at=order.expires_at,
        )
        reserve(session, held, actor=f"order {order.number}")
        session.add(_copy_of(variants[line.variant_id], line, order.id))
    session.add(OrderEvent(order_id=order.id, kind="placed", actor="customer"))
    payment = _payment(order, moment)
    session.add(payment)
    queue.enqueue(
        session,
        "expire-order",
        f"expire-order:{order.number}",
        {"order_id": order.id},
        run_at=moment + HELD_FOR,
    )
    session.flush()
    return order, payment


def open_order(session: Session, cart_id: int) -> Order | None:
    """Return the order of this cart that waits for payment, or None."""
    return session.scalars(
        select(Order).where(Order.cart_id == cart_id, Order.status == OrderStatus.PENDING)
    ).one_or_none()


def latest_payment(session: Session, order_id: int) -> Payment:
    """Return an order's newest payment, with the order and its lines."""
    return session.scalars(
        select(Payment)
        .where(Payment.order_id == order_id)
        .order_by(Payment.attempt.desc())
        .limit(1)
        .options(joinedload(Payment.order).options(selectinload(Order.lines)))
        .execution_options(populate_existing=True)
    ).one()


def wanted_session(payment: Payment, site_url: str, countries: tuple[str, ...]) -> WantedSession:
    """Return what to ask the gateway for; the order's own copy decides, not the catalogue."""
    order = payment.order
    return WantedSession(
        key=payment.key,
        order_number=order.number,
        lines=tuple(
            WantedLine(_name(line), line.unit_price, line.quantity) for line in order.lines
        ),
        return_url=f"{site_url}/checkout/return?session_id={{CHECKOUT_SESSION_ID}}",
        cancel_url=f"{site_url}/cart",
        expires_at=payment.expires_at,
        email=order.email,
        countries=countries,
    )


def can_be_paid(payment: Payment, fingerprint: str | None = None) -> bool:
    """Say whether an open order's payment page can still be used, or asked for.

    fingerprint: of the purchase it must be for; None accepts any.
    """
    order, moment = payment.order, now()
    if fingerprint is not None and order.cart_fingerprint != fingerprint:
        return False
    if order.status is not OrderStatus.PENDING or payment.status is not PaymentStatus.OPEN:
        return False
    usable = payment.expires_at if payment.url else payment.created_at + RETRY_FOR
    return moment < usable


def note_session(session: Session, payment_id: int, found: PaidSession) -> bool:
    """Remember the page that the gateway opened for a payment; return whether it may be used.

    It may not where the order ended while the gateway was asked, as by another tab.
    """
    status = session.scalar(
        update(Payment)
        .where(Payment.id == payment_id)
        .values(session_id=found.id, url=found.url)
        .returning(Payment.status)
        .execution_options(synchronize_session=False)
    )
    return status is PaymentStatus.OPEN


def _variants(session: Session, lines: list[LineView]) -> dict[int, Variant]:
    ids = [line.variant_id for line in lines]
    found = session.scalars(
        select(Variant).where(Variant.id.in_(ids)).options(joinedload(Variant.product))
    )
    return {variant.id: variant for variant in found}


def _copy_of(variant: Variant, line: LineView, order_id: int) -> OrderLine:
    return OrderLine(
        order_id=order_id,
        variant_id=variant.id,
        product_handle=variant.product.handle,
        title=line.title,
        variant_title=line.variant_title,
        sku=variant.sku,
        quantity=line.quantity,
        unit_price=Money(line.unit_price.minor, line.unit_price.currency),
        weight_g=variant.weight_g,
        image_key=line.image.key if line.image else None,
    )


def _payment(order: Order, moment: datetime) -> Payment:
    return Payment(
        order_id=order.id,
        attempt=1,
        key=f"{order.number}-1",
        status=PaymentStatus.OPEN,
        amount=order.total,
        expires_at=moment + PAYABLE_FOR,
    )


def _name(line: OrderLine) -> str:
    return f"{line.title} ({line.variant_title})" if line.variant_title else line.title
