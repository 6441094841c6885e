"""From a cart to an order that can be paid."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
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
from models.discount_use import hold_use, lock_uses, uses_of
from models.language import prefix
from models.order_lock import lock
from models.reservation import lock_units, reserve
from models.writing import write, write_first
from storefront.cart.gifts import of_units
from storefront.cart.own import uses_held
from storefront.cart.views import CartView, LineView
from storefront.gift_cards import service as gift_cards
from storefront.languages import gettext
from storefront.pricing.quote import Quote

# Stripe's shortest page lives 30 minutes from the call; asking may be repeated for a while.
PAYABLE_FOR = timedelta(minutes=40)
RETRY_FOR = timedelta(minutes=8)
HELD_FOR = PAYABLE_FOR + timedelta(minutes=1)
_OPEN = select(Order).where(Order.cart_id == bindparam("of"), Order.status == OrderStatus.PENDING)
_LATEST = (
    select(Payment)
    .where(Payment.order_id == bindparam("of"))
    .order_by(Payment.attempt.desc())
    .limit(1)
    .options(
        joinedload(Payment.order).options(selectinload(Order.lines), selectinload(Order.discounts))
    )
    .execution_options(populate_existing=True)
)


class OpenOrderExistsError(Exception):
    """This cart has an order that waits for payment already: a second click, or another tab."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """What one buyer means to buy.

    email: None where she gives it on the payment page. origin: a digest of her address.
    first_content and last_content: addresses of the texts that led to it. address: where it goes,
    None where she gives it on the payment page.
    """

    cart_id: int
    cart: CartView
    email: str | None = None
    customer_id: int | None = None
    origin: str = ""
    first_content: str | None = None
    last_content: str | None = None
    address: dict[str, str] | None = None

    @property
    def fingerprint(self) -> str:
        """Tells whether an open order is still for this purchase."""
        said = f"{self.cart.fingerprint}:{self.email}{prefix()}"
        if self.cart.gift_message or any(line.gifts for line in self.cart.buyable):
            said += repr((self.cart.gift_message, [line.gifts for line in self.cart.buyable]))
        return hashlib.sha256(said.encode()).hexdigest()


def place_order(session: Session, wanted: Purchase) -> tuple[Order, Payment]:
    """Reserve the stock and write the order with its first payment, in the caller's transaction.

    The payment is loaded whole, as by ``latest_payment``; it is that of the gift card where this
    pays all. Raises OutOfStockError, DiscountUsedUpError, CardSpentError or OpenOrderExistsError;
    the caller rolls back, and nothing has changed.
    Uses, then the card, then units are taken, each in the order of their ids, so that two
    checkouts cannot deadlock.
    """
    moment = now()
    order = _order(wanted, moment)
    if not write_first(session, order):
        raise OpenOrderExistsError
    uses = _hold_discounts(session, wanted, order)
    by_card = _hold_card(session, wanted, order, moment)
    _reserve(session, wanted, order)
    lines = _write_lines(session, wanted, order)
    write(session, [OrderEvent(order_id=order.id, kind="placed", actor="customer")])
    if by_card is not None and wanted.cart.is_paid_by_card:
        payment = by_card
        session.add_all([order, *lines])  # what follows from its being paid changes them
    else:
        payment = _payment(order, moment, wanted.origin)
        write(session, [payment])
        write(session, [_end_of(order, moment)])
    session.flush()  # the uses, and the card's
    set_committed_value(order, "lines", lines)
    set_committed_value(order, "discounts", uses)
    set_committed_value(payment, "order", order)
    return order, payment


def lock_both(session: Session, replaced_id: int, wanted: Purchase) -> None:
    """Lock an order, what it gives back and what the one in its place takes, before either is done.

    What the old order gives back stays locked until the commit; so the new one would come to the
    rest of what it takes too late, and two that replace their orders could deadlock.
    """
    lock(session, replaced_id)
    lock_uses(session, replaced_id, [it.discount_id for it in wanted.cart.quote.applied])
    card = wanted.cart.card
    gift_cards.lock_cards(session, replaced_id, [card.card_id] if card else [])
    lock_units(session, replaced_id, wanted.cart.needs or {})


def wrong_with_email(session: Session, wanted: Purchase) -> str | None:
    """Return why a discount with a limit for each customer cannot be had, or None."""
    quote = wanted.cart.quote
    for reduction in quote.applied:
        if reduction.max_uses_each is None:
            continue
        name = reduction.code or reduction.title
        if not wanted.email:
            return gettext("Enter your email: %(name)s is limited for each customer.", name=name)
        used = uses_of(session, reduction.discount_id, wanted.email)
        own = uses_held(session, wanted.cart_id, reduction.discount_id, wanted.email)
        if used - own >= reduction.max_uses_each:
            return gettext(
                "%(name)s has been used with this address. Remove the code to go on.", name=name
            )
    return None


def open_order(session: Session, cart_id: int) -> Order | None:
    """Return the order of this cart that waits for payment, or None."""
    return session.scalars(_OPEN, {"of": cart_id}).one_or_none()


def latest_payment(session: Session, order_id: int) -> Payment:
    """Return an order's newest payment, with the order and its lines."""
    return session.scalars(_LATEST, {"of": order_id}).one()


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
        ships_to=list(quote.same) if quote.is_shipped else [],
        first_content=wanted.first_content,
        last_content=wanted.last_content,
        gift_minor=wanted.cart.by_card_minor,
        gift_message=wanted.cart.gift_message,
        name=(wanted.address or {}).get("name", ""),
        shipping_address=wanted.address,
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


def _hold_card(
    session: Session, wanted: Purchase, order: Order, moment: datetime
) -> Payment | None:
    """Take off the cart's gift card what it pays; return that payment."""
    card = wanted.cart.card
    if card is None or not card.paid_minor:
        return None
    amount = Money(card.paid_minor, order.total.currency)
    return gift_cards.hold(session, order, card.card_id, amount, moment + PAYABLE_FOR)


def _reserve(session: Session, wanted: Purchase, order: Order) -> None:
    held = [
        Reservation(
            order_id=order.id,
            variant_id=variant_id,
            quantity=units,
            is_backorder=variant_id in wanted.cart.waiting,
            expires_at=order.expires_at,
        )
        for variant_id, units in (wanted.cart.needs or {}).items()
    ]
    reserve(session, *held, actor=f"order {order.number}")


def _write_lines(session: Session, wanted: Purchase, order: Order) -> list[OrderLine]:
    lines = sorted(wanted.cart.buyable, key=lambda line: line.variant_id)
    copies = [_copy_of(line, wanted.cart.quote) for line in lines]
    for copied in copies:
        copied.order_id = order.id
    write(session, copies)
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
        is_gift_card=line.is_gift_card,
        gifts=of_units(line.gifts, line.quantity) if line.is_gift_card else [],
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
        amount=order.to_pay,
        origin=origin,
        expires_at=moment + PAYABLE_FOR,
    )
