"""Deciding on comments, and answering them: one statement each, so that two cannot both do it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session, aliased

from models import Comment, CommentStatus, Question, Staff, now
from models.once import claim
from storefront.comments.queries import text_of, with_text
from storefront.comments.service import own_token
from storefront.mail.letters import Letters
from storefront.staff.comments import queries
from storefront.staff.seen import ChangedMeanwhileError

SEEN_BY_VISITORS = (CommentStatus.PUBLISHED, CommentStatus.WITHDRAWN)
Picked = Mapping[CommentStatus, Iterable[int]]  # ids of comments by the state they were seen in


@dataclass(frozen=True, slots=True)
class Reply:
    """What is answered. seen: ``state_of`` the comment as the page was shown."""

    text: str
    seen: str


@dataclass(frozen=True, slots=True)
class Post:
    """What tells authors of what became of their comments. secret: the shop's."""

    letters: Letters
    secret: str

    def published(self, session: Session, comment: Comment) -> None:
        """Tell an author that her comment is published; the first time."""
        text = text_of(comment)
        if comment.email:
            token = own_token(comment, self.secret)
            self.letters.comment_published(session, comment, text.title, token)

    def answered(self, session: Session, comment: Comment, answer: Comment) -> None:
        """Send an author the answer to her comment."""
        text = text_of(comment)
        if comment.email:
            token = own_token(comment, self.secret)
            self.letters.comment_answered(session, comment, answer, text.title, token)


def decide(session: Session, picked: Picked, to: CommentStatus, post: Post) -> list[Comment]:
    """Bring comments into a state where they are still as they were seen; return those.

    One that its author withdrew stays so. With a comment that visitors see no more go the answers
    to it; an answer is not published below a comment that visitors do not see.
    """
    changed: list[int] = []
    for seen, ids in picked.items():
        if seen not in {to, CommentStatus.WITHDRAWN}:
            changed += _moved(session, list(ids), seen, to)
    if to is not CommentStatus.PUBLISHED:
        below = (Comment.parent_id.in_(changed), Comment.status == CommentStatus.PUBLISHED)
        _run(session, update(Comment).where(*below).values(status=CommentStatus.REJECTED))
    wanted = select(Comment).where(Comment.id.in_(changed)).order_by(Comment.id)
    options = {"populate_existing": True}
    found = list(session.scalars(wanted.options(*with_text()).execution_options(**options)))
    if to is CommentStatus.PUBLISHED:
        for comment in found:
            post.published(session, comment)
    return found


def answer(session: Session, comment: Comment, reply: Reply, person: Staff, post: Post) -> Comment:
    """Answer a comment in the shop's name, and publish it where it is not yet.

    The comment must be locked, with its text. Raises ChangedMeanwhileError where it is no more as
    it was seen, and nothing is kept.
    """
    if state_of(comment, queries.answers(session, comment.id)) != reply.seen or not may_answer(
        comment
    ):
        raise ChangedMeanwhileError(comment.id)
    moment = now()
    comment.status = CommentStatus.PUBLISHED
    comment.published_at = comment.published_at or moment
    written = Comment(
        article_id=comment.article_id,
        page_id=comment.page_id,
        parent_id=comment.id,
        staff_id=person.id,
        is_staff=True,
        name=person.name[:120],
        text=reply.text,
        language=comment.language,  # the shop answers in that in which it was asked
        status=CommentStatus.PUBLISHED,
        created_at=moment,
        published_at=moment,
    )
    session.add(written)
    session.flush()  # the letter is named by its id
    post.answered(session, comment, written)
    return written


def may_answer(comment: Comment) -> bool:
    """Say whether a comment is a reader's, and still there."""
    return not comment.is_staff and comment.status is not CommentStatus.WITHDRAWN


def state_of(comment: Comment, answers: Sequence[Comment]) -> str:
    """Return by what another state of a comment and its answers is known."""
    return f"{comment.status.value} {len(answers)}"


def make_question(
    session: Session, comment: Comment, answer: Comment, product_id: int
) -> tuple[Question, bool]:
    """Put a comment with an answer on a product's page; return it, and whether it is new.

    The asker's name stays below the text where she left it.
    """
    made = Question(
        product_id=product_id,
        comment_id=comment.id,
        question=comment.text,
        answer=answer.text,
        answered_by=answer.name,
    )
    if claim(session, made):
        return made, True
    return session.scalars(select(Question).filter_by(comment_id=comment.id)).one(), False


def _moved(
    session: Session, ids: list[int], seen: CommentStatus, to: CommentStatus
) -> Sequence[int]:
    above = aliased(Comment)
    is_seen = select(above.id).where(
        above.id == Comment.parent_id, above.status.in_(SEEN_BY_VISITORS)
    )
    moving = update(Comment).where(Comment.id.in_(ids), Comment.status == seen)
    if to is CommentStatus.PUBLISHED:
        first = func.coalesce(Comment.published_at, now())
        moving = moving.where(or_(Comment.parent_id.is_(None), is_seen.exists()))
        moving = moving.values(published_at=first)
    return _run(session, moving.values(status=to))


def _run(session: Session, moving: Any) -> Sequence[int]:
    options = {"synchronize_session": False}
    statement = moving.returning(Comment.id).execution_options(**options)
    return session.scalars(statement).all()
