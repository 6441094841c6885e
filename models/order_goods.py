"""How far the goods of an order have come: in part, wholly, or not as far as was thought."""

from sqlalchemy import func, literal, select, update
from sqlalchemy.orm import Session

from models.base import now
from models.order import Order, OrderStatus, advance
from models.order_line import OrderLine


def finish(session: Session, order: Order, *, actor: str, note: str = "") -> bool:
    """Make a paid order shipped where something left and nothing is still to; say whether it is.

    Where a part of it left, it is one of which the rest waits. The caller holds its row locked.
    """
    shipped, to_ship = _units(session, order)
    if to_ship or not shipped:
        _note_part(session, order, shipped)
        return False
    advance(session, order, OrderStatus.SHIPPED, actor=actor, note=note)
    return True


def reopen(session: Session, order: Order) -> None:
    """Let an order of which a parcel did not leave wait to ship again, or for the rest of it."""
    session.execute(
        update(Order)
        .where(Order.id == order.id, Order.status == OrderStatus.SHIPPED)
        .values(status=OrderStatus.PAID, shipped_at=None)
        .execution_options(synchronize_session=False)
    )
    _note_part(session, order, _units(session, order)[0])
    session.refresh(order, ["status", "shipped_at"])


def _units(session: Session, order: Order) -> tuple[int, int]:
    """Return how many units left, and how many are still to."""
    left = OrderLine.quantity - OrderLine.shipped_quantity - OrderLine.cancelled_quantity
    found = select(
        func.coalesce(func.sum(OrderLine.shipped_quantity), 0), func.coalesce(func.sum(left), 0)
    )
    shipped, to_ship = session.execute(found.where(OrderLine.order_id == order.id)).one()
    return shipped, to_ship


def _note_part(session: Session, order: Order, shipped: int) -> None:
    moment = literal(now(), Order.partly_shipped_at.type)
    since = func.coalesce(Order.partly_shipped_at, moment) if shipped else None
    session.execute(
        update(Order)
        .where(Order.id == order.id)
        .values(partly_shipped_at=since)
        .execution_options(synchronize_session=False)
    )
