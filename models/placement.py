"""Where the units of a movement lie; each statement runs while the variant's stock is locked."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Integer, Select, bindparam, func, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from models.once import upsert
from models.stock import FIGURES_AT, Location, OutOfStockError, StockLevel, StockMovement

Changes: TypeAlias = Mapping[str, int]  # of each figure, in units

# Active ones first: what lies at another is sold too, rather than promised and not found.
IN_ORDER = (Location.is_active.desc(), Location.position, Location.id)
_COPIED = ("variant_id", "kind", "reason", "reference", "actor", "order_id")


def place(session: Session, movement: StockMovement, changes: Changes) -> list[StockMovement]:
    """Place a movement and return its lines of the ledger: one for each location that it needs.

    One with a location_id is placed there. Any other is placed at the first location that has the
    units, or split over several in their order; what comes to the house at the first one; what an
    order was promised where the ledger says it is promised. What is only backordered lies nowhere.
    Raises OutOfStockError, and has changed no level then.
    """
    here = {figure: changes[figure] for figure in FIGURES_AT if changes[figure]}
    if not here:
        return [movement]
    given = movement.location_id
    found = _moved(session, movement, given, here)
    if found is None and not _needed(here):
        at = default_location(session) if given is None else given
        found = _moved_first(session, movement, at, here)
    if found is not None:
        movement.location_id = found
        return [movement]
    if given is not None:
        raise OutOfStockError(movement.variant_id, max(map(abs, here.values())))
    return _split(session, movement, changes)


def default_location(session: Session) -> int:
    """Return the id of the location that stock comes to where none was named."""
    return session.scalars(select(Location.id).order_by(*IN_ORDER).limit(1)).one()


def _moved(session: Session, movement: StockMovement, at: int | None, here: Changes) -> int | None:
    """Change a level where the units are there; return its location, or None.

    at: None finds the first location that can take the movement as a whole.
    """
    needed = _needed(here)
    asked: dict[str, int | None] = {f"{figure}_by": change for figure, change in here.items()}
    asked |= {f"{name}_needed": units for name, units in needed.items()}
    asked |= {"of": movement.variant_id}
    if at is not None:
        found, asked["at"] = "given", at
    elif _is_promise(movement):
        found, asked["order"] = "promised", movement.order_id
    else:
        found = "first"
    return session.scalar(_moving(tuple(here), tuple(needed), found), asked)


@cache
def _moving(figures: tuple[str, ...], needed: tuple[str, ...], found: str) -> ReturningUpdate[int]:
    """Return the statement that changes these figures of a level, made once.

    found: how its location is: given, promised to an order, or the first that has what is needed.
    """
    level: Any = StockLevel.__table__
    at: Any = bindparam("at")
    if found != "given":
        at = _promising() if found == "promised" else _first(needed)
    return (
        update(level)
        .where(
            level.c.variant_id == bindparam("of"),
            level.c.location_id == at,
            *_is_there(needed),
        )
        .values({name: level.c[name] + bindparam(f"{name}_by", type_=Integer) for name in figures})
        .returning(level.c.location_id)
    )


def _moved_first(session: Session, movement: StockMovement, at: int, here: Changes) -> int | None:
    """Change a level that nothing of the variant had come to before."""
    written = upsert(session, StockLevel).values(variant_id=movement.variant_id, location_id=at)
    session.execute(written.on_conflict_do_nothing())
    return _moved(session, movement, at, here)


def _needed(here: Changes) -> dict[str, int]:
    """Return how many units of which figure must be at a location; "free" ones are on hand."""
    needed = {figure: -change for figure, change in here.items() if change < 0}
    free = here.get("reserved", 0) + here.get("unavailable", 0) - here.get("on_hand", 0)
    return needed | ({"free": free} if free > 0 else {})


def _is_there(needed: Iterable[str]) -> Iterator[ColumnElement[bool]]:
    for name in needed:
        yield getattr(StockLevel, name) >= bindparam(f"{name}_needed", type_=Integer)


def _first(needed: tuple[str, ...]) -> Any:
    """Return the first location that can take a movement as a whole."""
    first = select(Location.id).order_by(*IN_ORDER).limit(1)
    if needed:
        first = first.join(StockLevel, StockLevel.location_id == Location.id).where(
            StockLevel.variant_id == bindparam("of"), *_is_there(needed)
        )
    return first.scalar_subquery()


def _promising() -> Any:
    """Return the first location where all of an order's units are promised, by the ledger."""
    line = StockMovement
    return (
        _by_location(line.location_id)
        .where(line.order_id == bindparam("order"), line.variant_id == bindparam("of"))
        .having(func.sum(line.reserved) >= bindparam("reserved_needed", type_=Integer))
        .limit(1)
        .scalar_subquery()
    )


def _is_promise(movement: StockMovement) -> bool:
    """Say whether a movement ends what an order was promised."""
    return movement.order_id is not None and (movement.reserved or 0) < 0


def _by_location(*columns: Any) -> Select[Any]:
    line = StockMovement
    return select(*columns).group_by(line.location_id).order_by(line.location_id)


def _split(session: Session, movement: StockMovement, changes: Changes) -> list[StockMovement]:
    """Place a movement at several locations, each giving what it has; all or nothing."""
    sizes = {abs(change) for change in changes.values() if change}
    total = left = max(sizes)
    taken: list[tuple[int, int]] = []
    if len(sizes) == 1:  # else its parts would not add up to it
        for location_id, there in _there(session, movement, changes):
            units = min(left, there)
            if units > 0:
                taken.append((location_id, units))
                left -= units
    if left:
        raise OutOfStockError(movement.variant_id, total)
    lines = []
    for location_id, units in taken:
        part = {figure: change // total * units for figure, change in changes.items()}
        here = {figure: part[figure] for figure in FIGURES_AT if part[figure]}
        if _moved(session, movement, location_id, here) is None:
            raise OutOfStockError(movement.variant_id, total)
        copied = {name: getattr(movement, name) for name in _COPIED}
        lines.append(StockMovement(location_id=location_id, **copied, **part))
    return lines


def _there(
    session: Session, movement: StockMovement, changes: Changes
) -> Iterator[tuple[int, int]]:
    """Yield each location with how many units of a movement it could take."""
    if _is_promise(movement):
        line = StockMovement
        promised = func.sum(line.reserved)
        found = (
            _by_location(line.location_id, promised)
            .where(line.order_id == movement.order_id, line.variant_id == movement.variant_id)
            .having(promised >= 1)
        )
        yield from (tuple(row) for row in session.execute(found))
        return
    needed = _needed({figure: changes[figure] for figure in FIGURES_AT if changes[figure]})
    levels = (
        select(StockLevel)
        .join(Location, Location.id == StockLevel.location_id)
        .where(StockLevel.variant_id == movement.variant_id)
        .order_by(*IN_ORDER)
        .execution_options(populate_existing=True)
    )
    for level in session.scalars(levels):
        yield level.location_id, min(getattr(level, name) for name in needed)
