"""Questions about an order: asked by its buyer, answered by staff, each once."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, joinedload

from models import Order, OrderQuestion, now
from models.once import claim
from storefront.mail.letters import Letters

MOST_OPEN = 5  # of one order that wait for an answer


class TooManyQuestionsError(Exception):
    """So many questions about this order wait for an answer that no more are taken."""


class AnsweredMeanwhileError(Exception):
    """Somebody has answered it already."""


def ask(session: Session, order: Order, text: str, key: str) -> None:
    """Take a question, once for each key; raises TooManyQuestionsError, nothing has changed then.

    The order's row is locked while the open ones are counted.
    """
    session.execute(select(Order.id).where(Order.id == order.id).with_for_update())
    mine = OrderQuestion.order_id == order.id
    if session.scalar(select(OrderQuestion.id).where(OrderQuestion.key == key)) is not None:
        return
    waiting = select(func.count(OrderQuestion.id)).where(mine, OrderQuestion.answered_at.is_(None))
    if (session.scalar(waiting) or 0) >= MOST_OPEN:
        raise TooManyQuestionsError(order.number)
    claim(session, OrderQuestion(order_id=order.id, text=text, key=key))


def by_id(session: Session, question_id: int) -> OrderQuestion | None:
    """Return a question with its order, as it is now."""
    found = select(OrderQuestion).where(OrderQuestion.id == question_id)
    loaded = found.options(joinedload(OrderQuestion.order).selectinload(Order.lines))
    loaded = loaded.options(joinedload(OrderQuestion.order).selectinload(Order.discounts))
    return session.scalars(loaded.execution_options(populate_existing=True)).one_or_none()


def answer(
    session: Session, question: OrderQuestion, text: str, letters: Letters, *, actor: str
) -> None:
    """Answer a question, once, and mail the answer to the buyer.

    Its order's lines and discounts must be loaded. Raises AnsweredMeanwhileError; nothing has
    changed then.
    """
    answered = session.execute(
        update(OrderQuestion)
        .where(OrderQuestion.id == question.id, OrderQuestion.answered_at.is_(None))
        .values(answer=text, answered_by=actor, answered_at=now())
        .returning(OrderQuestion.id)
        .execution_options(synchronize_session=False)
    )
    if answered.scalar_one_or_none() is None:
        raise AnsweredMeanwhileError(question.id)
    session.refresh(question, ["answer", "answered_by", "answered_at"])
    letters.question_answered(session, question.order, question)
