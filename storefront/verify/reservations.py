"""Rules of reservations: every promise is in the stock, in the ledger, and of an open order."""

from collections.abc import Iterator

from sqlalchemy import and_, case, or_, select
from sqlalchemy.orm import Session

from models import Order, OrderStatus, Reservation, ReservationState, Stock, Variant
from storefront.verify.columns import or_zero
from storefront.verify.ledger import IS_HELD, UNPAID, of_orders, when


def reservations_are_promised(session: Session) -> Iterator[str]:
    """Hold what is reserved and backordered of each variant against its held reservations."""
    held = (
        select(
            Reservation.variant_id,
            when(IS_HELD & ~Reservation.is_backorder, Reservation.quantity).label("reserved"),
            when(IS_HELD & Reservation.is_backorder, Reservation.quantity).label("backordered"),
        )
        .group_by(Reservation.variant_id)
        .subquery()
    )
    names = ("reserved", "backordered")
    pairs = [(or_zero(getattr(Stock, name)), or_zero(held.c[name])) for name in names]
    wrong = (
        select(Variant.sku, *(figure for pair in pairs for figure in pair))
        .outerjoin(Stock, Stock.variant_id == Variant.id)
        .outerjoin(held, held.c.variant_id == Variant.id)
        .where(or_(*(has != should for has, should in pairs)))
        .order_by(Variant.sku)
    )
    for sku, *figures in session.execute(wrong):
        for name, has, should in zip(names, figures[::2], figures[1::2], strict=True):
            if has != should:
                yield f"{sku}: {has} {name}, but open orders hold {should}"


def reservations_have_open_orders(session: Session) -> Iterator[str]:
    """Find orders that hold units and wait for nothing; a paid one may wait for a backorder."""
    may_hold = or_(
        Order.status.in_(UNPAID),
        and_(Order.status == OrderStatus.PAID, Reservation.is_backorder),
    )
    wrong = (
        select(Order.number, Order.status)
        .join(Reservation, Reservation.order_id == Order.id)
        .where(IS_HELD, ~may_hold)
        .distinct()
        .order_by(Order.number)
    )
    for number, status in session.execute(wrong):
        yield f"{number}: {status}, but still holds units"


def reservations_are_in_the_ledger(session: Session) -> Iterator[str]:
    """Hold what became of each reservation against the movements of its order and variant."""
    quantity = Reservation.quantity
    is_sold = Reservation.state == ReservationState.SOLD
    should = {
        "reserved": case((IS_HELD & ~Reservation.is_backorder, quantity), else_=0),
        "backordered": case((IS_HELD & Reservation.is_backorder, quantity), else_=0),
        "sold": case((is_sold, quantity), else_=0) + Reservation.delivered,
    }
    ledger = of_orders()
    there = {name: or_zero(ledger.c[name]) for name in should}
    wrong = (
        select(Order.number, Variant.sku, Reservation.state, quantity, *there.values())
        .join(Order, Order.id == Reservation.order_id)
        .join(Variant, Variant.id == Reservation.variant_id)
        .outerjoin(
            ledger,
            and_(
                ledger.c.order_id == Reservation.order_id,
                ledger.c.variant_id == Reservation.variant_id,
            ),
        )
        .where(or_(*(there[name] != should[name] for name in should)))
        .order_by(Order.number, Variant.sku)
    )
    for number, sku, state, units, *figures in session.execute(wrong):
        found = ", ".join(f"{figure} {name}" for name, figure in zip(should, figures, strict=True))
        yield f"{number}: {units} of {sku} are {state}, the ledger has {found}"


RULES = (
    reservations_are_promised,
    reservations_have_open_orders,
    reservations_are_in_the_ledger,
)
