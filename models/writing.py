"""New rows written at once, past the session's unit of work.

The bookkeeping of a flush takes several times as long as the INSERT that comes of it.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Column, Insert, Table, insert, inspect
from sqlalchemy.orm import Session, make_transient_to_detached

from models.base import Base
from models.once import upsert_of


def write(session: Session, rows: Sequence[Base]) -> None:
    """Insert new rows of one table, which numbers them, in one statement.

    Each has its id and all its columns then, and is as one that a closed session had read:
    ``session.add`` lets changes of it be followed. What belongs to it is not written with it.
    """
    if not rows:
        return
    kind = type(rows[0])
    values = [_values(row) for row in rows]
    names = {name: None for each in values for name in each}
    connection = session.connection()
    if len(rows) == 1:
        ids: Sequence[int] = [connection.execute(_inserting(kind), values[0]).scalar_one()]
    else:
        many = [names | each for each in values]
        ids = connection.execute(_inserting(kind, in_order=True), many).scalars().all()
    for row, id_, each in zip(rows, ids, values, strict=True):
        _note(row, id_, each)


def write_first(session: Session, row: Base) -> bool:
    """Insert a row as ``write`` does, where no unique key of it is taken; say whether it is ours.

    Another transaction that holds the key without having committed makes this one wait for it.
    """
    values = _values(row)
    statement = _claiming(type(row), session.get_bind().dialect.name)
    id_ = session.connection().execute(statement, values).scalar_one_or_none()
    if id_ is None:
        return False
    _note(row, id_, values)
    return True


@cache
def _inserting(kind: type[Base], *, in_order: bool = False) -> Any:
    table: Any = kind.__table__
    statement: Insert = insert(table)
    return statement.returning(table.c.id, sort_by_parameter_order=in_order)


@cache
def _claiming(kind: type[Base], dialect: str) -> Any:
    table: Any = kind.__table__
    return upsert_of(dialect, table).on_conflict_do_nothing().returning(table.c.id)


@cache
def _columns(kind: type[Base]) -> tuple[tuple[str, Column[Any]], ...]:
    """Return each column but the id, with the attribute that holds it."""
    mapper, table = inspect(kind), cast("Table", kind.__table__)
    pairs = [(mapper.get_property_by_column(it).key, it) for it in table.c]
    return tuple((name, column) for name, column in pairs if column.key != "id")


def _values(row: Base) -> dict[str, Any]:
    """Return what is written of a row, by its columns: what was said, else their defaults.

    None is left to the database but where a column (JSON) means something by it, as in a flush.
    """
    held, values = row.__dict__, {}
    for name, column in _columns(type(row)):
        value = held.get(name)
        is_said = value is not None or (name in held and column.type.should_evaluate_none)
        if not is_said and column.default is not None:
            default: Any = column.default
            value, is_said = default.arg(None) if default.is_callable else default.arg, True
        if is_said:
            values[column.key] = value
    return values


def _note(row: Base, id_: int, values: dict[str, Any]) -> None:
    """Let a row hold what was written of it."""
    held = row.__dict__
    held["id"] = id_
    for name, column in _columns(type(row)):
        held[name] = values.get(column.key)
    make_transient_to_detached(row)
