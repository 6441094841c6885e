"""Proof that stock and money add up: each rule is one query that lists what breaks it."""

from collections.abc import Iterator

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from models import (
    Base,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentStatus,
    Reservation,
    ReservationState,
    Stock,
    StockMovement,
    Variant,
)


def problems(session: Session) -> list[str]:
    """Return a line for each thing that does not add up; an empty list is the proof."""
    return [line for rule in RULES for line in rule(session)]


def ledger_is_stock(session: Session) -> Iterator[str]:
    """Hold the stock of each variant against the sum of its movements."""
    replayed = (
        select(
            StockMovement.variant_id,
            func.sum(StockMovement.on_hand).label("on_hand"),
            func.sum(StockMovement.reserved).label("reserved"),
        )
        .group_by(StockMovement.variant_id)
        .subquery()
    )
    on_hand = func.coalesce(replayed.c.on_hand, 0)
    reserved = func.coalesce(replayed.c.reserved, 0)
    wrong = (
        select(Variant.sku, Stock.on_hand, on_hand, Stock.reserved, reserved)
        .join(Variant, Variant.id == Stock.variant_id)
        .outerjoin(replayed, replayed.c.variant_id == Stock.variant_id)
        .where(or_(Stock.on_hand != on_hand, Stock.reserved != reserved))
    )
    for sku, has, should, held, should_hold in session.execute(wrong):
        yield f"{sku}: {has} on hand, {should} in the ledger; {held} reserved, {should_hold} there"


def reservations_are_reserved(session: Session) -> Iterator[str]:
    """Hold what is reserved of each variant against its held reservations."""
    held = case((Reservation.state == ReservationState.HELD, Reservation.quantity), else_=0)
    sums = (
        select(Reservation.variant_id, func.sum(held).label("held"))
        .group_by(Reservation.variant_id)
        .subquery()
    )
    promised = func.coalesce(sums.c.held, 0)
    wrong = (
        select(Variant.sku, Stock.reserved, promised)
        .join(Variant, Variant.id == Stock.variant_id)
        .outerjoin(sums, sums.c.variant_id == Stock.variant_id)
        .where(Stock.reserved != promised)
    )
    for sku, reserved, should in session.execute(wrong):
        yield f"{sku}: {reserved} reserved, but open orders hold {should}"


def reservations_have_open_orders(session: Session) -> Iterator[str]:
    """Find orders that hold units and do not wait for their money."""
    wrong = (
        select(Order.number, Order.status)
        .join(Reservation, Reservation.order_id == Order.id)
        .where(
            Reservation.state == ReservationState.HELD,
            Order.status.not_in([OrderStatus.PENDING, OrderStatus.PROCESSING]),
        )
        .distinct()
    )
    for number, status in session.execute(wrong):
        yield f"{number}: {status}, but still holds units"


def totals_are_lines(session: Session) -> Iterator[str]:
    """Hold what each order's total begins with against the sum of its lines."""
    total = Order.subtotal_minor
    line = OrderLine.quantity * _column(OrderLine, "unit_price_minor")
    summed = func.coalesce(func.sum(line), 0)
    wrong = (
        select(Order.number, total, summed)
        .outerjoin(OrderLine, OrderLine.order_id == Order.id)
        .group_by(Order.id)
        .having(total != summed)
    )
    for number, has, should in session.execute(wrong):
        yield f"{number}: the total is {has}, the lines sum to {should}"


def paid_orders_are_paid(session: Session) -> Iterator[str]:
    """Hold each order's status against the money that came: its total, or none that stays.

    An order that is held for staff (``attention``) has been noticed already.
    """
    came = _column(Payment, "amount_minor")
    stays = came - Payment.refunded_minor
    is_kept = Order.status.in_([OrderStatus.PAID, OrderStatus.SHIPPED])
    paid = case((Payment.status != PaymentStatus.PAID, 0), (is_kept, came), else_=stays)
    received = func.coalesce(func.sum(paid), 0)
    total = _column(Order, "total_minor")
    is_paid = Order.status.in_([OrderStatus.PAID, OrderStatus.SHIPPED])
    wrong = (
        select(Order.number, Order.status, total, received)
        .outerjoin(Payment, Payment.order_id == Order.id)
        .where(Order.attention.is_(None))
        .group_by(Order.id)
        .having(received != case((is_paid, total), else_=0))
    )
    for number, status, asked, got in session.execute(wrong):
        yield f"{number}: {status}, {got} of {asked} received"


RULES = (
    ledger_is_stock,
    reservations_are_reserved,
    reservations_have_open_orders,
    totals_are_lines,
    paid_orders_are_paid,
)


def _column(table: type[Base], name: str) -> ColumnElement[int]:
    """Return one column of a money composite."""
    return table.__table__.c[name]
