"""Looking at articles, tutorials and pages; a constant number of queries for each."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, func, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql.base import ExecutableOption

from models import (
    NOW,
    Article,
    ArticleTag,
    Author,
    Blog,
    Muscle,
    Page,
    PageKind,
    Reference,
    Tutorial,
    TutorialStep,
)
from models.content import (
    article_muscles,
    article_references,
    article_tutorials,
    page_references,
)
from storefront.catalog.statements import CARD_OF_ARTICLE, CARD_OF_TUTORIAL
from storefront.paging import Slice, slice_of

PER_PAGE = 12


def published() -> Select[Article]:
    """Return the statement for the articles that visitors see, newest first, with their blog."""
    return _PUBLISHED


def blog(session: Session, handle: str) -> Blog | None:
    """Return a blog, or None."""
    return session.scalars(_BLOG, {"handle": handle}).one_or_none()


def articles(session: Session, in_blog: Blog, page: int, tag: str | None = None) -> Slice[Article]:
    """Return a page of a blog's articles, all or those of one tag."""
    which = [Article.blog_id == in_blog.id]
    if tag is not None:
        which.append(Article.tags.any(ArticleTag.tag == tag))
    return _sliced(session, which, page)


def _sliced(session: Session, which: Sequence[ColumnElement[bool]], page: int) -> Slice[Article]:
    total = session.scalar(_COUNT.where(*which)) or 0
    sliced: Slice[Article] = slice_of(total, page, PER_PAGE)
    shown = _CARDS.where(*which).limit(PER_PAGE).offset(sliced.offset)
    sliced.items.extend(session.scalars(shown))
    return sliced


def tags(session: Session, in_blog: Blog) -> list[str]:
    """Return the tags of a blog's published articles, by name."""
    found = (
        select(ArticleTag.tag)
        .join(Article)
        .where(Article.blog_id == in_blog.id, Article.published_at <= NOW)
        .distinct()
        .order_by(ArticleTag.tag)
    )
    return list(session.scalars(found))


def article(session: Session, blog_handle: str, handle: str) -> Article | None:
    """Return a published article with what its page shows, or None."""
    found = session.scalars(_ARTICLE, {"blog": blog_handle, "handle": handle}).one_or_none()
    if found is not None:
        _fill(session, found)
    return found


def _fill(session: Session, text: Article | Page, **options: Any) -> None:
    """Read into a text what belongs to it, of what its page shows; one query for each part.

    The mapper's own loading takes three times as long: it makes its statements anew. options: how
    they are run.
    """
    for name, wanted in _PARTS.get(type(text), {}).items():
        rows = session.scalars(wanted, {"text": text.id}, execution_options=options).all()
        set_committed_value(text, name, rows)


def related(session: Session, to: Article, size: int = 3) -> list[Article]:
    """Return other articles, those that share a tag first."""
    tags = [it.tag for it in to.tags]
    return list(session.scalars(_RELATED, {"id": to.id, "tags": tags, "size": size}))


def newest(session: Session, size: int = 3) -> list[Article]:
    """Return the newest articles of all blogs."""
    return list(session.scalars(_NEWEST, {"size": size}))


def author(session: Session, handle: str) -> Author | None:
    """Return who writes under this handle, or None."""
    return session.scalars(select(Author).filter_by(handle=handle)).one_or_none()


def articles_by(session: Session, author: Author, page: int) -> Slice[Article]:
    """Return a page of what an author has published, newest first."""
    return _sliced(session, [Article.author_id == author.id], page)


def tutorials(session: Session) -> list[Tutorial]:
    """Return the published tutorials with their muscles, in the shop's order."""
    return list(session.scalars(_TUTORIALS))


def muscles(session: Session) -> list[Muscle]:
    """Return the muscles in the shop's order."""
    return list(session.scalars(_MUSCLES))


def tutorial(session: Session, handle: str) -> Tutorial | None:
    """Return a published tutorial with what its page shows, or None."""
    found = session.scalars(_TUTORIAL, {"handle": handle}).one_or_none()
    if found is not None:
        _fill(session, found)
    return found


def draft(session: Session, text: Article | Page) -> Article | Page:
    """Return a text as the session now has it, with what its page shows; published or not."""
    table: Any = type(text)
    options: tuple[ExecutableOption, ...] = ()
    if isinstance(text, Article):
        options = (joinedload(Article.blog), joinedload(Article.author))
    elif isinstance(text, Tutorial):
        options = (joinedload(Tutorial.muscle),)
    wanted = select(table).where(table.id == text.id).options(*options)
    found: Article | Page = session.scalars(wanted.execution_options(populate_existing=True)).one()
    _fill(session, found, populate_existing=True)
    return found


def page(session: Session, handle: str, kind: PageKind) -> Page | None:
    """Return a published plain page or policy, or None."""
    return session.scalars(_PAGE, {"handle": handle, "kind": kind}).one_or_none()


# Statements that are made once: to make one takes longer than to run it.
_HANDLE: Any = bindparam("handle")
_PUBLISHED = (
    select(Article)
    .where(Article.published_at <= NOW)
    .order_by(Article.published_at.desc(), Article.id)
    .options(joinedload(Article.blog))
)
_CARDS = _PUBLISHED.options(*CARD_OF_ARTICLE)
_NEWEST = _CARDS.limit(bindparam("size"))
_COUNT = select(func.count(Article.id)).where(Article.published_at <= NOW)
_BLOG = select(Blog).where(Blog.handle == _HANDLE)
_ARTICLE = (
    _PUBLISHED.join(Blog)
    .where(Blog.handle == bindparam("blog"), Article.handle == _HANDLE)
    .options(joinedload(Article.author))
)


_TEXT: Any = bindparam("text")


def _linked(to: Any, table: Table, text: str, name: str) -> Select[Any]:
    """Return the statement for what a table links with a ``text``, in its order."""
    wanted = select(to).join(table, table.c[name] == to.id)
    return wanted.where(table.c[text] == _TEXT).order_by(table.c.position)


_PARTS: Mapping[type, Mapping[str, Select[Any]]] = {
    Article: {
        "tags": select(ArticleTag).where(ArticleTag.article_id == _TEXT).order_by(ArticleTag.tag),
        "muscles": _linked(Muscle, article_muscles, "article_id", "muscle_id"),
        "references": _linked(Reference, article_references, "article_id", "reference_id"),
        "tutorials": _linked(Tutorial, article_tutorials, "article_id", "tutorial_id")
        .where(Tutorial.published_at <= NOW)
        .options(*CARD_OF_TUTORIAL),
    },
    Tutorial: {
        "steps": select(TutorialStep)
        .where(TutorialStep.tutorial_id == _TEXT)
        .order_by(TutorialStep.position),
        "references": _linked(Reference, page_references, "page_id", "reference_id"),
        "articles": _linked(Article, article_tutorials, "tutorial_id", "article_id").options(
            *CARD_OF_ARTICLE
        ),
    },
}
_SHARED = select(func.count()).where(
    ArticleTag.article_id == Article.id,
    ArticleTag.tag.in_(bindparam("tags", expanding=True)),
)
_RELATED = (
    _CARDS.where(Article.id != bindparam("id"))
    .order_by(None)
    .order_by(_SHARED.scalar_subquery().desc(), Article.published_at.desc(), Article.id)
    .limit(bindparam("size"))
)
_TUTORIALS = (
    select(Tutorial)
    .where(Tutorial.published_at <= NOW)
    .order_by(Tutorial.position, Tutorial.id)
    .options(*CARD_OF_TUTORIAL)
)
_MUSCLES = select(Muscle).order_by(Muscle.position, Muscle.id)
_TUTORIAL = (
    select(Tutorial)
    .where(Tutorial.handle == _HANDLE, Tutorial.published_at <= NOW)
    .options(joinedload(Tutorial.muscle))
)
_PAGE = select(Page).where(
    Page.handle == _HANDLE, Page.kind == bindparam("kind"), Page.published_at <= NOW
)
