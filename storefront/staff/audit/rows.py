"""Rows that a statement changes by itself: as they were before it, and as they are in the end."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Table, select, tuple_
from sqlalchemy.orm import Session

from models.base import Base
from storefront.staff.audit.words import shown

MOST = 1000  # rows of one statement that are looked at
Columns = dict[str, Any]
Row = Mapping[Any, Any]
Change = tuple[str, Columns, Columns]


@dataclass(frozen=True, slots=True)
class Touched:
    """A row that a statement is about to change or delete. key: its primary key."""

    table: Table
    key: tuple[Any, ...]
    before: Row

    @property
    def name(self) -> str:
        """How the log names it: its table and its key."""
        return f"{self.table.name}:{'-'.join(map(str, self.key))}"


def touched(session: Session, statement: Any, parameters: Mapping[str, Any]) -> list[Touched]:
    """Return the rows that an UPDATE or DELETE will find, locked as it would lock them.

    parameters: the values of what the statement leaves open.
    """
    table = _table(statement)
    wanted = select(table).limit(MOST).with_for_update(of=table)
    if statement.whereclause is not None:
        wanted = wanted.where(statement.whereclause)
    return [
        Touched(table, _key(table, row), dict(row))
        for row in session.execute(wanted, dict(parameters)).mappings()
    ]


def inserted(session: Session, statement: Any, parameters: Any) -> Iterator[Columns]:
    """Yield what an INSERT was given for each of its rows, as the log shows it."""
    table = _table(statement)
    if not parameters:
        parameters = statement.compile(dialect=session.get_bind().dialect).params
    for row in parameters if isinstance(parameters, list) else [parameters]:
        given = {name: value for name, value in row.items() if name in table.columns}
        yield _shown(table, given)


def changes(session: Session, rows: list[Touched]) -> Iterator[Change]:
    """Yield what became of rows: their columns that differ now, or all of one that is gone."""
    first = {it.name: it for it in reversed(rows)}
    by_table = sorted(first.values(), key=lambda it: it.table.name)
    for _, group in groupby(by_table, key=lambda it: it.table.name):
        found = list(group)
        table, now = found[0].table, _read(session, found)
        for it in found:
            after = now.get(it.key)
            if after is None:
                yield it.name, _shown(table, it.before), {}
            elif differ := [name for name in after if after[name] != it.before[name]]:
                old, new = ({name: held[name] for name in differ} for held in (it.before, after))
                yield it.name, _shown(table, old, empty=True), _shown(table, new, empty=True)


def _table(statement: Any) -> Table:
    """Return the plain table: selected, it yields rows and no objects."""
    return Base.metadata.tables[statement.table.name]


def _read(session: Session, rows: list[Touched]) -> dict[tuple[Any, ...], Row]:
    table, keys = rows[0].table, [it.key for it in rows]
    columns = list(table.primary_key)
    is_one: ColumnElement[bool] = (
        columns[0].in_([key[0] for key in keys])
        if len(columns) == 1
        else tuple_(*columns).in_(keys)
    )
    found = session.execute(select(table).where(is_one)).mappings()
    return {_key(table, row): dict(row) for row in found}


def _key(table: Table, row: Row) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


def _shown(table: Table, row: Row, *, empty: bool = False) -> Columns:
    return {
        name: shown(table.name, name, value)
        for name, value in row.items()
        if empty or value is not None
    }
