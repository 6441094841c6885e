"""What can be exported: a list as a statement, its columns, and how a row becomes cells."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.money import Money
from storefront.spreadsheet import Cell
from storefront.staff.listing import AnySelect

AT_ONCE = 1000  # rows that are fetched together
Rows = Iterator[Sequence[Cell]]


@dataclass(frozen=True, slots=True)
class Period:
    """Days in UTC, both included; None is open."""

    first: date | None = None
    last: date | None = None

    def of(self, column: Any) -> list[Any]:
        """Return what a moment's column must fulfil."""
        wanted = []
        if self.first is not None:
            wanted.append(column >= datetime.combine(self.first, time(), UTC))
        if self.last is not None:
            wanted.append(column < datetime.combine(self.last, time(), UTC) + timedelta(days=1))
        return wanted


@dataclass(frozen=True, slots=True)
class Table:
    """A list that can be exported.

    statement: of a period; cells: of one of its rows. has_period: whether a period means anything.
    """

    name: str
    title: str
    head: Sequence[str]
    statement: Callable[[Period], AnySelect]
    cells: Callable[[Any], Sequence[Cell]]
    has_period: bool = False

    def count(self, session: Session, period: Period) -> int:
        """Return how many rows it has."""
        rows = self.statement(period).order_by(None).subquery()
        return session.scalar(select(func.count()).select_from(rows)) or 0

    def rows(self, session: Session, period: Period) -> Rows:
        """Yield its rows; a long list never stands in memory whole."""
        found = session.execute(self.statement(period).execution_options(yield_per=AT_ONCE))
        for row in found:
            yield self.cells(row)


def amount(minor: int | None, currency: str | None) -> Decimal | None:
    """Return minor units as a number in major units."""
    return None if minor is None else Money(minor, currency or "").amount


def moment(at: datetime | None) -> str:
    """Return a moment as spreadsheets know it, in UTC."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S") if at else ""
