"""Saving an article with what it cites and what it goes with, and publishing it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Article, ArticleTag, Author, Muscle, Product, Reference, Revision, Tutorial, now
from models.content import (
    article_muscles,
    article_products,
    article_references,
    article_tutorials,
)
from storefront.jobs.queue import enqueue
from storefront.search.index import index_article
from storefront.staff import revisions
from storefront.staff.citations import rendered
from storefront.staff.links import ids_of, relink
from storefront.staff.seen import ChangedMeanwhileError
from storefront.text import RENDERER, cited

# What an article goes with: the draft's name of it, the join table, and what it is named by.
LINKS = (
    ("tutorials", article_tutorials, Tutorial.handle),
    ("products", article_products, Product.handle),
    ("muscles", article_muscles, Muscle.handle),
)


@dataclass(frozen=True, slots=True)
class Draft:
    """What an article is to say.

    author: a handle, empty for nobody. tutorials, products and muscles: handles; references: keys
    of sources beside those that the body cites.
    """

    title: str
    summary: str
    body: str
    author: str = ""
    canonical_url: str = ""
    figure: str = ""
    figure_alt: str = ""
    figure_caption: str = ""
    tags: Sequence[str] = field(default_factory=list)
    tutorials: Sequence[str] = field(default_factory=list)
    products: Sequence[str] = field(default_factory=list)
    muscles: Sequence[str] = field(default_factory=list)
    references: Sequence[str] = field(default_factory=list)


def draft_of(article: Article) -> Draft:
    """Return what an article says now; all that belongs to it must be loaded."""
    in_text = cited(article.body_markdown)
    return Draft(
        title=article.title,
        summary=article.summary,
        body=article.body_markdown,
        author=article.author.handle if article.author else "",
        canonical_url=article.canonical_url or "",
        figure=article.figure or "",
        figure_alt=article.figure_alt,
        figure_caption=article.figure_caption,
        tags=[it.tag for it in article.tags],
        tutorials=[it.handle for it in article.tutorials],
        products=[it.handle for it in article.products],
        muscles=[it.handle for it in article.muscles],
        references=[it.key for it in article.references if it.key not in in_text],
    )


def revised(revision: Revision) -> Draft:
    """Return what an article said when this revision was kept."""
    return Draft(**revisions.words(revision))


def save(
    session: Session, article: Article, draft: Draft, *, seen: str, published_at: datetime | None
) -> Draft:
    """Make an article what the draft says, visible from a moment on; return what it said before.

    The article must be locked, and all that belongs to it loaded. seen: its ``updated_at`` as the
    page was shown, as ISO text. Raises ChangedMeanwhileError, UnknownReferenceError or
    UnknownNamesError; the caller rolls back then, and nothing has changed.
    """
    if article.updated_at.isoformat() != seen:
        raise ChangedMeanwhileError(article.handle)
    before = draft_of(article)
    text = rendered(session, draft.body)
    for name in ("title", "summary", "figure_alt", "figure_caption"):
        setattr(article, name, getattr(draft, name))
    article.canonical_url, article.figure = draft.canonical_url or None, draft.figure or None
    article.author_id = _author_id(session, draft.author)
    article.body_markdown, article.body_html = draft.body, text.html
    article.renderer, article.updated_at = RENDERER, now()
    article.published_at = published_at
    for name, table, column in LINKS:
        relink(session, table, article.id, ids_of(session, name, column, getattr(draft, name)))
    sources = ids_of(session, "references", Reference.key, draft.references)
    relink(session, article_references, article.id, [*(it.id for it in text.references), *sources])
    _tag(session, article.id, draft.tags)
    index_article(session, article, article.blog.handle)
    if published_at is not None and published_at > now():
        announce(session, article.id, published_at)
    return before


def keep(session: Session, article: Article, saved: Draft, before: Draft, actor: str) -> Revision:
    """Write a revision of what was saved, by whom."""
    return revisions.keep(session, article, asdict(saved), actor, before=asdict(before))


def announce(session: Session, article_id: int, moment: datetime) -> None:
    """Let the worker make an article findable when its moment comes."""
    key = f"publish-article-{article_id}-{moment.isoformat()}"
    enqueue(session, "publish-article", key, {"article_id": article_id}, run_at=moment)


def _author_id(session: Session, handle: str) -> int | None:
    return ids_of(session, "author", Author.handle, [handle])[0] if handle else None


def _tag(session: Session, article_id: int, tags: Sequence[str]) -> None:
    """Let an article have these tags alone; those that stay are not written again."""
    of_it = ArticleTag.article_id == article_id
    session.execute(delete(ArticleTag).where(of_it, ArticleTag.tag.not_in(tags)))
    there = set(session.scalars(select(ArticleTag.tag).where(of_it)))
    session.add_all(ArticleTag(article_id=article_id, tag=tag) for tag in tags if tag not in there)
