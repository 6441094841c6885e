"""Rules of stock: the ledger replays to it and to where it lies, and each sale left it once."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    Subquery,
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
    Location,
    MovementKind,
    Order,
    OrderLine,
    OrderStatus,
    Reservation,
    Stock,
    StockLevel,
    StockMovement,
    Variant,
)
from models.inventory import FIGURES, FIGURES_AT
from storefront.verify.columns import or_zero
from storefront.verify.ledger import IS_HELD, IS_SOLD, PAID, UNPAID, of_orders


def ledger_is_stock(session: Session) -> Iterator[str]:
    """Hold the five figures of each variant against the sums of its movements."""
    replayed = _sums(StockMovement, FIGURES, StockMovement.variant_id)
    wrong = (
        select(Variant.sku, *_pairs(Stock, replayed, FIGURES))
        .outerjoin(Stock, Stock.variant_id == Variant.id)
        .outerjoin(replayed, replayed.c.variant_id == Variant.id)
        .where(_differ(Stock, replayed, FIGURES))
        .order_by(Variant.sku)
    )
    for sku, *figures in session.execute(wrong):
        yield f"{sku}: {_said(FIGURES, figures, 'in the ledger')}"


def ledger_is_levels(session: Session) -> Iterator[str]:
    """Hold what lies at each location against the sums of the movements there."""
    line, level = StockMovement, StockLevel
    replayed = _sums(line, FIGURES_AT, line.variant_id, line.location_id)
    wrong = (
        select(Variant.sku, Location.title, *_pairs(level, replayed, FIGURES_AT))
        .select_from(Variant)
        .join(Location, true())
        .outerjoin(level, and_(level.variant_id == Variant.id, level.location_id == Location.id))
        .outerjoin(
            replayed,
            and_(replayed.c.variant_id == Variant.id, replayed.c.location_id == Location.id),
        )
        .where(_differ(level, replayed, FIGURES_AT))
        .order_by(Variant.sku, Location.title)
    )
    for sku, title, *figures in session.execute(wrong):
        yield f"{sku} at {title}: {_said(FIGURES_AT, figures, 'in the ledger')}"


def movements_are_placed(session: Session) -> Iterator[str]:
    """Find lines of the ledger that say of units somewhere, and not where."""
    line = StockMovement
    wrong = (
        select(Variant.sku, line.kind, line.created_at)
        .join(Variant, Variant.id == line.variant_id)
        .where(line.location_id.is_(None), or_(*(getattr(line, it) != 0 for it in FIGURES_AT)))
        .order_by(line.id)
    )
    for sku, kind, moment in session.execute(wrong):
        yield f"{sku}: {kind} on {moment:%Y-%m-%d} has no location"


def ledger_is_possible(session: Session) -> Iterator[str]:
    """Find variants of which, at some line of the ledger, a place had promised what it had not."""
    line = StockMovement
    place = (line.variant_id, line.location_id)
    running = select(
        line.variant_id,
        func.sum(line.on_hand - line.reserved - line.unavailable)
        .over(partition_by=place, order_by=line.id)
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
    ledger_is_levels,
    movements_are_placed,
    ledger_is_possible,
    sales_left_once,
    unpaid_orders_sold_nothing,
    returns_were_sold,
)


def _sums(table: Any, figures: tuple[str, ...], *by: Any) -> Subquery:
    sums = (func.sum(getattr(table, figure)).label(figure) for figure in figures)
    return select(*by, *sums).group_by(*by).subquery()


def _pairs(table: Any, sums: Subquery, figures: tuple[str, ...]) -> list[ColumnElement[int]]:
    """Return, for each figure, what is kept and what it should be; 0 where there is no row."""
    pairs = ((or_zero(getattr(table, it)), or_zero(sums.c[it])) for it in figures)
    return [figure for pair in pairs for figure in pair]


def _differ(table: Any, sums: Subquery, figures: tuple[str, ...]) -> ColumnElement[bool]:
    found = _pairs(table, sums, figures)
    return or_(*(has != should for has, should in zip(found[::2], found[1::2], strict=True)))


def _said(figures: tuple[str, ...], found: list[int], where: str) -> str:
    return "; ".join(
        f"{has} {figure.replace('_', ' ')}, {should} {where}"
        for figure, has, should in zip(figures, found[::2], found[1::2], strict=True)
        if has != should
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
    return (
        select(
            OrderLine.order_id,
            func.coalesce(cast(parts.c.key, Integer), OrderLine.variant_id).label("variant_id"),
            (OrderLine.quantity * func.coalesce(cast(parts.c.value, Integer), 1)).label("needed"),
            literal(0).label("left"),
        )
        .outerjoin(parts, true())
        .where(OrderLine.is_gift_card.is_(False))
    )
