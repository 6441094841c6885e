"""Do a thing exactly once, by a unique key."""

from typing import TypeAlias

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models.base import Base

Upsert: TypeAlias = postgresql.Insert | sqlite.Insert


def upsert(session: Session, table: type[Base]) -> Upsert:
    """Return an INSERT of the session's database that can have an ON CONFLICT clause."""
    return upsert_of(session.get_bind().dialect.name, table)


def upsert_of(dialect: str, table: type[Base] | Table) -> Upsert:
    """Return the same of a database by its name, for a statement that is made once and kept."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def claim(session: Session, row: Base) -> bool:
    """Insert a row whose unique key may be taken; return whether it is ours.

    Only the insert is undone where the key is taken: what the transaction did before stays.
    Another transaction that holds the key without having committed makes this one wait for it.
    """
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True
