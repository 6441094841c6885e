"""Questions that were asked about a product, with the answers of the shop and of buyers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.interfaces import ORMOption

from models import Answer, AnswerStatus, Question, QuestionStatus

FIRST = 4  # on the product's own page


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked about a product. count: of all that visitors see; first: some of them."""

    count: int = 0
    first: Sequence[Question] = field(default=())


def seen(product_id: Any, asked: type[Question] = Question) -> tuple[ColumnElement[bool], ...]:
    """Return which questions visitors see of a product."""
    return asked.product_id == product_id, asked.status == QuestionStatus.PUBLISHED


def order(asked: type[Question]) -> tuple[Any, ...]:
    """Return the shop's order; those that nobody has answered yet come last."""
    return asked.answer == "", asked.position, asked.id


def with_answers() -> ORMOption:
    """Return what loads the answers of buyers that visitors see, in one more query."""
    return selectinload(Question.answers.and_(Answer.status == AnswerStatus.PUBLISHED))
