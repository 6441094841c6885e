"""Taking a comment, withdrawing it, and counting to whom it was helpful."""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, func, literal, select, update
from sqlalchemy.orm import Session

from models import (
    Article,
    Comment,
    CommentStatus,
    CommentVote,
    Mail,
    Page,
    Question,
    now,
)
from models.comment import WITHDRAWN
from models.once import claim, upsert
from storefront.comments.spam import SPAM_FROM, Sent, score
from storefront.limits import TooManyError, count_attempt, digest, network

WINDOW_S = 10 * 60
BY_ORIGIN, BY_ALL = 6, 120  # comments in a window, from one origin and from everybody
VOTES_BY_ORIGIN = 60  # in a window
COPIED_WITHIN = timedelta(days=30)
Text = Article | Page


@dataclass(frozen=True, slots=True)
class Draft:
    """A comment as it was typed; see ``spam.Sent`` for seconds and is_trapped."""

    name: str
    email: str
    text: str
    region_id: int | None
    seconds: float | None
    is_trapped: bool


def post(session: Session, text: Text, draft: Draft, address: str, secret: str) -> str | None:
    """Take a comment to be moderated; return the secret of its author's own page.

    The same words of the same person on the same day are taken once, however often they are sent:
    the secret is made of them, and its digest is unique. Once they are published others could send
    them as well: then it is None. Raises TooManyError, and nothing is kept.
    """
    origin = digest(network(address), secret)
    _count(session, "comment", origin, BY_ORIGIN, secret)
    _count(session, "comment-all", "everybody", BY_ALL, secret)
    comment = Comment(
        article_id=text.id if isinstance(text, Article) else None,
        page_id=text.id if isinstance(text, Page) else None,
        region_id=draft.region_id,
        name=draft.name,
        email=draft.email,
        text=draft.text,
        origin=origin,
        created_at=now(),
    )
    token = token_of(comment, secret)
    comment.token_sha256 = token_digest(token)
    comment.spam_score, comment.spam_reasons = score(
        Sent(
            name=draft.name,
            email=draft.email,
            text=draft.text,
            seconds=draft.seconds,
            is_trapped=draft.is_trapped,
            copies=_copies(session, comment),
        )
    )
    is_spam = comment.spam_score >= SPAM_FROM
    comment.status = CommentStatus.SPAM if is_spam else CommentStatus.WAITING
    if claim(session, comment):
        return token
    before = select(Comment.status).where(Comment.token_sha256 == token_digest(token))
    return None if session.scalar(before) is CommentStatus.PUBLISHED else token


def withdraw(session: Session, token: str) -> bool:
    """Forget who wrote a comment and what; False where that was done already.

    What staff answered stays. A question that was made of it goes.
    """
    withdrawn = session.scalar(
        update(Comment)
        .where(
            Comment.token_sha256 == token_digest(token),
            Comment.status != CommentStatus.WITHDRAWN,
        )
        .values(**WITHDRAWN)
        .returning(Comment.id)
    )
    if withdrawn is None:
        return False
    session.execute(delete(Question).where(Question.comment_id == withdrawn))
    _forget_mails(session, withdrawn)
    return True


def vote(session: Session, comment_id: int, address: str, agent: str, secret: str) -> bool:
    """Count that somebody found a published comment helpful; False where she said so before.

    Who she is is a keyed digest that differs from comment to comment. Raises TooManyError.
    """
    _count(session, "comment-vote", network(address), VOTES_BY_ORIGIN, secret)
    voter = digest(f"{comment_id} {network(address)} {agent}", secret)
    is_seen = (Comment.id == comment_id, Comment.status == CommentStatus.PUBLISHED)
    counted = session.execute(
        upsert(session, CommentVote)
        .from_select(
            ["comment_id", "voter", "created_at"],
            select(Comment.id, literal(voter), literal(now(), CommentVote.created_at.type)).where(
                *is_seen
            ),
        )
        .on_conflict_do_nothing()
        .returning(CommentVote.comment_id)
    ).one_or_none()
    if counted is None:
        return False
    session.execute(
        update(Comment)
        .where(Comment.id == comment_id)
        .values(helpful_count=Comment.helpful_count + 1)
    )
    return True


def token_of(comment: Comment, secret: str) -> str:
    """Return the secret of a comment's own page, made of what it says and where it came from.

    So the link can be mailed later, though only its digest is kept.
    """
    parts = (
        "comment",
        f"article {comment.article_id}" if comment.article_id else f"page {comment.page_id}",
        comment.created_at.date().isoformat(),
        comment.origin,
        comment.email,
        comment.text,
    )
    made = hmac.new(secret.encode(), "\n".join(parts).encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(made).decode().rstrip("=")


def own_token(comment: Comment, secret: str) -> str:
    """Return the secret of a comment's own page, to be mailed.

    Where it cannot be made again, since the shop's secret has changed, it is a new one.
    """
    token = token_of(comment, secret)
    if token_digest(token) != comment.token_sha256:
        token = secrets.token_urlsafe(32)
        comment.token_sha256 = token_digest(token)
    return token


def token_digest(token: str) -> str:
    """Return what is kept of a secret."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _forget_mails(session: Session, comment_id: int) -> None:
    """Empty what the outbox holds for a comment's author; what was not sent yet stays unsent."""
    answers = session.scalars(select(Comment.id).where(Comment.parent_id == comment_id))
    keys = [f"comment_published:{comment_id}", *(f"comment_answered:{it}" for it in answers)]
    session.execute(
        update(Mail)
        .where(Mail.key.in_(keys))
        .values(recipient="", text="", html="", sent_at=func.coalesce(Mail.sent_at, now()))
        .execution_options(synchronize_session=False)
    )


def _copies(session: Session, comment: Comment) -> int:
    """Return how often the same text came lately, a repetition of this very comment apart."""
    same = (
        Comment.text == comment.text,
        Comment.created_at > comment.created_at - COPIED_WITHIN,
        Comment.token_sha256 != comment.token_sha256,
    )
    return session.scalar(select(func.count(Comment.id)).where(*same)) or 0


def _count(session: Session, scope: str, subject: str, most: int, secret: str) -> None:
    count, left_s = count_attempt(session, scope, subject, window_s=WINDOW_S, secret=secret)
    if count > most:
        raise TooManyError(left_s)
