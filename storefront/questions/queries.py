"""Looking at questions on products, and at who may answer them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import Session

from models import (
    Answer,
    AnswerStatus,
    Order,
    OrderLine,
    Product,
    ProductStatus,
    Question,
    QuestionStatus,
    Variant,
)
from storefront.catalog.questions import seen as visible
from storefront.catalog.questions import with_answers
from storefront.paging import Slice, slice_of

PER_PAGE = 20


def questions(session: Session, product_id: int, words: str, page: int) -> Slice[Question]:
    """Return a page of the questions that visitors see of a product, with buyers' answers.

    In three queries. words: a part of a question or of what was answered; all where empty.
    """
    which = [*visible(product_id)]
    if words:
        which.append(_has(words))
    total = session.scalar(select(func.count(Question.id)).where(*which)) or 0
    found: Slice[Question] = slice_of(total, page, PER_PAGE)
    wanted = select(Question).where(*which).order_by(Question.position, Question.id.desc())
    found.items.extend(
        session.scalars(wanted.offset(found.offset).limit(PER_PAGE).options(with_answers()))
    )
    return found


def product_of(session: Session, handle: str) -> Product | None:
    """Return a product that visitors see, by its handle."""
    wanted = select(Product).where(
        Product.handle == handle, Product.status.in_(ProductStatus.shown())
    )
    return session.scalars(wanted).one_or_none()


def to_answer(session: Session, products: Sequence[Product]) -> Sequence[Question]:
    """Return the newest questions about products that are in the shop, in one query."""
    wanted = select(Question).where(
        Question.product_id.in_([it.id for it in products]),
        Question.status == QuestionStatus.PUBLISHED,
    )
    return session.scalars(wanted.order_by(Question.id.desc()).limit(PER_PAGE)).all()


def seen(session: Session, question_id: int) -> tuple[Question, Product] | None:
    """Return a question that visitors see, with its product."""
    row = session.execute(
        select(Question, Product)
        .join(Product, Product.id == Question.product_id)
        .where(Question.id == question_id, Question.status == QuestionStatus.PUBLISHED)
    ).one_or_none()
    return (row[0], row[1]) if row else None


def own_answer(session: Session, question_id: int, order_id: int) -> Answer | None:
    """Return what the buyer of an order answered, as it is now."""
    wanted = select(Answer).where(Answer.question_id == question_id, Answer.order_id == order_id)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def bought_by(session: Session, customer_id: int, product_id: int) -> Order | None:
    """Return the newest order of a customer with which a unit of a product left, or None."""
    left = exists().where(
        OrderLine.order_id == Order.id,
        OrderLine.variant_id == Variant.id,
        Variant.product_id == product_id,
        OrderLine.shipped_quantity > 0,
    )
    wanted = select(Order).where(Order.customer_id == customer_id, left)
    return session.scalars(wanted.order_by(Order.id.desc()).limit(1)).one_or_none()


def _has(words: str) -> ColumnElement[bool]:
    answered = exists().where(
        Answer.question_id == Question.id,
        Answer.status == AnswerStatus.PUBLISHED,
        Answer.text.icontains(words, autoescape=True),
    )
    columns = (Question.question, Question.answer)
    return or_(answered, *(it.icontains(words, autoescape=True) for it in columns))
