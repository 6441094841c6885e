"""Taking a question, and a buyer's answer; taking them back."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from models import Answer, AnswerStatus, Mail, Order, Product, Question, QuestionStatus, now
from models.language import language
from models.once import claim
from storefront.comments.spam import SPAM_FROM, Sent, score
from storefront.limits import TooManyError, count_attempt, digest, network

WINDOW_S = 10 * 60
BY_ORIGIN, BY_ALL = 6, 120  # questions in a window, from one origin and from everybody
COPIED_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was typed; see ``spam.Sent`` for seconds and is_trapped."""

    name: str
    email: str
    text: str
    seconds: float | None
    is_trapped: bool


def ask(session: Session, product: Product, asked: Asked, address: str, secret: str) -> None:
    """Take a question about a product, to be read by staff; the same of one day is taken once.

    Raises TooManyError, and nothing is kept.
    """
    origin = digest(network(address), secret)
    for subject, most in ((origin, BY_ORIGIN), ("everybody", BY_ALL)):
        count, left_s = count_attempt(
            session, "question", subject, window_s=WINDOW_S, secret=secret
        )
        if count > most:
            raise TooManyError(left_s)
    parts = (str(product.id), now().date().isoformat(), origin, asked.email, asked.text)
    key = hmac.new(secret.encode(), "\n".join(("question", *parts)).encode(), "sha256").hexdigest()
    copies = select(func.count(Question.id)).where(
        Question.question == asked.text,
        Question.created_at > now() - COPIED_WITHIN,
        Question.key != key,
    )
    spam_score, reasons = score(
        Sent(
            name=asked.name,
            email=asked.email,
            text=asked.text,
            seconds=asked.seconds,
            is_trapped=asked.is_trapped,
            copies=session.scalar(copies) or 0,
        )
    )
    is_spam = spam_score >= SPAM_FROM
    question = Question(
        product_id=product.id,
        question=asked.text,
        asked_by=asked.name,
        email=asked.email,
        key=key,
        origin=origin,
        spam_score=spam_score,
        spam_reasons=reasons,
        status=QuestionStatus.SPAM if is_spam else QuestionStatus.WAITING,
    )
    claim(session, question)  # else it came before


def answer(session: Session, order: Order, question: Question, name: str, text: str) -> None:
    """Take what the buyer of an order answers, to be read by staff.

    What she answered before gives way to it, and is not shown meanwhile.
    """
    said = {"name": name, "text": text}
    if claim(session, Answer(question_id=question.id, order_id=order.id, **said)):
        return
    session.execute(
        update(Answer)
        .where(Answer.question_id == question.id, Answer.order_id == order.id)
        .values(
            status=AnswerStatus.WAITING, version=Answer.version + 1, language=language(), **said
        )
        .execution_options(synchronize_session=False)
    )


def withdraw(session: Session, which: ColumnElement[bool]) -> int:
    """Take buyers' answers away, with who wrote them; return how many there were."""
    gone = session.execute(
        delete(Answer)
        .where(which)
        .returning(Answer.id)
        .execution_options(synchronize_session=False)
    )
    return len(gone.all())


def forget(session: Session, email: str) -> int:
    """Forget who asked from an address: her questions go, where the shop did not answer them.

    One that was answered stays without her name and address. Return how many there were.
    """
    hers = Question.email == email
    found = session.scalars(select(Question.id).where(hers)).all()
    session.execute(
        update(Mail)
        .where(Mail.key.in_([f"question_answered:{it}" for it in found]))
        .values(recipient="", text="", html="", sent_at=func.coalesce(Mail.sent_at, now()))
        .execution_options(synchronize_session=False)
    )
    unread = hers & (Question.status != QuestionStatus.PUBLISHED)
    session.execute(delete(Question).where(unread).execution_options(synchronize_session=False))
    session.execute(
        update(Question)
        .where(hers)
        .values(email="", asked_by="", origin="", key=None)
        .execution_options(synchronize_session=False)
    )
    return len(found)
