"""Exchanges: other variants for what comes back, as an order that costs nothing.

It is written, and its units are set aside, when staff accept the return; it ships once all that it
is for has come back, and ends where that did not, or not within ``EXCHANGE_KEPT_FOR``.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import (
    DiscountUse,
    Money,
    Order,
    OrderEvent,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentStatus,
    Product,
    ProductStatus,
    Reservation,
    Return,
    ReturnLine,
    Stock,
    Variant,
    now,
)
from models.discount_use import keep_uses, release_uses
from models.order import advance
from models.order_lock import lock
from models.reservation import release, reserve, sell
from models.stock import AVAILABLE
from storefront.documents.issuing import issue_invoice
from storefront.orders.following import following

TITLE = "Exchange"  # of the discount by which it costs nothing


def offered(session: Session, order: Order) -> Mapping[int, Sequence[Variant]]:
    """Return for which variants each line of an order can be exchanged, by the line's id.

    They are of the same product, at the same price today, and there. The same number of queries
    for any order; its lines must be loaded.
    """
    own = select(Variant.product_id).where(Variant.id.in_([it.variant_id for it in order.lines]))
    found = (
        select(Variant, AVAILABLE)
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(Stock, Stock.variant_id == Variant.id)
        .where(Variant.product_id.in_(own), Product.status == ProductStatus.ACTIVE)
        .options(selectinload(Variant.prices), selectinload(Variant.parts))
        .order_by(Variant.position, Variant.id)
    )
    rows = session.execute(found).all()
    by_id = {variant.id: variant for variant, _ in rows}
    currency = order.total.currency
    choices: dict[int, list[Variant]] = {}
    for line in order.lines:
        mine = by_id.get(line.variant_id)
        if mine is None or mine.parts:
            continue
        choices[line.id] = [
            it
            for it, available in rows
            if it.product_id == mine.product_id
            and it.id != mine.id
            and not it.parts
            and (available or 0) > 0
            and it.price_in(currency) == mine.price_in(currency) is not None
        ]
    return choices


def set_aside(session: Session, order: Order, found: Return, *, actor: str) -> Order | None:
    """Write the order of what an accepted return is exchanged for, and set its units aside.

    Returns None where nothing is to be exchanged. Raises OutOfStockError where units are gone by
    now; the caller rolls back then.
    """
    units = _wanted(found)
    if not units:
        return None
    variants = session.scalars(
        select(Variant)
        .where(Variant.id.in_(units))
        .options(joinedload(Variant.product).selectinload(Product.images))
        .options(selectinload(Variant.prices))
        .order_by(Variant.id)
    ).all()
    made = _order_of(order, variants, units)
    session.add(made)
    session.flush()
    note = f"In exchange for what comes back of {order.number} with return {found.id}."
    session.add(OrderEvent(order_id=made.id, kind="exchange", actor=actor, note=note))
    session.add(DiscountUse(order_id=made.id, title=TITLE, goods_minor=made.discount_minor))
    held = [
        Reservation(order_id=made.id, variant_id=it.id, quantity=units[it.id]) for it in variants
    ]
    reserve(session, *held, actor=actor)
    found.exchange_id = made.id
    session.flush()
    return made


def finish(session: Session, found: Return, *, zone: str, actor: str) -> Order | None:
    """Let an exchange ship where all that it is for has come, end it where not; its order is told.

    Returns the order that ships, None where none does. Safe where there is no exchange.
    """
    order = _locked(session, found)
    if order is None:
        return None
    lines = [it for it in found.lines if it.exchange_variant_id]
    if any(it.restocked + it.discarded < it.quantity for it in lines):
        _end(session, order, actor, "Not all of what it was for came back.")
        return None
    session.add(_payment(order))
    advance(session, order, OrderStatus.PAID, actor=actor, note="What it is for has come back.")
    sell(session, order.id, actor=actor)
    keep_uses(session, order.id)
    session.flush()
    issue_invoice(session, order, zone=zone, actor=actor)
    return order


def end(session: Session, found: Return, *, actor: str, note: str) -> None:
    """End the exchange of a return that ended, where there is one; its units can be sold again."""
    order = _locked(session, found)
    if order is not None:
        _end(session, order, actor, note)


def _locked(session: Session, found: Return) -> Order | None:
    if found.exchange_id is None:
        return None
    order = lock(session, found.exchange_id)
    return order if order.status is OrderStatus.PROCESSING else None


def _end(session: Session, order: Order, actor: str, note: str) -> None:
    only_from = frozenset({OrderStatus.PROCESSING})
    advance(session, order, OrderStatus.CANCELLED, actor=actor, note=note, only_from=only_from)
    release_uses(session, order.id)
    release(session, order.id, actor=actor, reason=note)


def _wanted(found: Return) -> Counter[int]:
    units: Counter[int] = Counter()
    for line in found.lines:
        if line.exchange_variant_id:
            units[line.exchange_variant_id] += line.quantity
    return units


def _order_of(order: Order, variants: Sequence[Variant], units: Mapping[int, int]) -> Order:
    currency = order.total.currency
    lines = [_line(it, units[it.id], currency) for it in variants]
    worth = sum(it.total.minor for it in lines)
    return following(
        order,
        status=OrderStatus.PROCESSING,
        total=Money(0, currency),
        subtotal_minor=worth,
        discount_minor=worth,
        lines=lines,
    )


def _line(variant: Variant, quantity: int, currency: str) -> OrderLine:
    product = variant.product
    price = variant.price_in(currency) or Money(0, currency)
    by_key = {image.key: image for image in product.images}
    image = by_key.get(variant.image_key or "", product.cover)
    return OrderLine(
        variant_id=variant.id,
        product_handle=product.handle,
        title=product.title,
        variant_title=variant.title,
        sku=variant.sku,
        quantity=quantity,
        unit_price=Money(price.minor, price.currency),
        discount_minor=price.minor * quantity,
        weight_g=variant.weight_g,
        image_key=image.key if image else None,
    )


def _payment(order: Order) -> Payment:
    """Return the payment of nothing that an invoice of nothing is about."""
    moment, currency = now(), order.total.currency
    return Payment(
        order_id=order.id,
        key=f"{order.number}-exchange",
        status=PaymentStatus.PAID,
        amount=Money(0, currency),
        captured_minor=0,
        captured_currency=currency,
        expires_at=moment,
        paid_at=moment,
    )


def of_lines(found: Return) -> Sequence[ReturnLine]:
    """Return the lines whose money goes back, as no other variant goes out for them.

    The return's exchange must be loaded.
    """
    gone = found.exchange is not None and found.exchange.status is not OrderStatus.CANCELLED
    return [it for it in found.lines if not (gone and it.exchange_variant_id)]
