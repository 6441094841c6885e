"""What the rules of stock ask of the ledger."""

from typing import Any

from sqlalchemy import ColumnElement, Subquery, case, func, select

from models import MovementKind, OrderStatus, Reservation, ReservationState, StockMovement
from storefront.verify.columns import total

UNPAID = (OrderStatus.PENDING, OrderStatus.PROCESSING)
PAID = (OrderStatus.PAID, OrderStatus.SHIPPED)
IS_HELD = Reservation.state == ReservationState.HELD
IS_SOLD = StockMovement.kind == MovementKind.SOLD


def when(condition: ColumnElement[bool], value: Any) -> ColumnElement[int]:
    """Return the sum of a value over the rows of which a condition holds."""
    return total(case((condition, value), else_=0))


def of_orders() -> Subquery:
    """Return what the ledger says of each order and variant."""
    is_return = StockMovement.kind == MovementKind.RETURNED
    return (
        select(
            StockMovement.order_id,
            StockMovement.variant_id,
            func.sum(StockMovement.reserved).label("reserved"),
            func.sum(StockMovement.backordered).label("backordered"),
            when(IS_SOLD, -StockMovement.on_hand).label("sold"),
            when(is_return, StockMovement.on_hand).label("returned"),
        )
        .where(StockMovement.order_id.is_not(None))
        .group_by(StockMovement.order_id, StockMovement.variant_id)
        .subquery()
    )
