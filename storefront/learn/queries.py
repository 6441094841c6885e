"""Looking at articles, tutorials and pages; a constant number of queries for each."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, select, true
from sqlalchemy.orm import Session, aliased, joinedload
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
    Tutorial,
)
from models.apart import apart, gathered
from storefront.catalog.statements import CARD_OF_ARTICLE, CARD_OF_TUTORIAL
from storefront.paging import Slice, slice_of

PER_PAGE = 12
NEWEST = 3  # articles, on the first page


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
    """Return a published article with its blog and author, or None; ``parts`` reads the rest."""
    return session.scalars(_ARTICLE, {"blog": blog_handle, "handle": handle}).one_or_none()


def front(session: Session) -> tuple[list[Tutorial], list[Article], list[Muscle]]:
    """Return the tutorials and the muscles in the shop's order, and the newest articles of all."""
    tutorials, articles, muscles = gathered(session, _FRONT, {})
    return tutorials, articles, muscles


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
    """Return a published tutorial with its muscle, or None; ``parts`` reads the rest."""
    return session.scalars(_TUTORIAL, {"handle": handle}).one_or_none()


def draft(session: Session, text: Article | Page) -> Article | Page:
    """Return a text as the session now has it, published or not; ``parts`` reads the rest."""
    table: Any = type(text)
    options: tuple[ExecutableOption, ...] = ()
    if isinstance(text, Article):
        options = (joinedload(Article.blog), joinedload(Article.author))
    elif isinstance(text, Tutorial):
        options = (joinedload(Tutorial.muscle),)
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
_COUNT = select(func.count(Article.id)).where(Article.published_at <= NOW)
_BLOG = select(Blog).where(Blog.handle == _HANDLE)
_ARTICLE = (
    _PUBLISHED.join(Blog)
    .where(Blog.handle == bindparam("blog"), Article.handle == _HANDLE)
    .options(joinedload(Article.author))
)
_TUTORIALS = (
    select(Tutorial)
    .where(Tutorial.published_at <= NOW)
    .order_by(Tutorial.position, Tutorial.id)
    .options(*CARD_OF_TUTORIAL)
)
_MUSCLES = select(Muscle).order_by(Muscle.position, Muscle.id)
_OF_ALL = aliased(Article)
_NEWEST = (
    select(_OF_ALL.id)
    .where(_OF_ALL.published_at <= NOW)
    .order_by(_OF_ALL.published_at.desc(), _OF_ALL.id)
    .limit(NEWEST)
)
_FRONT = apart(
    (Tutorial, Tutorial.published_at <= NOW, (Tutorial.position, Tutorial.id)),
    (Article, Article.id.in_(_NEWEST), (Article.published_at.desc(), Article.id)),
    (Muscle, true(), (Muscle.position, Muscle.id)),
).options(*CARD_OF_TUTORIAL, *CARD_OF_ARTICLE)
_TUTORIAL = (
    select(Tutorial)
    .where(Tutorial.handle == _HANDLE, Tutorial.published_at <= NOW)
    .options(joinedload(Tutorial.muscle))
)
_PAGE = select(Page).where(
    Page.handle == _HANDLE, Page.kind == bindparam("kind"), Page.published_at <= NOW
)
