"""Looking at articles, tutorials and pages; a constant number of queries for each."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from models import NOW, Article, ArticleTag, Author, Blog, Muscle, Page, PageKind, Tutorial
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
    return session.scalars(_ARTICLE, {"blog": blog_handle, "handle": handle}).one_or_none()


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
    return session.scalars(_TUTORIAL, {"handle": handle}).one_or_none()


def draft(session: Session, text: Article | Page) -> Article | Page:
    """Return a text as the session now has it, with what its page shows; published or not."""
    table: Any = type(text)
    options: tuple[ExecutableOption, ...] = ()
    if isinstance(text, Article):
        options = (joinedload(Article.blog), *_WITH_ARTICLE)
    elif isinstance(text, Tutorial):
        options = _WITH_TUTORIAL
    wanted = select(table).where(table.id == text.id).options(*options)
    found: Article | Page = session.scalars(wanted.execution_options(populate_existing=True)).one()
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
_WITH_ARTICLE = (
    joinedload(Article.author),
    selectinload(Article.tags),
    selectinload(Article.muscles),
    selectinload(Article.references),
    selectinload(Article.tutorials.and_(Tutorial.published_at <= NOW)).options(*CARD_OF_TUTORIAL),
)
_ARTICLE = (
    _PUBLISHED.join(Blog)
    .where(Blog.handle == bindparam("blog"), Article.handle == _HANDLE)
    .options(*_WITH_ARTICLE)
)
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
_WITH_TUTORIAL = (
    joinedload(Tutorial.muscle),
    selectinload(Tutorial.steps),
    selectinload(Tutorial.references),
    selectinload(Tutorial.articles).options(*CARD_OF_ARTICLE),
)
_TUTORIAL = (
    select(Tutorial)
    .where(Tutorial.handle == _HANDLE, Tutorial.published_at <= NOW)
    .options(*_WITH_TUTORIAL)
)
_PAGE = select(Page).where(
    Page.handle == _HANDLE, Page.kind == bindparam("kind"), Page.published_at <= NOW
)
