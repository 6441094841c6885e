"""Looking at comments as visitors do: a constant number of queries for each page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload, load_only

from models import NOW, Article, Blog, Comment, CommentStatus, Page, Region
from storefront.comments.service import Text, token_digest
from storefront.paging import Slice, slice_of

PER_PAGE = 20
_TEXT: Any = bindparam("text")  # the id of what is commented on, in statements that are made once
_REGIONS = (
    select(Region)
    .order_by(Region.position, Region.id)
    .options(load_only(Region.handle, Region.name, raiseload=True))
)


@dataclass(slots=True)
class Thread:
    """A reader's comment with the shop's answers, oldest first."""

    comment: Comment
    answers: list[Comment] = field(default_factory=list)


def threads(session: Session, text: Text, page: int) -> tuple[int, Slice[Thread]]:
    """Return how many comments a text has, answers counted, and a page of them, newest first.

    One query; a second one where there is no such page: then it is the last.
    """
    found: Slice[Thread] = Slice(page, PER_PAGE, 0)
    of_it, wanted = {"text": text.id}, _threads(_column(text))
    rows = session.execute(wanted, of_it | {"skipped": found.offset}).all()
    if not rows and page > 1:
        roots = select(func.count()).where(*_roots(Comment, _column(text)))
        found = slice_of(session.scalar(roots, of_it) or 0, page, PER_PAGE)
        rows = session.execute(wanted, of_it | {"skipped": found.offset}).all()
    total, found.total = (rows[0][1], rows[0][2]) if rows else (0, 0)
    comments = [row[0] for row in rows]
    by_id = {it.id: Thread(it) for it in comments if it.parent_id is None}
    for it in comments:
        if it.parent_id in by_id:
            by_id[it.parent_id].answers.append(it)
    found.items.extend(reversed(by_id.values()))
    return total, found


def counts(session: Session, article_ids: Iterable[int]) -> dict[int, int]:
    """Return how many comments each of these articles has; those without any are left out."""
    wanted = (
        select(Comment.article_id, func.count())
        .where(Comment.article_id.in_(list(article_ids)), Comment.status == CommentStatus.PUBLISHED)
        .group_by(Comment.article_id)
    )
    return {row[0]: row[1] for row in session.execute(wanted) if row[0] is not None}


def newest(session: Session, article_id: int | None = None, size: int = 50) -> Sequence[Comment]:
    """Return the newest published comments with their text, of one article or of all texts."""
    wanted = _published().order_by(Comment.published_at.desc(), Comment.id.desc())
    if article_id is not None:
        wanted = wanted.where(Comment.article_id == article_id)
    return session.scalars(wanted.limit(size)).all()


def article(session: Session, blog: str, handle: str) -> Article | None:
    """Return a published article, or None."""
    wanted = select(Article).join(Blog).where(Blog.handle == blog, Article.handle == handle)
    return session.scalars(wanted.where(Article.published_at <= NOW)).one_or_none()


def regions(session: Session) -> Sequence[Region]:
    """Return where it can hurt, in the shop's order: names and handles alone."""
    return session.scalars(_REGIONS).all()


def own(session: Session, token: str) -> Comment | None:
    """Return the comment whose author has this secret, with its text, or None."""
    wanted = select(Comment).where(Comment.token_sha256 == token_digest(token))
    return session.scalars(wanted.options(*with_text())).one_or_none()


def place(session: Session, comment_id: int) -> str | None:
    """Return where visitors find a published comment now, or None."""
    comment = session.scalars(_published().where(Comment.id == comment_id)).one_or_none()
    if comment is None:
        return None
    text = text_of(comment)
    newer = select(func.count()).where(
        *_roots(Comment, _column(text)), Comment.id > (comment.parent_id or comment.id)
    )
    page = (session.scalar(newer, {"text": text.id}) or 0) // PER_PAGE + 1
    asked = f"?comments={page}" if page > 1 else ""
    return f"{address_of(text)}{asked}#comment-{comment.id}"


def with_text() -> tuple[Any, ...]:
    """Return the options that load with a comment what it is about."""
    article = joinedload(Comment.article).load_only(Article.handle, Article.title)
    page = joinedload(Comment.page).load_only(Page.handle, Page.title)
    return article.joinedload(Article.blog), page


def text_of(comment: Comment) -> Text:
    """Return what a comment is about, loaded with it."""
    text = comment.article or comment.page
    if text is None:
        message = "a comment is about one text"
        raise ValueError(message)
    return text


def address_of(text: Text) -> str:
    """Return the address of a text; of an article, its blog must be loaded."""
    if isinstance(text, Article):
        return f"/blogs/{text.blog.handle}/{text.handle}"
    return f"/pages/{text.handle}"


def _published() -> Select[Comment]:
    """Return the statement for what visitors see: a draft's comments are drafts, too."""
    return (
        select(Comment)
        .outerjoin(Article)
        .outerjoin(Page, Page.id == Comment.page_id)
        .where(
            Comment.status == CommentStatus.PUBLISHED,
            or_(Page.published_at <= NOW, Article.published_at <= NOW),
        )
        .options(*with_text())
    )


@cache
def _threads(column: str) -> Select[Any]:
    """Return the statement for one page of threads, each row with both totals.

    To make it takes ten times as long as to run it, so it is made once. It is run with the id of
    the ``text`` and how many threads are ``skipped``.
    """
    root, every = aliased(Comment), aliased(Comment)
    is_of_it = getattr(every, column) == _TEXT
    total = select(func.count()).where(is_of_it, every.status == CommentStatus.PUBLISHED)
    ids = (
        select(root.id)
        .where(*_roots(root, column))
        .order_by(root.id.desc())
        .limit(PER_PAGE)
        .offset(bindparam("skipped"))
    )
    counted = aliased(Comment)
    roots = select(func.count()).select_from(counted).where(*_roots(counted, column))
    answers = and_(Comment.parent_id.in_(ids), Comment.status == CommentStatus.PUBLISHED)
    return (
        select(Comment, total.scalar_subquery(), roots.scalar_subquery())
        .outerjoin(Comment.region)
        .options(contains_eager(Comment.region))
        .where(or_(Comment.id.in_(ids), answers))
        .order_by(Comment.id)
    )


def _roots(comment: Any, column: str) -> tuple[ColumnElement[bool], ...]:
    """Return what holds for a comment on ``text`` that is shown and answers none.

    Of a withdrawn one the place is shown where the shop has answered it.
    """
    answer = aliased(Comment)
    is_answered = (
        select(answer.id)
        .where(answer.parent_id == comment.id, answer.status == CommentStatus.PUBLISHED)
        .exists()
    )
    is_shown = or_(
        comment.status == CommentStatus.PUBLISHED,
        and_(comment.status == CommentStatus.WITHDRAWN, is_answered),
    )
    return getattr(comment, column) == _TEXT, comment.parent_id.is_(None), is_shown


def _column(text: Text) -> str:
    """Return in which column a comment names such a text."""
    return "article_id" if isinstance(text, Article) else "page_id"
