"""From a cart to an order that can be paid."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from models import (
    DiscountUse,
    Job,
    Money,
    Order,
    OrderEvent,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentStatus,
    Reservation,
    now,
)
from models.discount_use import hold_use, uses_of
from models.once import claim
from models.reservation import reserve
from storefront.cart.own import uses_held
from storefront.cart.queries import CartView, LineView
from storefront.payments.gateway import WantedLine, WantedSession
from storefront.pricing.quote import Quote

# Stripe's shortest page lives 30 minutes from the call; asking may be repeated for a while.
PAYABLE_FOR = timedelta(minutes=40)
RETRY_FOR = timedelta(minutes=8)
HELD_FOR = PAYABLE_FOR + timedelta(minutes=1)


class OpenOrderExistsError(Exception):
    """This cart has an order that waits for payment already: a second click, or another tab."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """What one buyer means to buy.

    email: None where she gives it on the payment page. origin: a digest of her address.
    first_content and last_content: addresses of the texts that led to it.
    """

    cart_id: int
    cart: CartView
    email: str | None = None
    customer_id: int | None = None
    origin: str = ""
    first_content: str | None = None
    last_content: str | None = None

    @property
    def fingerprint(self) -> str:
        """Tells whether an open order is still for this purchase."""
        return hashlib.sha256(f"{self.cart.fingerprint}:{self.email}".encode()).hexdigest()


def place_order(session: Session, wanted: Purchase) -> tuple[Order, Payment]:
    """Reserve the stock and write the order with its first payment, in the caller's transaction.

    The payment is loaded whole, as by ``latest_payment``. Raises OutOfStockError,
    DiscountUsedUpError or OpenOrderExistsError; the caller rolls back, and nothing has changed.
    Uses and units are taken in the order of their ids, so that two checkouts cannot deadlock.
    """
    moment = now()
    order = _order(wanted, moment)
    if not claim(session, order):
        raise OpenOrderExistsError
    uses = _hold_discounts(session, wanted, order)
    _reserve(session, wanted, order)
    lines = _write_lines(session, wanted, order)
    session.add(OrderEvent(order_id=order.id, kind="placed", actor="customer"))
    payment = _payment(order, moment, wanted.origin)
    session.add(payment)
    session.add(_end_of(order, moment))
    session.flush()
    set_committed_value(order, "lines", lines)
    set_committed_value(order, "discounts", uses)
    set_committed_value(payment, "order", order)
    return order, payment


def wrong_with_email(session: Session, wanted: Purchase) -> str | None:
    """Return why a discount with a limit for each customer cannot be had, or None."""
    quote = wanted.cart.quote
    for reduction in quote.applied:
        if reduction.max_uses_each is None:
            continue
        name = reduction.code or reduction.title
        if not wanted.email:
            return f"Enter your email: {name} is limited for each customer."
        used = uses_of(session, reduction.discount_id, wanted.email)
        own = uses_held(session, wanted.cart_id, reduction.discount_id, wanted.email)
        if used - own >= reduction.max_uses_each:
            return f"{name} has been used with this address. Remove the code to go on."
    return None


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
        .options(
            joinedload(Payment.order).options(
                selectinload(Order.lines), selectinload(Order.discounts)
            )
        )
        .execution_options(populate_existing=True)
    ).one()


def wanted_session(
    payment: Payment, site_url: str, countries: tuple[str, ...], *, taxes_by_stripe: bool
) -> WantedSession:
    """Return what to ask the gateway for; the order's own copy decides, not the catalogue.

    countries: shipped to by an order that does not say so itself.
    """
    order = payment.order
    currency = order.total.currency
    lines = [WantedLine(_name(line), line.unit_price, line.quantity) for line in order.lines]
    if order.tax_minor and not order.tax_is_included and not taxes_by_stripe:
        lines.append(WantedLine(order.tax_title, Money(order.tax_minor, currency), 1))
    off = next((use.title for use in order.discounts if use.goods_minor), "Discount")
    return WantedSession(
        key=payment.key,
        order_number=order.number,
        lines=tuple(lines),
        discount=WantedLine(off, Money(order.discount_minor, currency), 1)
        if order.discount_minor
        else None,
        shipping=WantedLine(order.shipping_title, Money(order.shipping_minor, currency), 1)
        if order.shipping_title
        else None,
        return_url=f"{site_url}/checkout/return?session_id={{CHECKOUT_SESSION_ID}}",
        cancel_url=f"{site_url}/cart"
        if order.cart_id
        else f"{site_url}/orders/{order.number}?token={quote(order.token)}",
        expires_at=payment.expires_at,
        email=order.email,
        countries=tuple(order.ships_to) or countries,
        taxes_by_gateway=taxes_by_stripe,
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


def _order(wanted: Purchase, moment: datetime) -> Order:
    quote = wanted.cart.quote
    return Order(
        cart_id=wanted.cart_id,
        cart_fingerprint=wanted.fingerprint,
        customer_id=wanted.customer_id,
        email=wanted.email,
        total=quote.total,
        subtotal_minor=quote.subtotal_minor,
        discount_minor=quote.discount_minor,
        shipping_minor=quote.shipping_minor,
        tax_minor=quote.tax.minor,
        shipping_tax_minor=quote.tax.shipping_minor,
        tax_is_included=quote.tax.is_included,
        shipping_title=quote.shipping.title if quote.shipping else "",
        tax_title=quote.tax.title,
        country=quote.country,
        region=quote.region,
        ships_to=list(quote.same),
        first_content=wanted.first_content,
        last_content=wanted.last_content,
        expires_at=moment + HELD_FOR,
    )


def _hold_discounts(session: Session, wanted: Purchase, order: Order) -> list[DiscountUse]:
    uses = []
    quote = wanted.cart.quote
    for reduction in quote.applied:
        use = DiscountUse(
            discount_id=reduction.discount_id,
            order_id=order.id,
            title=reduction.title,
            code=reduction.code,
            goods_minor=reduction.goods_minor,
            shipping_minor=quote.shipping_off_minor if reduction.frees_shipping else 0,
            customer="" if reduction.max_uses_each is None else wanted.email or "",
        )
        hold_use(session, use)
        uses.append(use)
    return uses


def _reserve(session: Session, wanted: Purchase, order: Order) -> None:
    """Take the units, an UPDATE for each variant; the rows that tell of it come together."""
    with session.no_autoflush:
        for variant_id, units in sorted((wanted.cart.needs or {}).items()):
            held = Reservation(
                order_id=order.id,
                variant_id=variant_id,
                quantity=units,
                is_backorder=variant_id in wanted.cart.waiting,
                expires_at=order.expires_at,
            )
            reserve(session, held, actor=f"order {order.number}")


def _write_lines(session: Session, wanted: Purchase, order: Order) -> list[OrderLine]:
    lines = sorted(wanted.cart.buyable, key=lambda line: line.variant_id)
    copies = [_copy_of(line, wanted.cart.quote) for line in lines]
    for copied in copies:
        copied.order_id = order.id
    session.add_all(copies)
    return copies


def _copy_of(line: LineView, quote: Quote) -> OrderLine:
    return OrderLine(
        variant_id=line.variant_id,
        product_handle=line.handle,
        title=line.title,
        variant_title=line.variant_title,
        sku=line.sku,
        quantity=line.quantity,
        unit_price=Money(line.unit_price.minor, line.unit_price.currency),
        discount_minor=quote.discount_of(line.variant_id),
        tax_minor=quote.tax_of(line.variant_id),
        weight_g=line.weight_g,
        image_key=line.image.key if line.image else None,
        parts={str(part_id): units for part_id, units in line.parts.items()},
        promise=line.promise,
    )


def _end_of(order: Order, moment: datetime) -> Job:
    """Return the job that ends an unpaid order; its number is new, so there is none yet."""
    return Job(
        kind="expire-order",
        key=f"expire-order:{order.number}",
        payload={"order_id": order.id},
        run_at=moment + HELD_FOR,
    )


def _payment(order: Order, moment: datetime, origin: str) -> Payment:
    return Payment(
        order_id=order.id,
        key=f"{order.number}-1",
        status=PaymentStatus.OPEN,
        amount=order.total,
        origin=origin,
        expires_at=moment + PAYABLE_FOR,
    )


def _name(line: OrderLine) -> str:
    """Return what a line is called on the payment page, with when it ships if it must wait."""
    named = f"{line.title} ({line.variant_title})" if line.variant_title else line.title
    return f"{named}. {line.promise}" if line.promise else named
