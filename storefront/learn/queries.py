"""Looking at articles, tutorials and pages; a constant number of queries for each."""

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

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
    return session.scalars(
        published()
        .join(Blog)
        .where(Blog.handle == blog_handle, Article.handle == handle)
        .options(
            joinedload(Article.author),
            selectinload(Article.tags),
            selectinload(Article.muscles),
            selectinload(Article.references),
            selectinload(Article.tutorials).joinedload(Tutorial.muscle),
        )
    ).one_or_none()


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
    """Return every tutorial with its muscle, in the shop's order."""
    wanted = select(Tutorial).order_by(Tutorial.position, Tutorial.id)
    return list(session.scalars(wanted.options(joinedload(Tutorial.muscle))))


def muscles(session: Session) -> list[Muscle]:
    """Return the muscles in the shop's order."""
    return list(session.scalars(select(Muscle).order_by(Muscle.position, Muscle.id)))


def tutorial(session: Session, handle: str) -> Tutorial | None:
    """Return a tutorial with what its page shows, or None."""
    return session.scalars(
        select(Tutorial)
        .where(Tutorial.handle == handle)
        .options(
            joinedload(Tutorial.muscle),
            selectinload(Tutorial.steps),
            selectinload(Tutorial.references),
            selectinload(Tutorial.articles).joinedload(Article.blog),
        )
    ).one_or_none()


def page(session: Session, handle: str, kind: PageKind) -> Page | None:
    """Return a plain page or a policy, or None."""
    return session.scalars(select(Page).filter_by(handle=handle, kind=kind)).one_or_none()
