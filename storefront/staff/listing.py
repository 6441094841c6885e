"""Long tables of the back office: searched, sorted and paged by their address."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import reduce
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import abort, request
from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import ORMOption

from storefront.paging import UP_TO, Slice, counted, counting, in_words

PER_PAGE = 50
LONGEST_SEARCH = 100
AnySelect = Select[*tuple[Any, ...]]
T = TypeVar("T")
BETWEEN = "\x1f"  # of two columns that are searched as one: no search holds it
BROKEN = re.compile("[\x00\x1f\ud800-\udfff]")  # PostgreSQL refuses NUL, UTF-8 lone surrogates


@dataclass(frozen=True, slots=True)
class Sorting:
    """What a list is sorted by: the name of one of its columns, and the direction.

    columns: each name that may stand in the address, and what it means in SQL.
    """

    columns: Mapping[str, Any]
    name: str
    is_descending: bool

    def applied(self, wanted: AnySelect, tie: Any) -> Any:
        """Return the statement sorted; rows that are equal by ``tie``, so that pages agree."""
        column = self.columns[self.name]
        by = (column,) if column is tie else (column, tie)
        by = tuple(it.desc() for it in by) if self.is_descending else by
        return wanted.order_by(None).order_by(*by)

    def direction(self, name: str) -> str | None:
        """Return the ``aria-sort`` of a column, or None for one that is not sorted by."""
        if name != self.name:
            return None
        return "descending" if self.is_descending else "ascending"

    def url(self, name: str) -> str:
        """Return the address that sorts by a column, or the other way round by the present one."""
        flips = name == self.name and not self.is_descending
        return address(sort=f"-{name}" if flips else name)


def sorting_asked(columns: Mapping[str, Any], default: str) -> Sorting:
    """Return how ``?sort=name`` (or ``-name``, descending) wants a list; 404 for a strange name."""
    return sorting_of(columns, request.args.get("sort") or default)


def sorting_of(columns: Mapping[str, Any], typed: str) -> Sorting:
    """Return how ``name`` (or ``-name``, descending) sorts a list; 404 for a strange name."""
    name = typed.removeprefix("-")
    if name not in columns:
        abort(404)
    return Sorting(columns, name, typed.startswith("-"))


def words_asked() -> str:
    """Return what ``?q=`` searches for; empty where it searches for nothing."""
    return words_of(request.args)


def words_of(sent: Mapping[str, str]) -> str:
    """Return what the arguments of an address search for, as ``words_asked``."""
    return BROKEN.sub("", sent.get("q", "")).strip()[:LONGEST_SEARCH]


def has_words(words: str, *columns: Any) -> ColumnElement[bool]:
    """Return the condition that one of these columns has the words in it, in any case.

    They are looked through as one: over a long table that is twice as fast as each by itself.
    """
    texts: list[ColumnElement[str]] = [func.coalesce(column, "") for column in columns]
    joined = reduce(lambda one, other: one.concat(BETWEEN).concat(other), texts)
    return joined.icontains(words, autoescape=True)


def address(**changes: str | None) -> str:
    """Return the present address with other arguments, on its first page; None drops one."""
    kept = {name: value for name, value in request.args.items() if name != "page"} | changes
    query = urlencode({name: value for name, value in kept.items() if value})
    return f"{request.path}?{query}" if query else request.path


def page_of(session: Session, wanted: AnySelect, page: int) -> Slice[Any]:
    """Return one page of a statement's rows, in two queries."""
    sliced = counted(session, counting(wanted), page, PER_PAGE)
    sliced.items.extend(session.execute(wanted.limit(PER_PAGE).offset(sliced.offset)))
    return sliced


def things_of(session: Session, wanted: Select[T], page: int, *options: ORMOption) -> Slice[T]:
    """Return one page of the things that a statement selects, in two queries.

    options: what is loaded with each.
    """
    sliced = counted(session, counting(wanted), page, PER_PAGE)
    shown = wanted.options(*options).limit(PER_PAGE).offset(sliced.offset)
    sliced.items.extend(session.scalars(shown))
    return sliced


def tally(session: Session, parts: Mapping[str, AnySelect]) -> dict[str, str]:
    """Return in words how many rows each of these statements has, and all together as ``all``.

    One query, which counts no further than it is worth knowing (``counting``).
    """
    of_each = (counting(it).scalar_subquery() for it in parts.values())
    counts = session.execute(select(*of_each), UP_TO).one()
    found = dict(zip(parts, map(in_words, counts), strict=True))
    return found | {"all": in_words(sum(counts))}


def tally_by(
    session: Session, column: Any, states: Iterable[Enum], *which: ColumnElement[bool]
) -> dict[str, str]:
    """Return ``tally`` of the rows in each of a column's states, by its value.

    which: conditions on all of them.
    """
    return tally(session, {it.value: select(column).where(column == it, *which) for it in states})
