"""Questions that were asked about a product, with the shop's answers."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Question, QuestionStatus


def questions(session: Session, product_id: int) -> Sequence[Question]:
    """Return the questions that visitors see on a product's page, in the shop's order."""
    is_seen = Question.status == QuestionStatus.PUBLISHED
    wanted = select(Question).where(Question.product_id == product_id, is_seen)
    return session.scalars(wanted.order_by(Question.position, Question.id)).all()
