"""Looking at redirects."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Redirect
from storefront.paging import Slice
from storefront.redirects import path_of
from storefront.staff.listing import AnySelect, Sorting, has_words, things_of

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {"path": Redirect.path, "target": Redirect.target, "since": Redirect.created_at}
)
HEADS = ("path", "target")


def redirects(session: Session, words: str, sorting: Sorting, page: int) -> Slice[Redirect]:
    """Return a page of redirects whose addresses hold the words, in two queries."""
    return things_of(session, sorting.applied(_wanted(words), Redirect.id), page)


def redirect(session: Session, redirect_id: int) -> Redirect | None:
    """Return a redirect."""
    return session.get(Redirect, redirect_id)


def leads_on(session: Session, target: str) -> str | None:
    """Return where an address leads on to, which is none of a page then; else None."""
    return session.scalar(select(Redirect.target).where(Redirect.path == path_of(target)))


def table(session: Session, words: str = "") -> Iterator[tuple[str, str]]:
    """Yield each redirect as a row of a spreadsheet; HEADS names its cells."""
    for row in session.scalars(_wanted(words).order_by(Redirect.path)):
        yield row.path, row.target


def _wanted(words: str) -> AnySelect:
    wanted = select(Redirect)
    if words:
        wanted = wanted.where(has_words(words, Redirect.path, Redirect.target))
    return wanted
