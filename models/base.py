"""The base of every table: constraint names, column types, time."""

import enum
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Enum,
    Index,
    MetaData,
    String,
    TypeDecorator,
    bindparam,
    text,
)
from sqlalchemy.orm import DeclarativeBase, InstanceState, Mapped, mapped_column

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
MAX_ID = 2**31 - 1  # the largest id that PostgreSQL's INTEGER holds; larger input is no id of ours


def now() -> datetime:
    """Return the present moment, aware, in UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware moment, stored and returned in UTC by both databases.

    SQLite forgets the zone; without this type a time written as 12:00+02:00 comes back as a
    naive 12:00.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive time; convert an aware one to UTC."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"a time without a zone: {value!r}"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back to what SQLite stored without one."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# The present moment as a statement sees it that was made once and is run often: whenever it runs.
NOW = bindparam("now", type_=UtcDateTime(), callable_=now)


def _values(kind: type[enum.Enum]) -> list[str]:
    return [member.value for member in kind]


def _room_for_states() -> None:
    """Let what SQLAlchemy notes of a row have room for all that it may ever note there.

    Python keeps the attributes of a class's objects in an array as long as the first of them
    asked for, and moves an object that outgrows it into a dict. While 3.11 makes that dict, it
    may look for garbage; if it finds the row, the row's state is told of it, outgrows the same
    array, and what was noted is freed twice. So the very first state notes everything.
    Source: CPython 3.11, ``Objects/dictobject.c``, ``_PyObject_StoreInstanceAttribute``.
    """
    first: InstanceState[Any] = InstanceState.__new__(InstanceState)
    for name in sorted(InstanceState.__annotations__.keys() - set(InstanceState.__slots__)):
        setattr(first, name, None)


_room_for_states()


class Base(DeclarativeBase):
    """Every table's base: named constraints, UTC times, enums stored by their values."""

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime(),
        enum.StrEnum: Enum(
            enum.StrEnum,
            native_enum=False,
            create_constraint=True,
            length=32,
            values_callable=_values,
        ),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[int]: JSON(),
    }


class CreatedAt:
    """A row that knows when it was written."""

    created_at: Mapped[datetime] = mapped_column(default=now)


def partial_index(name: str, column: str, where: str, *, unique: bool = False) -> Index:
    """Return the index of those rows alone of which ``where``, a condition in SQL, holds."""
    held = text(where)
    return Index(name, column, unique=unique, sqlite_where=held, postgresql_where=held)


Minor = BigInteger  # an amount in minor units, such as cents
Handle = String(120)  # the public name in an address: lower-case words joined by hyphens
Currency = String(3)  # upper-case ISO 4217 code
