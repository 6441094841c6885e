"""Rules of orders: their sums, their one currency, and that each was paid once."""

from collections.abc import Iterator

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from models import DiscountUse, FulfilmentLine, Order, OrderEvent, OrderLine, OrderStatus
from storefront.verify.columns import column, or_zero, total

TOTAL = column(Order, "total_minor")
PAID = (OrderStatus.PAID, OrderStatus.SHIPPED)


def totals_are_sums(session: Session) -> Iterator[str]:
    """Hold each order's subtotal, discount, tax and total against what they are the sums of."""
    lines = (
        select(
            OrderLine.order_id,
            total(OrderLine.quantity * column(OrderLine, "unit_price_minor")).label("goods"),
            total(OrderLine.discount_minor).label("discount"),
            total(OrderLine.tax_minor).label("tax"),
        )
        .group_by(OrderLine.order_id)
        .subquery()
    )
    uses = (
        select(DiscountUse.order_id, total(DiscountUse.goods_minor).label("goods"))
        .group_by(DiscountUse.order_id)
        .subquery()
    )
    added = case((Order.tax_is_included, 0), else_=Order.tax_minor)
    parts = Order.subtotal_minor - Order.discount_minor + Order.shipping_minor + added
    sums = {
        "the subtotal is {}, the lines sum to {}": (Order.subtotal_minor, or_zero(lines.c.goods)),
        "the discount is {}, the lines share {}": (
            Order.discount_minor,
            or_zero(lines.c.discount),
        ),
        "the discount is {}, the discounts took {}": (
            Order.discount_minor,
            or_zero(uses.c.goods),
        ),
        "the tax is {}, lines and shipping have {}": (
            Order.tax_minor,
            or_zero(lines.c.tax) + Order.shipping_tax_minor,
        ),
        "the total is {}, its parts sum to {}": (TOTAL, parts),
    }
    wrong = (
        select(Order.number, *(figure for pair in sums.values() for figure in pair))
        .outerjoin(lines, lines.c.order_id == Order.id)
        .outerjoin(uses, uses.c.order_id == Order.id)
        .where(or_(*(has != should for has, should in sums.values())))
        .order_by(Order.number)
    )
    for number, *figures in session.execute(wrong):
        for text, has, should in zip(sums, figures[::2], figures[1::2], strict=True):
            if has != should:
                yield f"{number}: {text.format(has, should)}"


def lines_have_the_currency(session: Session) -> Iterator[str]:
    """Find lines in another currency than their order."""
    asked, found = column(Order, "currency"), column(OrderLine, "unit_price_currency")
    wrong = (
        select(Order.number, asked, OrderLine.sku, found)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(asked != found)
        .order_by(Order.number, OrderLine.sku)
    )
    for number, currency, sku, other in session.execute(wrong):
        yield f"{number}: in {currency}, but {sku} in {other}"


def paid_orders_were_paid_once(session: Session) -> Iterator[str]:
    """Find orders that did not become paid exactly once, or without ever being paid."""
    events = (
        select(OrderEvent.order_id, func.count().label("count"))
        .where(OrderEvent.kind == OrderStatus.PAID.value)
        .group_by(OrderEvent.order_id)
        .subquery()
    )
    count = or_zero(events.c.count)
    should = case((Order.paid_at.is_not(None), 1), else_=0)
    is_paid = case((Order.status.in_(PAID), 1), else_=0)
    wrong = (
        select(Order.number, Order.status, count)
        .outerjoin(events, events.c.order_id == Order.id)
        .where(or_(count != should, is_paid > should))
        .order_by(Order.number)
    )
    for number, status, times in session.execute(wrong):
        yield f"{number}: {status}, became paid {times} times"


def parcels_hold_what_shipped(session: Session) -> Iterator[str]:
    """Hold how many units of each line left against what is in the parcels."""
    packed = (
        select(FulfilmentLine.order_line_id, total(FulfilmentLine.quantity).label("units"))
        .group_by(FulfilmentLine.order_line_id)
        .subquery()
    )
    units = or_zero(packed.c.units)
    wrong = (
        select(Order.number, OrderLine.sku, OrderLine.shipped_quantity, units)
        .join(Order, Order.id == OrderLine.order_id)
        .outerjoin(packed, packed.c.order_line_id == OrderLine.id)
        .where(OrderLine.shipped_quantity != units)
        .order_by(Order.number, OrderLine.sku)
    )
    for number, sku, has, should in session.execute(wrong):
        yield f"{number}: {has} of {sku} shipped, its parcels hold {should}"


def what_left_in_part_is_known(session: Session) -> Iterator[str]:
    """Find orders of which a part left without its being noted, or that are noted without."""
    left = select(OrderLine.id).where(
        OrderLine.order_id == Order.id, OrderLine.shipped_quantity > 0
    )
    should = and_(left.exists(), Order.status != OrderStatus.SHIPPED)
    is_noted = Order.partly_shipped_at.is_not(None)
    wrong = select(Order.number, Order.partly_shipped_at).where(is_noted != should)
    for number, since in session.execute(wrong.order_by(Order.number)):
        yield f"{number}: {'noted as left in part' if since else 'a part of it left, not noted'}"


def orders_wait_for_what_is_open(session: Session) -> Iterator[str]:
    """Find orders that still wait for one that follows them and is paid or ended."""
    later = aliased(Order)
    waits = Order.attention.contains("It waits until " + later.number + ",")
    wrong = (
        select(Order.number, later.number, later.status)
        .join(later, later.follows_id == Order.id)
        .where(waits, later.status.in_((*PAID, OrderStatus.CANCELLED)))
        .order_by(Order.number, later.number)
    )
    for number, other, status in session.execute(wrong):
        yield f"{number}: waits for {other}, which is {status}"


RULES = (
    totals_are_sums,
    lines_have_the_currency,
    paid_orders_were_paid_once,
    parcels_hold_what_shipped,
    what_left_in_part_is_known,
    orders_wait_for_what_is_open,
)
