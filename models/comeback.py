"""What of an order may still come back, and whether anything did."""

from sqlalchemy import ColumnElement, case, func, select

from models.goods_return import ENDED_EARLY, Return, ReturnLine
from models.order import Order
from models.order_line import OrderLine
from models.payment import Payment
from models.refund import COUNTED, Refund, RefundLine


def is_kept() -> ColumnElement[bool]:
    """Return whether nothing of an order was given back or is to come back.

    An expression for statements over orders.
    """
    refund = (
        select(Refund.id)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Payment.order_id == Order.id, Refund.status.in_(COUNTED))
    )
    back = select(Return.id).where(Return.order_id == Order.id, Return.status.not_in(ENDED_EARLY))
    return ~refund.exists() & ~back.exists()


def can_come_back() -> ColumnElement[int]:
    """Return what of a line's shipped units is not on its way back or back on the shelf already.

    An expression for statements over order lines. A return counts unless it was declined or
    withdrawn, a refund where it put units that had left back on the shelf. A gift card never comes
    back.
    """
    returned = (
        select(func.coalesce(func.sum(ReturnLine.quantity), 0))
        .join(Return, Return.id == ReturnLine.return_id)
        .where(ReturnLine.order_line_id == OrderLine.id, Return.status.not_in(ENDED_EARLY))
        .scalar_subquery()
    )
    restocked = (
        select(func.coalesce(func.sum(RefundLine.quantity - RefundLine.cancelled), 0))
        .join(Refund, Refund.id == RefundLine.refund_id)
        .where(
            RefundLine.order_line_id == OrderLine.id,
            RefundLine.is_restocked,
            Refund.status.in_(COUNTED),
        )
        .scalar_subquery()
    )
    left = OrderLine.shipped_quantity - returned - restocked
    return case((OrderLine.is_gift_card, 0), else_=left)
