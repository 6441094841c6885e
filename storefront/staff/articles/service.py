"""Saving an article with what it cites, and publishing it."""

from dataclasses import dataclass

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from models import Article, now
from models.content import article_references
from storefront.search.index import index_article
from storefront.staff.citations import rendered
from storefront.text import RENDERER


class ChangedMeanwhileError(Exception):
    """Somebody else saved the article since the page was shown."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What an article is to say. seen: its ``updated_at`` as the page was shown, as ISO text."""

    title: str
    summary: str
    body: str
    seen: str


def save(session: Session, article: Article, draft: Draft, *, published: bool) -> None:
    """Make an article what the draft says, visible or not; the first publishing dates it.

    The article must be locked, its blog loaded. Raises ChangedMeanwhileError or
    UnknownReferenceError; the caller rolls back then, and nothing has changed.
    """
    if article.updated_at.isoformat() != draft.seen:
        raise ChangedMeanwhileError(article.handle)
    text = rendered(session, draft.body)
    article.title, article.summary = draft.title, draft.summary
    article.body_markdown, article.body_html = draft.body, text.html
    article.renderer, article.updated_at = RENDERER, now()
    if not published:
        article.published_at = None
    elif article.published_at is None:
        article.published_at = now()
    link = article_references
    session.execute(delete(link).where(link.c.article_id == article.id))
    rows = [
        {"article_id": article.id, "reference_id": row.id, "position": position}
        for position, row in enumerate(text.references)
    ]
    if rows:
        session.execute(insert(link), rows)
    index_article(session, article, article.blog.handle)
