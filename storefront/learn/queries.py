"""Looking at articles, tutorials and pages; a constant number of queries for each."""

from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from models import Article, ArticleTag, Author, Blog, Muscle, Page, PageKind, Tutorial, now
from storefront.paging import Slice, slice_of

PER_PAGE = 12


def published() -> Select[Article]:
    """Return the statement for the articles that visitors see, newest first, with their blog."""
    return (
        select(Article)
        .where(Article.published_at <= now())
        .order_by(Article.published_at.desc(), Article.id)
        .options(joinedload(Article.blog))
    )


def blog(session: Session, handle: str) -> Blog | None:
    """Return a blog, or None."""
    return session.scalars(select(Blog).filter_by(handle=handle)).one_or_none()


def articles(session: Session, in_blog: Blog, page: int, tag: str | None = None) -> Slice[Article]:
    """Return a page of a blog's articles, all or those of one tag."""
    wanted = published().where(Article.blog_id == in_blog.id)
    if tag is not None:
        wanted = wanted.where(Article.tags.any(ArticleTag.tag == tag))
    return _sliced(session, wanted, page)


def _sliced(session: Session, wanted: Select[Article], page: int) -> Slice[Article]:
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    sliced: Slice[Article] = slice_of(total, page, PER_PAGE)
    sliced.items.extend(session.scalars(wanted.limit(PER_PAGE).offset(sliced.offset)))
    return sliced


def tags(session: Session, in_blog: Blog) -> list[str]:
    """Return the tags of a blog's published articles, by name."""
    found = (
        select(ArticleTag.tag)
        .join(Article)
        .where(Article.blog_id == in_blog.id, Article.published_at <= now())
        .distinct()
        .order_by(ArticleTag.tag)
    )
    return list(session.scalars(found))


def article(session: Session, blog_handle: str, handle: str) -> Article | None:
    """Return a published article with what its page shows, or None."""
    of_it = (Blog.handle == blog_handle, Article.handle == handle)
    wanted = published().join(Blog).where(*of_it).options(*_with_article())
    return session.scalars(wanted).one_or_none()


def _with_article() -> tuple[ExecutableOption, ...]:
    tutorials = selectinload(Article.tutorials.and_(Tutorial.published_at <= now()))
    return (
        joinedload(Article.author),
        selectinload(Article.tags),
        selectinload(Article.muscles),
        selectinload(Article.references),
        tutorials.joinedload(Tutorial.muscle),
    )


def related(session: Session, to: Article, size: int = 3) -> list[Article]:
    """Return other articles, those that share a tag first."""
    shared = (
        select(func.count())
        .where(ArticleTag.article_id == Article.id, ArticleTag.tag.in_([t.tag for t in to.tags]))
        .scalar_subquery()
    )
    wanted = published().where(Article.id != to.id).order_by(None)
    ordered = wanted.order_by(shared.desc(), Article.published_at.desc(), Article.id)
    return list(session.scalars(ordered.limit(size)))


def newest(session: Session, size: int = 3) -> list[Article]:
    """Return the newest articles of all blogs."""
    return list(session.scalars(published().limit(size)))


def author(session: Session, handle: str) -> Author | None:
    """Return who writes under this handle, or None."""
    return session.scalars(select(Author).filter_by(handle=handle)).one_or_none()


def articles_by(session: Session, author: Author, page: int) -> Slice[Article]:
    """Return a page of what an author has published, newest first."""
    return _sliced(session, published().where(Article.author_id == author.id), page)


def tutorials(session: Session) -> list[Tutorial]:
    """Return the published tutorials with their muscles, in the shop's order."""
    wanted = select(Tutorial).where(Tutorial.published_at <= now())
    wanted = wanted.order_by(Tutorial.position, Tutorial.id)
    return list(session.scalars(wanted.options(joinedload(Tutorial.muscle))))


def muscles(session: Session) -> list[Muscle]:
    """Return the muscles in the shop's order."""
    return list(session.scalars(select(Muscle).order_by(Muscle.position, Muscle.id)))


def tutorial(session: Session, handle: str) -> Tutorial | None:
    """Return a published tutorial with what its page shows, or None."""
    return session.scalars(
        select(Tutorial)
        .where(Tutorial.handle == handle, Tutorial.published_at <= now())
        .options(*_with_tutorial())
    ).one_or_none()


def _with_tutorial() -> tuple[ExecutableOption, ...]:
    return (
        joinedload(Tutorial.muscle),
        selectinload(Tutorial.steps),
        selectinload(Tutorial.references),
        selectinload(Tutorial.articles).joinedload(Article.blog),
    )


def draft(session: Session, text: Article | Page) -> Article | Page:
    """Return a text as the session now has it, with what its page shows; published or not."""
    table: Any = type(text)
    options: tuple[ExecutableOption, ...] = ()
    if isinstance(text, Article):
        options = (joinedload(Article.blog), *_with_article())
    elif isinstance(text, Tutorial):
        options = _with_tutorial()
    wanted = select(table).where(table.id == text.id).options(*options)
    found: Article | Page = session.scalars(wanted.execution_options(populate_existing=True)).one()
    return found


def page(session: Session, handle: str, kind: PageKind) -> Page | None:
    """Return a published plain page or policy, or None."""
    wanted = select(Page).filter_by(handle=handle, kind=kind)
    return session.scalars(wanted.where(Page.published_at <= now())).one_or_none()
