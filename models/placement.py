"""Where the units of a movement lie; each statement runs while the variant's stock is locked."""

from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.orm import Session

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
    at = _first(movement, here).scalar_subquery() if given is None else given
    found = _moved(session, movement.variant_id, at, here)
    if found is None and not _needed(here):
        at = default_location(session) if given is None else given
        found = _moved_first(session, movement.variant_id, at, here)
    if found is not None:
        movement.location_id = found
        return [movement]
    if given is not None:
        raise OutOfStockError(movement.variant_id, max(map(abs, here.values())))
    return _split(session, movement, changes)


def default_location(session: Session) -> int:
    """Return the id of the location that stock comes to where none was named."""
    return session.scalars(select(Location.id).order_by(*IN_ORDER).limit(1)).one()


def _moved(session: Session, variant_id: int, at: Any, here: Changes) -> int | None:
    """Change a level where the units are there; return its location, or None."""
    level = StockLevel
    moved = session.execute(
        update(level)
        .where(level.variant_id == variant_id, level.location_id == at, *_is_there(_needed(here)))
        .values({figure: getattr(level, figure) + change for figure, change in here.items()})
        .returning(level.location_id)
        .execution_options(synchronize_session=False)
    )
    return moved.scalar_one_or_none()


def _moved_first(session: Session, variant_id: int, at: int, here: Changes) -> int | None:
    """Change a level that nothing of the variant had come to before."""
    written = upsert(session, StockLevel).values(variant_id=variant_id, location_id=at)
    session.execute(written.on_conflict_do_nothing())
    return _moved(session, variant_id, at, here)


def _needed(here: Changes) -> dict[str, int]:
    """Return how many units of which figure must be at a location; "free" ones are on hand."""
    needed = {figure: -change for figure, change in here.items() if change < 0}
    free = here.get("reserved", 0) + here.get("unavailable", 0) - here.get("on_hand", 0)
    return needed | ({"free": free} if free > 0 else {})


def _is_there(needed: Changes) -> Iterator[ColumnElement[bool]]:
    for name, units in needed.items():
        yield getattr(StockLevel, name) >= units


def _first(movement: StockMovement, here: Changes) -> Select[Any]:
    """Return the first location that can take the movement as a whole."""
    if _is_promise(movement):
        asked = -here["reserved"]
        return _promised(movement, StockMovement.location_id, at_least=asked).limit(1)
    first = select(Location.id).order_by(*IN_ORDER).limit(1)
    needed = _needed(here)
    if not needed:
        return first
    return first.join(StockLevel, StockLevel.location_id == Location.id).where(
        StockLevel.variant_id == movement.variant_id, *_is_there(needed)
    )


def _is_promise(movement: StockMovement) -> bool:
    """Say whether a movement ends what an order was promised."""
    return movement.order_id is not None and (movement.reserved or 0) < 0


def _promised(movement: StockMovement, *columns: Any, at_least: int) -> Select[Any]:
    """Return where the units of an order are promised, by the ledger."""
    line = StockMovement
    return (
        select(*columns)
        .where(line.order_id == movement.order_id, line.variant_id == movement.variant_id)
        .group_by(line.location_id)
        .having(func.sum(line.reserved) >= at_least)
        .order_by(line.location_id)
    )


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
        if _moved(session, movement.variant_id, location_id, here) is None:
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
        columns = (line.location_id, func.sum(line.reserved))
        yield from (
            tuple(row) for row in session.execute(_promised(movement, *columns, at_least=1))
        )
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
