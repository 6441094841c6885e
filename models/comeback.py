"""How many units of an order's line may still come back."""

from sqlalchemy import ColumnElement, case, func, select

from models.goods_return import Return, ReturnLine, ReturnStatus
from models.order_line import OrderLine
from models.refund import COUNTED, Refund, RefundLine


def can_come_back() -> ColumnElement[int]:
    """Return what of a line's shipped units is not on its way back or back on the shelf already.

    An expression for statements over order lines. A return counts unless it was declined, a refund
    where it put units that had left back on the shelf. A gift card never comes back.
    """
    returned = (
        select(func.coalesce(func.sum(ReturnLine.quantity), 0))
        .join(Return, Return.id == ReturnLine.return_id)
        .where(ReturnLine.order_line_id == OrderLine.id, Return.status != ReturnStatus.DECLINED)
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
