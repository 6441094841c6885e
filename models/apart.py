"""Rows of several tables in one answer, each row of one of them alone.

A statement costs more than the rows that it brings; a plain join of two lists would multiply them.
"""

from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, literal_column, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.base import Base

Part: TypeAlias = tuple[
    type[Base], ColumnElement[bool], tuple[ColumnElement[Any] | InstrumentedAttribute[Any], ...]
]


def apart(*parts: Part) -> Select[Any]:
    """Return the statement for several tables: of each which rows, and in which order.

    It may be given options as any other; ``gathered`` asks it. Where there are many tables, SQLite
    may sort a whole one rather than look into its index: a test asks for its plan.
    """
    numbers: list[Any] = [literal_column(str(number)) for number in range(len(parts))]
    kinds = union_all(*(select(it.label("kind")) for it in numbers)).subquery("kinds")
    tables: list[Any] = [table for table, *_ in parts]
    found: Select[Any] = select(*tables).select_from(kinds).order_by(kinds.c.kind)
    for number, (table, which, order) in zip(numbers, parts, strict=True):
        found = found.outerjoin(table, (kinds.c.kind == number) & which).order_by(*order)
    return found


def gathered(
    session: Session, statement: Select[Any], params: dict[str, Any], **options: Any
) -> list[list[Any]]:
    """Return the rows of each table of a statement that ``apart`` made, in its order.

    options: how it is run.
    """
    rows = session.execute(statement, params, execution_options=options).unique().all()
    return [[row for row in column if row is not None] for column in zip(*rows, strict=True)]
