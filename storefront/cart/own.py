"""What a cart's own unpaid order holds: its buyer is never in her own way."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import CompoundSelect, bindparam, func, literal, select, union_all
from sqlalchemy.orm import Session

from models import (
    DiscountUse,
    DiscountUseState,
    Order,
    OrderStatus,
    Reservation,
    ReservationState,
)
from storefront.visitor import NOTHING

# Of tables, not of classes: so the mapper has no part in it.
_orders, _held, _uses = Order.__table__.c, Reservation.__table__.c, DiscountUse.__table__.c
_IS_OPEN = (_orders.cart_id == bindparam("cart_id")) & (_orders.status == OrderStatus.PENDING)
_UNITS = (
    select(literal("units"), _held.variant_id, func.sum(_held.quantity))
    .join(Order.__table__, _orders.id == _held.order_id)
    .where(_IS_OPEN, _held.state == ReservationState.HELD)
    .group_by(_held.variant_id)
)
_DISCOUNTS = (
    select(literal("discount"), _uses.discount_id, literal(1))
    .join(Order.__table__, _orders.id == _uses.order_id)
    .where(_IS_OPEN, _uses.state == DiscountUseState.HELD)
)
_ORDER = select(literal("order"), _orders.id, literal(1)).where(_IS_OPEN)
_HELD: CompoundSelect[Any] = union_all(_UNITS, _DISCOUNTS, _ORDER)


@dataclass(frozen=True, slots=True)
class Own:
    """units: of stocked variants by id, which count as there; discounts: ids of those held.

    has_order: there is an order that waits for its payment.
    """

    units: Mapping[int, int] = field(default_factory=lambda: NOTHING)
    discounts: frozenset[int] = frozenset()
    has_order: bool = False


def held_by(session: Session, cart_id: int | None) -> Own:
    """Return what the order of this cart that waits for payment holds, in one query."""
    if cart_id is None:
        return Own()
    rows: Sequence[Any] = session.execute(_HELD, {"cart_id": cart_id}).all()
    return Own(
        {row[1]: int(row[2]) for row in rows if row[0] == "units"},
        frozenset(row[1] for row in rows if row[0] == "discount"),
        any(row[0] == "order" for row in rows),
    )


def uses_held(session: Session, cart_id: int, discount_id: int, customer: str) -> int:
    """Return the uses that the cart's own unpaid order holds: the next order takes them over."""
    held = (
        select(func.count())
        .select_from(DiscountUse)
        .join(Order, Order.id == DiscountUse.order_id)
        .where(
            Order.cart_id == cart_id,
            Order.status == OrderStatus.PENDING,
            DiscountUse.discount_id == discount_id,
            DiscountUse.customer == customer,
            DiscountUse.state == DiscountUseState.HELD,
        )
    )
    return session.scalar(held) or 0
