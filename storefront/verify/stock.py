"""Rules of stock: the ledger replays to it, and each sale left it once."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from models import (
    MovementKind,
    Order,
    OrderLine,
    OrderStatus,
    Reservation,
    Stock,
    StockMovement,
    Variant,
)
from models.inventory import FIGURES
from storefront.verify.columns import or_zero
from storefront.verify.ledger import IS_HELD, IS_SOLD, PAID, UNPAID, of_orders


def ledger_is_stock(session: Session) -> Iterator[str]:
    """Hold the five figures of each variant against the sums of its movements."""
    replayed = (
        select(
            StockMovement.variant_id,
            *(func.sum(getattr(StockMovement, figure)).label(figure) for figure in FIGURES),
        )
        .group_by(StockMovement.variant_id)
        .subquery()
    )
    pairs = [(or_zero(getattr(Stock, it)), or_zero(replayed.c[it])) for it in FIGURES]
    wrong = (
        select(Variant.sku, *(figure for pair in pairs for figure in pair))
        .outerjoin(Stock, Stock.variant_id == Variant.id)
        .outerjoin(replayed, replayed.c.variant_id == Variant.id)
        .where(or_(*(has != should for has, should in pairs)))
        .order_by(Variant.sku)
    )
    for sku, *figures in session.execute(wrong):
        found = zip(FIGURES, figures[::2], figures[1::2], strict=True)
        yield f"{sku}: " + "; ".join(
            f"{has} {figure.replace('_', ' ')}, {should} in the ledger"
            for figure, has, should in found
            if has != should
        )


def ledger_is_possible(session: Session) -> Iterator[str]:
    """Find variants of which, at some line of the ledger, more was promised than was there."""
    free = StockMovement.on_hand - StockMovement.reserved - StockMovement.unavailable
    running = select(
        StockMovement.variant_id,
        func.sum(free)
        .over(partition_by=StockMovement.variant_id, order_by=StockMovement.id)
        .label("free"),
    ).subquery()
    wrong = (
        select(Variant.sku, func.min(running.c.free))
        .join(running, running.c.variant_id == Variant.id)
        .where(running.c.free < 0)
        .group_by(Variant.sku)
        .order_by(Variant.sku)
    )
    for sku, least in session.execute(wrong):
        yield f"{sku}: the ledger once had {-least} units promised that were not there"


def sales_left_once(session: Session) -> Iterator[str]:
    """Hold the units that each paid order's lines need against those that left the stock for it.

    What is still on backorder, or was refunded before it came, counts as left.
    """
    rows = _needed_and_left(session).subquery()
    needed, left = func.sum(rows.c.needed), func.sum(rows.c.left)
    wrong = (
        select(Order.number, Variant.sku, needed, left)
        .join(Order, Order.id == rows.c.order_id)
        .join(Variant, Variant.id == rows.c.variant_id)
        .where(Order.status.in_(PAID))
        .group_by(Order.number, Variant.sku)
        .having(needed != left)
        .order_by(Order.number, Variant.sku)
    )
    for number, sku, should, has in session.execute(wrong):
        yield f"{number}: its lines need {should} of {sku}, {has} left the stock"


def unpaid_orders_sold_nothing(session: Session) -> Iterator[str]:
    """Find orders that were never paid and took units off the shelf."""
    never_paid = or_(
        Order.status.in_(UNPAID),
        and_(Order.status == OrderStatus.CANCELLED, Order.paid_at.is_(None)),
    )
    sold = -func.sum(StockMovement.on_hand)
    wrong = (
        select(Order.number, Order.status, Variant.sku, sold)
        .join(Order, Order.id == StockMovement.order_id)
        .join(Variant, Variant.id == StockMovement.variant_id)
        .where(never_paid, IS_SOLD)
        .group_by(Order.number, Order.status, Variant.sku)
        .order_by(Order.number, Variant.sku)
    )
    for number, status, sku, units in session.execute(wrong):
        yield f"{number}: {status}, but {units} of {sku} were sold"


def returns_were_sold(session: Session) -> Iterator[str]:
    """Find orders of which more came back than had left."""
    ledger = of_orders()
    wrong = (
        select(Order.number, Variant.sku, ledger.c.returned, ledger.c.sold)
        .join(Order, Order.id == ledger.c.order_id)
        .join(Variant, Variant.id == ledger.c.variant_id)
        .where(ledger.c.returned > ledger.c.sold)
        .order_by(Order.number, Variant.sku)
    )
    for number, sku, returned, sold in session.execute(wrong):
        yield f"{number}: {returned} of {sku} came back, but {sold} were sold"


RULES = (
    ledger_is_stock,
    ledger_is_possible,
    sales_left_once,
    unpaid_orders_sold_nothing,
    returns_were_sold,
)


def _needed_and_left(session: Session) -> CompoundSelect[*tuple[Any, ...]]:
    """Return the units that lines need, and those that left or are owed, by order and variant."""
    none = literal(0)
    is_given_up = and_(StockMovement.kind == MovementKind.RELEASED, StockMovement.backordered < 0)
    moved, order_id = StockMovement.variant_id, StockMovement.order_id
    return union_all(
        _needed(session),
        select(order_id, moved, none, -StockMovement.on_hand).where(IS_SOLD),
        select(order_id, moved, none, -StockMovement.backordered).where(is_given_up),
        select(Reservation.order_id, Reservation.variant_id, none, Reservation.quantity).where(
            IS_HELD, Reservation.is_backorder
        ),
    )


def _needed(session: Session) -> Select[*tuple[Any, ...]]:
    """Return what each line takes: its own variant, or the parts that it was made of."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    each = func.json_each_text if is_postgresql else func.json_each
    parts = each(OrderLine.parts).table_valued("key", "value", name="parts")
    return select(
        OrderLine.order_id,
        func.coalesce(cast(parts.c.key, Integer), OrderLine.variant_id).label("variant_id"),
        (OrderLine.quantity * func.coalesce(cast(parts.c.value, Integer), 1)).label("needed"),
        literal(0).label("left"),
    ).outerjoin(parts, true())
