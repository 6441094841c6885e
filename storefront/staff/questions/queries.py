"""Looking at questions on products as staff do: those that are not shown, too."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Product, Question
from storefront.paging import Slice
from storefront.staff.listing import Sorting, has_words, page_of

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {"product": Product.title, "question": Question.question, "written": Question.created_at}
)


def questions(
    session: Session, words: str, sorting: Sorting, page: int
) -> Slice[tuple[Question, Product]]:
    """Return a page of questions with their products, in two queries."""
    wanted = select(Question, Product).join(Product, Product.id == Question.product_id)
    if words:
        wanted = wanted.where(has_words(words, Question.question, Question.answer, Product.title))
    return page_of(session, sorting.applied(wanted, Question.id), page)


def question(
    session: Session, question_id: int, *, to_change: bool = False
) -> tuple[Question, Product] | None:
    """Return a question as it is now with its product; locked where it is about to change."""
    wanted = select(Question, Product).join(Product, Product.id == Question.product_id)
    if to_change:
        wanted = wanted.with_for_update(of=Question)
    found = wanted.where(Question.id == question_id).execution_options(populate_existing=True)
    row = session.execute(found).one_or_none()
    return (row[0], row[1]) if row else None
