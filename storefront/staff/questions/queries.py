"""Looking at questions on products as staff do: those that are not shown, too."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, selectinload

from models import Answer, AnswerStatus, Product, Question, QuestionStatus
from storefront.paging import Slice
from storefront.staff.listing import Sorting, has_words, page_of, tally_by

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {"product": Product.title, "question": Question.question, "written": Question.created_at}
)


def waits() -> ColumnElement[bool]:
    """Return which questions wait for staff: unread ones, and seen ones that nobody answered."""
    answered = exists().where(
        Answer.question_id == Question.id, Answer.status == AnswerStatus.PUBLISHED
    )
    is_open = and_(Question.status == QuestionStatus.PUBLISHED, Question.answer == "", ~answered)
    return or_(Question.status == QuestionStatus.WAITING, is_open)


def counts(session: Session) -> dict[str, str]:
    """Return in words how many questions are in each state, by its name; and ``all``."""
    return tally_by(session, Question.status, QuestionStatus)


def questions(
    session: Session, status: QuestionStatus | None, words: str, sorting: Sorting, page: int
) -> Slice[tuple[Question, Product]]:
    """Return a page of questions with their products, in two queries. status: None for all."""
    wanted = select(Question, Product).join(Product, Product.id == Question.product_id)
    if status is not None:
        wanted = wanted.where(Question.status == status)
    if words:
        wanted = wanted.where(has_words(words, Question.question, Question.answer, Product.title))
    return page_of(session, sorting.applied(wanted, Question.id), page)


def question(
    session: Session, question_id: int, *, to_change: bool = False
) -> tuple[Question, Product] | None:
    """Return a question as it is now, with product and answers; locked where it is to change."""
    wanted = select(Question, Product).join(Product, Product.id == Question.product_id)
    if to_change:
        wanted = wanted.with_for_update(of=Question)
    found = wanted.where(Question.id == question_id).options(
        selectinload(Question.answers).joinedload(Answer.order)
    )
    found = found.execution_options(populate_existing=True)
    row = session.execute(found).one_or_none()
    return (row[0], row[1]) if row else None
