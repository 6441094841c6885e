"""Columns and sums that several rules look at."""

from typing import Any

from sqlalchemy import ColumnElement, func

from models import Base


def column(table: type[Base], name: str) -> ColumnElement[Any]:
    """Return one column of a money composite."""
    return table.__table__.c[name]


def total(of: ColumnElement[Any] | Any) -> ColumnElement[int]:
    """Return a sum that is 0 where there is nothing to sum."""
    return func.coalesce(func.sum(of), 0)


def or_zero(value: ColumnElement[Any] | Any) -> ColumnElement[int]:
    """Return a value of an outer join, 0 where it found nothing."""
    return func.coalesce(value, 0)
