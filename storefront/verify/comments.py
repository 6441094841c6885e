"""Rules of comments: what counts to whom they were helpful agrees with the votes."""

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Comment, CommentVote
from storefront.verify.columns import or_zero


def votes_are_counted(session: Session) -> Iterator[str]:
    """Hold each comment's counter against its votes."""
    votes = (
        select(CommentVote.comment_id, func.count().label("count"))
        .group_by(CommentVote.comment_id)
        .subquery()
    )
    count = or_zero(votes.c.count)
    wrong = (
        select(Comment.id, Comment.helpful_count, count)
        .outerjoin(votes, votes.c.comment_id == Comment.id)
        .where(Comment.helpful_count != count)
        .order_by(Comment.id)
    )
    for comment_id, counted, should in session.execute(wrong):
        yield f"comment {comment_id}: counted helpful to {counted}, votes of {should}"


RULES = (votes_are_counted,)
