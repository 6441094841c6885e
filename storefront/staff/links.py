"""What a text goes with, typed as names: handles of tutorials and products, keys of references."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import InstrumentedAttribute, Session


class UnknownNamesError(ValueError):
    """Nothing is known by some names. field: where they were typed; the message names them."""

    def __init__(self, field: str, names: Sequence[str]) -> None:
        """Remember the field."""
        self.field = field
        super().__init__(f"Nothing is known as {', '.join(names)}. Correct it, or take it out.")


def ids_of(
    session: Session, field: str, column: InstrumentedAttribute[str], names: Sequence[str]
) -> list[int]:
    """Return the ids of the rows that have these names, in their order, or UnknownNamesError."""
    if not names:
        return []
    table: Any = column.class_
    rows = session.execute(select(column, table.id).where(column.in_(names)))
    found: dict[str, int] = {row[0]: row[1] for row in rows}
    unknown = [name for name in names if name not in found]
    if unknown:
        raise UnknownNamesError(field, unknown)
    return [found[name] for name in names]


def relink(session: Session, table: Table, owner_id: int, ids: Sequence[int]) -> None:
    """Let an owner be joined to these rows alone, in this order.

    The table names the owner's column first, the other's second, then ``position``.
    """
    owner, other, *_ = table.columns
    session.execute(delete(table).where(owner == owner_id))
    rows = [
        {owner.name: owner_id, other.name: row_id, "position": position}
        for position, row_id in enumerate(dict.fromkeys(ids))
    ]
    if rows:
        session.execute(insert(table), rows)
