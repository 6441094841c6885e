"""Pages of a long list."""

from dataclasses import dataclass, field
from typing import Generic, TypeVar
from urllib.parse import quote, urlencode

from flask import abort, request

T = TypeVar("T")
LAST_PAGE = 10_000


@dataclass(slots=True)
class Slice(Generic[T]):
    """One page of a list: its items, its number from 1, how many pages and items there are."""

    number: int
    size: int
    total: int
    items: list[T] = field(default_factory=list)

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

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
