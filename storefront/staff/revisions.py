"""Revisions: every state that a text was saved in, by whom; none is ever changed or lost."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from models import Article, Page, Revision

BEFORE = "before revisions were kept"
MOST_LISTED = 50


def keep(
    session: Session,
    of: Article | Page,
    saved: Mapping[str, Any],
    actor: str,
    *,
    before: Mapping[str, Any],
) -> Revision:
    """Write what a text now says; the first time also what it said before.

    saved and before hold ``title``, ``summary``, ``body``, and what else belongs to the text. The
    text must be locked: its next number is read, and the unique constraint guards it.
    """
    last = session.scalar(select(func.max(Revision.number)).where(_of(of))) or 0
    if not last:
        last = 1
        _add(session, of, last, before, BEFORE)
    return _add(session, of, last + 1, saved, actor)


def listed(session: Session, of: Article | Page) -> list[Revision]:
    """Return the newest revisions of a text, newest first, in one query."""
    wanted = select(Revision).where(_of(of)).order_by(Revision.number.desc())
    return list(session.scalars(wanted.limit(MOST_LISTED)))


def numbered(session: Session, of: Article | Page, number: int) -> Revision | None:
    """Return a revision of a text, or None."""
    return session.scalars(select(Revision).where(_of(of), Revision.number == number)).one_or_none()


def words(revision: Revision) -> dict[str, Any]:
    """Return what a revision holds, under the names under which ``keep`` was given it."""
    text = {"title": revision.title, "summary": revision.summary, "body": revision.body_markdown}
    return {**text, **revision.details}


def _of(text: Article | Page) -> ColumnElement[bool]:
    column = Revision.article_id if isinstance(text, Article) else Revision.page_id
    return column == text.id


def _add(
    session: Session, of: Article | Page, number: int, saved: Mapping[str, Any], actor: str
) -> Revision:
    is_article = isinstance(of, Article)
    revision = Revision(
        article_id=of.id if is_article else None,
        page_id=None if is_article else of.id,
        number=number,
        title=saved["title"],
        summary=saved["summary"],
        body_markdown=saved["body"],
        details={
            name: value for name, value in saved.items() if name not in {"title", "summary", "body"}
        },
        actor=actor,
    )
    session.add(revision)
    return revision
