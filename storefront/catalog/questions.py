"""Questions that were asked about a product, with the answers of the shop and of buyers."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import BindParameter, ColumnElement, bindparam, func, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from models import Answer, AnswerStatus, Question, QuestionStatus

FIRST = 4  # on the product's own page


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked about a product. count: of all that visitors see; first: some of them."""

    count: int = 0
    first: Sequence[Question] = field(default=())


def questions(session: Session, product_id: int) -> Asked:
    """Return the first questions that visitors see, in the shop's order, in two queries.

    In one where there is none. Those that nobody has answered yet come last.
    """
    rows = session.execute(_FIRST, {"product": product_id}).all()
    return Asked(rows[0][1], [row[0] for row in rows]) if rows else Asked()


def seen(product_id: int | BindParameter[int]) -> tuple[ColumnElement[bool], ...]:
    """Return which questions visitors see of a product."""
    return Question.product_id == product_id, Question.status == QuestionStatus.PUBLISHED


def with_answers() -> ORMOption:
    """Return what loads the answers of buyers that visitors see, in one more query."""
    return selectinload(Question.answers.and_(Answer.status == AnswerStatus.PUBLISHED))


_FIRST = (
    select(Question, func.count().over())
    .where(*seen(bindparam("product")))
    .order_by(Question.answer == "", Question.position, Question.id)
    .limit(FIRST)
    .options(with_answers())
)
