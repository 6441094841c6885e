"""Pages of a long list."""

from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from urllib.parse import quote, urlencode

from flask import abort, request
from sqlalchemy import ColumnElement, Select, bindparam, func, literal_column, select
from sqlalchemy.orm import Session

T = TypeVar("T")
LAST_PAGE = 10_000
COUNTED = 10_000  # rows that are counted at once; of more it is said that there are more
UP_TO = {"most": COUNTED + 1}  # what ``counting`` is given: one above says that there are more


@dataclass(slots=True)
class Slice(Generic[T]):
    """One page of a list: its items, its number from 1, how many pages and items there are.

    has_more: there are more items than ``total``, which were not counted.
    """

    number: int
    size: int
    total: int
    items: list[T] = field(default_factory=list)
    has_more: bool = False

    @property
    def pages(self) -> int:
        """How many pages are known to be there; an empty list has one."""
        return max(1, -(-(self.total + self.has_more) // self.size))

    @property
    def count(self) -> str:
        """How many items there are, in words where there are more than were counted."""
        return in_words(self.total + self.has_more, self.total)

    @property
    def offset(self) -> int:
        """How many items come before this page."""
        return (self.number - 1) * self.size

    @property
    def prev_url(self) -> str | None:
        """The address of the page before, or None."""
        return page_url(self.number - 1) if self.number > 1 else None

    @property
    def next_url(self) -> str | None:
        """The address of the page after, or None."""
        return page_url(self.number + 1) if self.number < self.pages else None


def slice_of(total: int, page: int, size: int) -> "Slice[T]":
    """Return an empty page of a list; a page behind the last is the last."""
    found: Slice[T] = Slice(page, size, total)
    found.number = min(page, found.pages)
    return found


def counted(session: Session, count: Select[int], page: int, size: int, **of: Any) -> "Slice[Any]":
    """Return an empty page of a list whose items ``counting`` counts, in one query.

    of: what the statement asks for beside. It looks no further than is worth knowing: COUNTED
    items, or the end of the page that is asked for.
    """
    most = max(COUNTED, page * size)
    there = session.scalar(count, {**of, "most": most + 1}) or 0
    found: Slice[Any] = slice_of(min(there, most), page, size)
    found.has_more = there > most
    return found


def in_words(count: int, most: int = COUNTED) -> str:
    """Return how many there are; of more than were counted, only that there are more."""
    return str(count) if count <= most else f"more than {most:,}"


def counting(wanted: Select[Any]) -> Select[int]:
    """Return the statement that counts another's rows, up to ``most``, whatever it shows of them.

    To count all of a long table takes as long as it is long, on both databases.
    """
    few = unsaid(wanted).order_by(None).limit(bindparam("most")).subquery()
    return select(func.count()).select_from(few)


def unsaid(wanted: Select[Any]) -> Select[int]:
    """Return a statement's rows without what they say, of which there may be much."""
    one: ColumnElement[int] = literal_column("1")
    return wanted.with_only_columns(one, maintain_column_froms=True)


def page_number() -> int:
    """Return the page that the address asks for; 404 where it is no number from 1."""
    return asked_page() or abort(404)


def canonical_path() -> str:
    """Return the present address without its query, but for the page of a list."""
    path = quote(request.script_root + request.path)
    number = asked_page() or 1
    return path if number == 1 else f"{path}?page={number}"


def present_address() -> str:
    """Return the address to come back to from a form; the home page's where there is none."""
    if request.method not in {"GET", "HEAD"}:
        return "/"
    query = request.query_string.decode("ascii", "ignore")
    return quote(request.script_root + request.path) + (f"?{query}" if query else "")


def asked_page() -> int | None:
    """Return the page that the address asks for, 1 by default; None where it is no number."""
    typed = request.args.get("page", "1")
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= len(str(LAST_PAGE))
    return int(typed) if is_number and 0 < int(typed) <= LAST_PAGE else None


def page_url(number: int) -> str:
    """Return the present address with another page; the first page has the plain address."""
    args = {name: value for name, value in request.args.items() if name != "page"}
    if number > 1:
        args["page"] = str(number)
    path = quote(request.script_root + request.path)
    return f"{path}?{urlencode(args)}" if args else path
