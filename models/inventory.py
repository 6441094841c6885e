"""Stock as a ledger: what is there, what is promised, and every change of it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, bindparam, case, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from models.base import Base
from models.once import upsert
from models.placement import Changes, default_location, place
from models.stock import (
    AVAILABLE,
    FIGURES,
    FIGURES_AT,
    PER_UNIT,
    Location,
    MovementKind,
    OutOfStockError,
    Stock,
    StockLevel,
    StockMovement,
)
from models.stock_alert import call_waiting

__all__ = [
    "AVAILABLE",
    "FIGURES",
    "FIGURES_AT",
    "PER_UNIT",
    "Location",
    "MovementKind",
    "OutOfStockError",
    "Stock",
    "StockLevel",
    "StockMovement",
    "adjust",
    "adjust_all",
    "default_location",
    "level_at",
    "locked",
    "move",
    "moved",
    "receive",
    "set_on_hand",
    "shift",
    "transfer",
]


def move(session: Session, movement: StockMovement) -> None:
    """Apply a movement by conditional UPDATEs, and write it to the ledger.

    movement: its five figures are signed changes in units. One UPDATE of the variant's stock
    decides whether the units are there, and lets its movements take turns until the transaction
    ends; then each part of it is placed (see models.placement), which makes a line of the ledger.
    Without location_id it is placed where the units are. Raises OutOfStockError, and changes
    nothing, where fewer units than needed are there: a reservation needs available ones, any
    other movement must leave the promised and the unavailable ones covered. Where units come free,
    those who wait for the variant are called (see models.stock_alert).
    """
    session.add_all(moved(session, movement))


def moved(session: Session, movement: StockMovement) -> list[StockMovement]:
    """Do what ``move`` does, but leave it to the caller to write the lines of the ledger."""
    changes = {figure: getattr(movement, figure) or 0 for figure in FIGURES}
    if not _is_taken(session, movement, changes):
        raise OutOfStockError(movement.variant_id, max(map(abs, changes.values())))
    try:
        lines = place(session, movement, changes)
    except OutOfStockError:
        back = {figure: -change for figure, change in changes.items()}
        _is_taken(session, StockMovement(variant_id=movement.variant_id), back)
        raise
    if _freed(changes) > 0:
        call_waiting(session, [movement.variant_id])
    return lines


def _freed(changes: Changes) -> int:
    """Return how many more units can be sold after a change; negative where fewer."""
    return changes["on_hand"] - sum(
        changes[figure] for figure in ("reserved", "unavailable", "backordered")
    )


def _is_taken(session: Session, movement: StockMovement, changes: Changes) -> bool:
    """Change a variant's stock where that leaves nothing uncovered; return whether it did."""
    session.flush()  # a stock that was just added must be there: nothing else writes it before
    kind = movement.kind
    changed = tuple(figure for figure in FIGURES if changes[figure])
    less = tuple(figure for figure in changed if changes[figure] < 0)
    moved = session.execute(
        _taking(changed, less, is_promise=kind is MovementKind.RESERVED),
        {f"{figure}_by": changes[figure] for figure in changed}
        | {"of": movement.variant_id}
        | {"sold": -changes["on_hand"] if kind is MovementKind.SOLD else 0},
    )
    return moved.scalar_one_or_none() is not None


@cache
def _taking(
    changed: tuple[str, ...], less: tuple[str, ...], *, is_promise: bool
) -> ReturningUpdate[int]:
    """Return the statement that changes these figures, made once.

    less: those that become less. is_promise: none may be promised that another waits for.
    """
    # The table and not its class: the mapper's part in an UPDATE takes longer than the UPDATE.
    stock: Any = Stock.__table__
    after = {
        figure: stock.c[figure]
        + (bindparam(f"{figure}_by", type_=Integer) if figure in changed else 0)
        for figure in FIGURES
    }
    covered = after["on_hand"] - after["reserved"] - after["unavailable"]
    available = covered - after["backordered"]
    return (
        update(stock)
        .where(
            stock.c.variant_id == bindparam("of"),
            (available if is_promise else covered) >= 0,
            *(after[figure] >= 0 for figure in less),
        )
        .values({figure: after[figure] for figure in changed})
        .values(called=_called_after(available, bindparam("sold", type_=Integer)))
        .returning(stock.c.variant_id)
    )


def _called_after(
    available: ColumnElement[int], sold: ColumnElement[int] | int = 0
) -> ColumnElement[int]:
    """Return what is left of the units that somebody was called for: none once it is sold out."""
    return case((available <= 0, 0), (Stock.called > sold, Stock.called - sold), else_=0)


def locked(session: Session, variant_id: int) -> Stock:
    """Return a variant's stock, its row locked; written first where there is none."""
    found = session.get(Stock, variant_id, with_for_update=True, populate_existing=True)
    if found is None:
        written = upsert(session, Stock).values(variant_id=variant_id)
        session.execute(written.on_conflict_do_nothing())
        found = session.get_one(Stock, variant_id, with_for_update=True, populate_existing=True)
    return found


def level_at(session: Session, variant_id: int, location_id: int) -> StockLevel:
    """Return what of a variant lies at a location now, or a level of nothing, not to be saved.

    Lock the variant first (``locked``) where a movement follows from it.
    """
    found = session.get(StockLevel, (variant_id, location_id), populate_existing=True)
    none = dict.fromkeys(FIGURES_AT, 0)
    return found or StockLevel(variant_id=variant_id, location_id=location_id, **none)


def transfer(session: Session, movement: StockMovement, quantity: int, to: int) -> None:
    """Bring free units (> 0) from the movement's location to another: two lines of the ledger.

    Raises OutOfStockError, and changes nothing, where fewer are free there. What is on hand in
    total stays.
    """
    words = {name: getattr(movement, name) for name in ("variant_id", "reason", "reference")}
    for location_id, change in ((movement.location_id, -quantity), (to, quantity)):
        line = StockMovement(location_id=location_id, actor=movement.actor, **words)
        line.kind, line.on_hand = MovementKind.TRANSFERRED, change
        move(session, line)


def set_on_hand(session: Session, variant_id: int, on_hand: int, *, reason: str, actor: str) -> int:
    """Record a count: make ``on_hand`` (>= 0) what the ledger says; return the change.

    Raises OutOfStockError where fewer were counted than are reserved or unavailable; nothing has
    changed then. The row is locked between reading and writing (SQLite locks the whole database).
    """
    change = on_hand - locked(session, variant_id).on_hand
    if change:
        adjust(session, variant_id, change, reason=reason, actor=actor)
    return change


def adjust(session: Session, variant_id: int, change: int, *, reason: str, actor: str) -> None:
    """Add (or, negative, take away) units on hand with a reason, or raise OutOfStockError."""
    movement = StockMovement(variant_id=variant_id, reason=reason, actor=actor)
    shift(session, movement, MovementKind.ADJUSTED, change)


def adjust_all(session: Session, movements: Sequence[StockMovement]) -> None:
    """Apply many adjustments, each at its location, in as many statements as for one.

    movements: their on_hand is the change. The caller has locked the stock of all these variants,
    in the order of their ids. Raises OutOfStockError where one of them does not leave enough; some
    are applied then, so that the caller undoes them with a savepoint, and tries them one by one.
    """
    in_all: Counter[int] = Counter()
    there: dict[int, Counter[int]] = defaultdict(Counter)
    for it in movements:
        in_all[it.variant_id] += it.on_hand or 0
        there[it.location_id or 0][it.variant_id] += it.on_hand or 0
    _add_levels(session, {(of, at) for at, units in there.items() for of in units})
    _add_units(session, Stock, in_all)
    call_waiting(session, (it for it, change in in_all.items() if change > 0))
    for at, units in there.items():
        _add_units(session, StockLevel, units, StockLevel.location_id == at)
    for movement in movements:
        movement.kind = MovementKind.ADJUSTED
    session.add_all(movements)


def _add_units(
    session: Session,
    model: type[Stock | StockLevel],
    units: Mapping[int, int],
    *here: ColumnElement[bool],
) -> None:
    """Add units on hand by the variant's id, in one statement, or raise OutOfStockError."""
    on_hand = model.on_hand + case(dict(units), value=model.variant_id, else_=0)
    values = {"on_hand": on_hand}
    if model is Stock:
        values["called"] = _called_after(AVAILABLE - Stock.on_hand + on_hand)
    changed: Any = session.execute(
        update(model)
        .where(model.variant_id.in_(units), *here, on_hand >= model.reserved + model.unavailable)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != len(units):
        raise OutOfStockError(*next(iter(units.items())))


def _add_levels(session: Session, places: set[tuple[int, int]]) -> None:
    """Write a level of nothing wherever nothing had come to before."""
    level = StockLevel
    of = {variant_id for variant_id, _ in places}
    found = select(level.variant_id, level.location_id).where(level.variant_id.in_(of))
    new = sorted(places - {(row[0], row[1]) for row in session.execute(found)})
    if new:
        rows = [{"variant_id": it, "location_id": at} for it, at in new]
        session.execute(insert(Base.metadata.tables[level.__tablename__]), rows)


def shift(session: Session, movement: StockMovement, kind: MovementKind, quantity: int) -> None:
    """Move units as ``PER_UNIT`` says of the kind, or raise OutOfStockError and change nothing.

    quantity: units; negative takes back, where the kind allows it. Fewer than are reserved or
    unavailable never stay on hand, and what was set aside or expected is never less than none.
    """
    movement.kind = kind
    for figure, change in PER_UNIT[kind].items():
        setattr(movement, figure, change * quantity)
    move(session, movement)


def receive(session: Session, movement: StockMovement, quantity: int) -> None:
    """Take in a delivery (> 0 units) at its location; what was expected there is so no more."""
    locked(session, movement.variant_id)
    movement.location_id = movement.location_id or default_location(session)
    at = level_at(session, movement.variant_id, movement.location_id)
    movement.incoming = -min(at.incoming, quantity)
    shift(session, movement, MovementKind.RECEIVED, quantity)
