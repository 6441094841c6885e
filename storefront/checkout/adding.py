"""More units of what a buyer has just ordered: an order of their own that follows hers.

It is written as it is asked for, holds its units and ships with hers, which waits until it is paid
or has ended; what was paid is never changed.
"""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Discount,
    DiscountKind,
    DiscountUse,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    Product,
    ProductStatus,
    Variant,
)
from models.language import speaking
from storefront.changes.service import BUYER, NotWorthError, claim, kept
from storefront.checkout.drafts import begin_payment
from storefront.languages import gettext
from storefront.orders.following import following
from storefront.payments.outcome import hold, note_event, waiting_for
from storefront.pricing.cards import smallest_charge


def addable(session: Session, order: Order) -> list[OrderLine]:
    """Return the lines of which there can be more: sold still, and not given for nothing.

    The order's lines must be loaded.
    """
    ids = [it.variant_id for it in order.lines]
    found = select(Variant.id).join(Product).where(Variant.id.in_(ids))
    sold = set(session.scalars(found.where(Product.status == ProductStatus.ACTIVE)))
    return [
        it
        for it in order.lines
        if it.variant_id in sold and not it.is_gift_card and kept(it) and _net(it) > 0
    ]


def add(session: Session, order_id: int, units: Mapping[int, int], origin: str) -> Payment:
    """Write the order of what is added, hold its units, and open an attempt to pay it.

    units: by the id of the line that they are more of. origin: a digest of the buyer's address.
    Raises TooLateError, OutOfStockError, or NotWorthError where it costs less than can be paid;
    the caller rolls back then, and nothing has changed.
    """
    order = claim(session, order_id)
    lines = {it.id: it for it in addable(session, order)}
    if not units or any(line_id not in lines for line_id in units):
        raise NotWorthError(order.number)
    is_reduced = _is_reduced_alike(session, order)
    copies = [
        _more_of(order, lines[line_id], quantity, is_reduced=is_reduced)
        for line_id, quantity in sorted(units.items(), key=lambda it: lines[it[0]].variant_id)
    ]
    added = _order_of(order, copies)
    if added.total.minor < smallest_charge(added.total.currency):
        raise NotWorthError(order.number)
    session.add(added)
    session.flush()
    if added.discount_minor:
        title = next(use.title for use in order.discounts if use.goods_minor)
        session.add(DiscountUse(order_id=added.id, title=title, goods_minor=added.discount_minor))
    said = ", ".join(f"{it.quantity} of {it.sku}" for it in copies)
    note_event(session, order, "added", f"{said} by {added.number}, {added.total}.", BUYER)
    hold(session, order, waiting_for(added.number))
    session.flush()
    return begin_payment(session, added.id, origin)


def waited_for(session: Session, order: Order) -> Order | None:
    """Return the order of what a buyer added, where it still waits for its payment."""
    found = select(Order).where(Order.follows_id == order.id, Order.status == OrderStatus.PENDING)
    return session.scalars(found.order_by(Order.id.desc()).limit(1)).one_or_none()


def _net(line: OrderLine) -> int:
    """Return what a line cost after its discount, without a tax that was added."""
    return line.total.minor - line.discount_minor


def _is_reduced_alike(session: Session, order: Order) -> bool:
    """Say whether all that was taken off the lines was a percentage, which more units have too."""
    uses = [it for it in order.discounts if it.goods_minor]
    if not uses:
        return False
    ids = [it.discount_id for it in uses]
    kinds = select(Discount.id).where(
        Discount.id.in_([it for it in ids if it is not None]),
        Discount.kind == DiscountKind.PERCENTAGE,
    )
    percentages = set(session.scalars(kinds))
    return all(it in percentages for it in ids)


def _more_of(order: Order, line: OrderLine, quantity: int, *, is_reduced: bool) -> OrderLine:
    """Return units at what one of a line cost; its tax is in the proportion that it was."""
    off = line.discount_minor * quantity // line.quantity if is_reduced else 0
    net, was = line.unit_price.minor * quantity - off, _net(line)
    tax = (2 * line.tax_minor * net + was) // (2 * was)  # halves up
    return OrderLine(
        variant_id=line.variant_id,
        product_handle=line.product_handle,
        title=line.title,
        variant_title=line.variant_title,
        sku=line.sku,
        quantity=quantity,
        unit_price=Money(line.unit_price.minor, order.total.currency),
        discount_minor=off,
        tax_minor=tax,
        weight_g=line.weight_g,
        image_key=line.image_key,
        parts=dict(line.parts),
    )


def _order_of(order: Order, lines: Sequence[OrderLine]) -> Order:
    whole = sum(it.total.minor for it in lines)
    off, tax = sum(it.discount_minor for it in lines), sum(it.tax_minor for it in lines)
    with speaking(order.language):
        title = gettext("With %(number)s", number=order.number)
    return following(
        order,
        status=OrderStatus.DRAFT,
        follows_id=order.id,
        total=Money(whole - off + (0 if order.tax_is_included else tax), order.total.currency),
        subtotal_minor=whole,
        discount_minor=off,
        tax_minor=tax,
        tax_is_included=order.tax_is_included,
        tax_title=order.tax_title,
        shipping_title=title,
        lines=list(lines),
    )
