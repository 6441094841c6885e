"""Looking at the ledger of a variant, and at the orders that wait for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, Integer, cast, column, func, select, values
from sqlalchemy.orm import Session

from models import (
    Location,
    Order,
    OrderStatus,
    Reservation,
    ReservationState,
    Stock,
    StockMovement,
)
from models.inventory import FIGURES, MovementKind
from storefront.staff.listing import PER_PAGE, AnySelect

Figures: TypeAlias = Mapping[str, int]  # each of FIGURES, in units


@dataclass(frozen=True, slots=True)
class WantedLines:
    """Which movements a ledger shows; what is None or empty narrows nothing.

    since and until: moments, the latter not included. actor, order: an email address or a name,
    an order's number, each as a whole.
    """

    kind: MovementKind | None = None
    actor: str = ""
    location_id: int | None = None
    order: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield what a movement must meet, joined to its order."""
        line = StockMovement
        if self.kind is not None:
            yield line.kind == self.kind
        if self.actor:
            yield func.lower(line.actor) == self.actor.lower()
        if self.location_id is not None:
            yield line.location_id == self.location_id
        if self.order:
            yield Order.number == self.order.upper()
        if self.since is not None:
            yield line.created_at >= self.since
        if self.until is not None:
            yield line.created_at < self.until


@dataclass(frozen=True, slots=True)
class Start:
    """Where a page of a ledger begins: before which line, and what there was just before it."""

    before: int
    figures: Figures


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A movement: by how much it changed each figure, and what that was afterwards."""

    movement: StockMovement
    order_number: str | None
    location_title: str | None
    changes: Figures
    after: Figures


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Some lines of a ledger, and where the next ones begin; None where there are no more."""

    lines: list[LedgerLine]
    next: Start | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Units that an order waits for. is_here: enough is free, when older orders have theirs."""

    number: str
    status: OrderStatus
    since: datetime
    quantity: int
    is_here: bool


def ledger(
    session: Session, variant_id: int, wanted: WantedLines, start: Start | None = None
) -> LedgerPage:
    """Return a page of a variant's movements, newest first, with running numbers.

    start: where the page before has ended. Counted back from there, or from what there is now, so
    a page costs as much as the lines that it passes over, however long the ledger is: one query,
    and one more for what a filter leaves out between.
    """
    line = StockMovement
    newest = select(func.max(line.id)).where(line.variant_id == variant_id).scalar_subquery()
    found: AnySelect = (
        select(
            *(line, Order.number, Location.title, newest),
            *(getattr(Stock, figure) for figure in FIGURES),
        )
        .join(Stock, Stock.variant_id == line.variant_id)
        .outerjoin(Order, Order.id == line.order_id)
        .outerjoin(Location, Location.id == line.location_id)
        .where(line.variant_id == variant_id, *wanted.conditions())
        .order_by(line.id.desc())
        .limit(PER_PAGE + 1)
    )
    if start is not None:
        found = found.where(line.id < start.before)
    rows = session.execute(found).all()
    if not rows:
        return LedgerPage([], None)
    start = start or Start(rows[0][3] + 1, dict(zip(FIGURES, rows[0][4:], strict=True)))
    has_more, rows = len(rows) > PER_PAGE, rows[:PER_PAGE]
    movements = [row[0] for row in rows]
    passed = {it.id: _changes(it) for it in movements}
    if wanted != WantedLines():
        passed = _passed(session, variant_id, [it.id for it in movements], start.before)
    lines, left = [], start.figures
    for movement, number, title, *_ in rows:
        changes, gone = _changes(movement), passed[movement.id]
        after = {name: left[name] - gone[name] + changes[name] for name in FIGURES}
        left = {name: left[name] - gone[name] for name in FIGURES}
        lines.append(LedgerLine(movement, number, title, changes, after))
    return LedgerPage(lines, Start(movements[-1].id, left) if has_more else None)


def _changes(movement: StockMovement) -> Figures:
    return {figure: getattr(movement, figure) for figure in FIGURES}


def _passed(
    session: Session, variant_id: int, ids: Sequence[int], before: int
) -> dict[int, Figures]:
    """Return the sums of each line with those between it and the line shown above it."""
    line = StockMovement
    bounds = (
        values(column("low", Integer), column("high", Integer), name="bounds")
        .data([*zip(ids, (before, *ids), strict=False)])
        .cte("bounds")
    )
    sums = [cast(func.sum(getattr(line, figure)), Integer) for figure in FIGURES]
    between = (line.id >= bounds.c.low) & (line.id < bounds.c.high)
    found = (
        select(bounds.c.low, *sums)
        .join(line, between & (line.variant_id == variant_id))
        .group_by(bounds.c.low)
    )
    return {low: dict(zip(FIGURES, sums, strict=True)) for low, *sums in session.execute(found)}


def waiting(session: Session, variant_id: int, free: int) -> list[Waiting]:
    """Return the orders that wait for a variant, who waits longest first.

    free: units on hand that are neither promised nor unavailable.
    """
    found = (
        select(Order.number, Order.status, Reservation.created_at, Reservation.quantity)
        .join(Order, Order.id == Reservation.order_id)
        .where(
            Reservation.variant_id == variant_id,
            Reservation.is_backorder,
            Reservation.state == ReservationState.HELD,
        )
        .order_by(Reservation.created_at, Reservation.id)
    )
    lines, needed = [], 0
    for number, status, since, quantity in session.execute(found):
        needed += quantity
        lines.append(Waiting(number, status, since, quantity, needed <= free))
    return lines
