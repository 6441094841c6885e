"""Looking at articles as staff do: unpublished ones too."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import Article, Author, Blog, Muscle, Product, Reference, Tutorial
from storefront.paging import Slice
from storefront.staff.listing import Sorting, has_words, things_of

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "title": Article.title,
        "published": Article.published_at,
        "updated": Article.updated_at,
    }
)


def articles(session: Session, words: str, sorting: Sorting, page: int) -> Slice[Article]:
    """Return a page of articles whose title or handle holds the words, in two queries."""
    wanted = select(Article)
    if words:
        wanted = wanted.where(has_words(words, Article.title, Article.handle))
    belonging = (joinedload(Article.blog), joinedload(Article.author))
    return things_of(session, sorting.applied(wanted, Article.id), page, *belonging)


def article(session: Session, handle: str, *, to_change: bool = False) -> Article | None:
    """Return an article as it is now, with all that belongs to it; locked where it is to change."""
    wanted = select(Article).where(Article.handle == handle)
    if to_change:
        wanted = wanted.with_for_update(of=Article)
    belonging = (
        *(joinedload(Article.blog), joinedload(Article.author), selectinload(Article.tags)),
        *(selectinload(Article.tutorials), selectinload(Article.products)),
        *(selectinload(Article.muscles), selectinload(Article.references)),
    )
    return session.scalars(
        wanted.options(*belonging).execution_options(populate_existing=True)
    ).one_or_none()


def authors(session: Session) -> list[Author]:
    """Return who writes, by name."""
    return list(session.scalars(select(Author).order_by(Author.name, Author.id)))


def blogs(session: Session) -> list[Blog]:
    """Return the blogs, the first of the shop first."""
    return list(session.scalars(select(Blog).order_by(Blog.id)))


def names(session: Session) -> dict[str, list[tuple[str, str]]]:
    """Return what a text can go with, (name to type, words) each, in four queries."""
    kinds = {
        "Tutorials": select(Tutorial.handle, Tutorial.title).order_by(Tutorial.position),
        "Products": select(Product.handle, Product.title).order_by(Product.title).limit(200),
        "Muscles": select(Muscle.handle, Muscle.name).order_by(Muscle.position),
        "References": select(Reference.key, Reference.citation).order_by(Reference.key),
    }
    return {
        kind: [(row[0], row[1]) for row in session.execute(found)] for kind, found in kinds.items()
    }
