"""Locking an order, so that what is done with its money and its goods is done one after another."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from models.apart import apart, gathered
from models.discount import DiscountUse
from models.order import Order
from models.order_line import OrderLine
from models.payment import Payment

_OF: Any = bindparam("of")
_LOCKED = select(Order).with_for_update().execution_options(populate_existing=True)
_LOCK = _LOCKED.where(Order.id == _OF)
_LOCK_BY_SESSION = _LOCKED.where(
    Order.id
    == select(Payment.order_id)
    .where(Payment.session_id == bindparam("session_id"))
    .scalar_subquery()
)
_PARTS = apart(
    (OrderLine, OrderLine.order_id == _OF, (OrderLine.id,)),
    (DiscountUse, DiscountUse.order_id == _OF, (DiscountUse.id,)),
    (Payment, Payment.order_id == _OF, (Payment.id,)),
)


def lock(session: Session, order_id: int) -> Order:
    """Return an order as it is now, lines and discounts loaded, its row locked until the commit.

    Whatever writes an order's money locks it first, before its payments, refunds or disputes.
    """
    return _loaded(session, session.scalars(_LOCK, {"of": order_id}).one())[0]


def lock_by_session(session: Session, session_id: str) -> tuple[Order, list[Payment]] | None:
    """Return the order of a payment page locked as by ``lock``, and its payments as they are now.

    None where no payment has this page.
    """
    order = session.scalars(_LOCK_BY_SESSION, {"session_id": session_id}).one_or_none()
    return None if order is None else _loaded(session, order)


def _loaded(session: Session, order: Order) -> tuple[Order, list[Payment]]:
    """Read what belongs to an order whose row is locked: after the lock, so that it is as it is."""
    parts = gathered(session, _PARTS, {"of": order.id}, populate_existing=True)
    lines, discounts, payments = parts
    set_committed_value(order, "lines", lines)
    set_committed_value(order, "discounts", discounts)
    return order, payments
