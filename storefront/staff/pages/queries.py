"""Looking at pages and policies as staff do: unpublished ones too."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import Page, PageKind, Reference
from storefront.paging import Slice
from storefront.staff.listing import Sorting, has_words, page_of

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "title": Page.title,
        "kind": Page.kind,
        "published": Page.published_at,
        "updated": Page.updated_at,
    }
)
_KINDS = (PageKind.PAGE, PageKind.POLICY)


def pages(session: Session, words: str, sorting: Sorting, page: int) -> Slice[Any]:
    """Return a page of plain pages and policies whose title or handle holds the words."""
    wanted = select(Page).where(Page.kind.in_(_KINDS))
    if words:
        wanted = wanted.where(has_words(words, Page.title, Page.handle))
    return page_of(session, sorting.applied(wanted, Page.id), page)


def page(session: Session, handle: str, *, to_change: bool = False) -> Page | None:
    """Return a plain page or a policy as it is now; locked where it is to change."""
    wanted = select(Page).where(Page.handle == handle, Page.kind.in_(_KINDS))
    if to_change:
        wanted = wanted.with_for_update(of=Page)
    return session.scalars(
        wanted.options(selectinload(Page.references)).execution_options(populate_existing=True)
    ).one_or_none()


def names(session: Session) -> dict[str, list[tuple[str, str]]]:
    """Return the references that a page can cite, by their keys, in one query."""
    found = session.execute(select(Reference.key, Reference.citation).order_by(Reference.key))
    return {"References": [(row[0], row[1]) for row in found]}
