"""Looking at comments as staff do: those that nobody else sees, too."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import Article, Comment, CommentStatus, Product, Question
from models.content import article_products, tutorial_products
from storefront.comments.queries import with_text
from storefront.paging import Slice
from storefront.staff.listing import Sorting, has_words, tally_by, things_of

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "written": Comment.created_at,
        "name": Comment.name,
        "score": Comment.spam_score,
        "helpful": Comment.helpful_count,
    }
)


def comments(
    session: Session, status: CommentStatus | None, words: str, sorting: Sorting, page: int
) -> Slice[Comment]:
    """Return a page of readers' comments, in two queries.

    status: None for all. words: part of a name, an address or a text.
    """
    wanted = select(Comment).where(Comment.is_staff.is_(False))
    if status is not None:
        wanted = wanted.where(Comment.status == status)
    if words:
        wanted = wanted.where(has_words(words, Comment.name, Comment.email, Comment.text))
    return things_of(session, sorting.applied(wanted, Comment.id), page, *with_text())


def counts(session: Session) -> dict[str, str]:
    """Return in words how many comments of readers are in each state, by its name; and ``all``."""
    return tally_by(session, Comment.status, CommentStatus, Comment.is_staff.is_(False))


def comment(session: Session, comment_id: int, *, to_change: bool = False) -> Comment | None:
    """Return a comment as it is now, with its text; locked where it is about to change."""
    wanted = select(Comment).where(Comment.id == comment_id)
    if to_change:
        wanted = wanted.with_for_update(of=Comment)
    options = (*with_text(), joinedload(Comment.region))
    return session.scalars(
        wanted.options(*options).execution_options(populate_existing=True)
    ).one_or_none()


def answers(session: Session, comment_id: int) -> Sequence[Comment]:
    """Return the shop's answers to a comment, taken back ones too, oldest first."""
    wanted = select(Comment).where(Comment.parent_id == comment_id).order_by(Comment.id)
    return session.scalars(wanted.execution_options(populate_existing=True)).all()


def question(session: Session, comment_id: int) -> Question | None:
    """Return the question that was made of a comment, or None."""
    return session.scalars(select(Question).filter_by(comment_id=comment_id)).one_or_none()


def products(session: Session, about: Comment) -> Sequence[Product]:
    """Return the products for a question: those of the comment's text first."""
    link, own = (
        (article_products, article_products.c.article_id == about.article_id)
        if isinstance(about.article, Article)
        else (tutorial_products, tutorial_products.c.tutorial_id == about.page_id)
    )
    of_text = select(link.c.product_id).where(own)
    wanted = select(Product).order_by(Product.id.in_(of_text).desc(), Product.title, Product.id)
    return session.scalars(wanted).all()
