"""Looking at the register of claims."""

import enum
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import Article, Claim, Page, PageKind, Reference
from storefront.paging import Slice
from storefront.staff.listing import Sorting, has_words, things_of

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {"review": Claim.review_by, "reviewed": Claim.reviewed_on, "claim": Claim.text}
)


class Standing(enum.StrEnum):
    """How a claim stands with its reviewers."""

    DUE = "due"
    NEVER = "never"


def claims(
    session: Session,
    wanted_ones: tuple[str, Standing | None, str],
    today: date,
    sorting: Sorting,
    page: int,
) -> Slice[Claim]:
    """Return a page of claims, in four queries.

    wanted_ones: words in the claim, how it stands, and of which text (``article-1``, ``page-2``).
    """
    words, standing, text_of = wanted_ones
    wanted = select(Claim)
    if words:
        wanted = wanted.where(has_words(words, Claim.text))
    if standing is not None:
        wanted = wanted.where(_is(standing, today))
    if text_of:
        kind, _, text_id = text_of.partition("-")
        column = Claim.article_id if kind == "article" else Claim.page_id
        wanted = wanted.where(column == int(text_id))
    return things_of(session, sorting.applied(wanted, Claim.id), page, *_belonging())


def claim(session: Session, claim_id: int, *, to_change: bool = False) -> Claim | None:
    """Return a claim as it is now, with its text and sources; locked where it is to change."""
    wanted = select(Claim).where(Claim.id == claim_id)
    if to_change:
        wanted = wanted.with_for_update(of=Claim)
    return session.scalars(
        wanted.options(*_belonging()).execution_options(populate_existing=True)
    ).one_or_none()


def chosen(session: Session, ids: Sequence[int]) -> Sequence[Claim]:
    """Return these claims, locked, in the order of their ids."""
    wanted = select(Claim).where(Claim.id.in_(ids)).order_by(Claim.id)
    return session.scalars(wanted.with_for_update(of=Claim)).all()


def of_text(session: Session, text: Article | Page) -> Sequence[Claim]:
    """Return what a text claims, what is due first, in one query."""
    column = Claim.article_id if isinstance(text, Article) else Claim.page_id
    wanted = select(Claim).where(column == text.id)
    return session.scalars(wanted.order_by(Claim.review_by, Claim.id)).all()


def texts(session: Session) -> dict[str, str]:
    """Return what a claim can stand in, by ``article-<id>`` or ``page-<id>``, in two queries."""
    articles = session.execute(select(Article.id, Article.title).order_by(Article.title))
    pages = session.execute(
        select(Page.id, Page.title).where(Page.kind != PageKind.POLICY).order_by(Page.title)
    )
    return {f"article-{row[0]}": row[1] for row in articles} | {
        f"page-{row[0]}": row[1] for row in pages
    }


def sources(session: Session) -> dict[str, list[tuple[str, str]]]:
    """Return the references by their keys, in one query."""
    found = session.execute(select(Reference.key, Reference.citation).order_by(Reference.key))
    return {"References": [(row[0], row[1]) for row in found]}


def _is(standing: Standing, today: date) -> ColumnElement[bool]:
    if standing is Standing.NEVER:
        return Claim.reviewer == ""
    return Claim.review_by <= today


def _belonging() -> tuple[Any, ...]:
    return joinedload(Claim.article), joinedload(Claim.page), selectinload(Claim.references)
