"""Saving a question, taking it off the product's page; deciding on what buyers answer."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from models import Answer, AnswerStatus, Product, Question, QuestionStatus, Staff, now
from storefront.mail.letters import Letters
from storefront.staff.seen import ChangedMeanwhileError, seen_of


@dataclass(frozen=True, slots=True)
class Draft:
    """What a question is to say. seen: ``state_of`` it as the page was shown."""

    question: str
    answer: str
    position: int
    is_published: bool
    seen: str


def words_of(it: Question | Draft) -> dict[str, str]:
    """Return what a question says, by the names of its fields."""
    return {
        "Question": it.question,
        "Answer": it.answer,
        "Position": str(it.position),
        "Shown": "Yes" if it.is_published else "No",
    }


def state_of(it: Question) -> str:
    """Return by what another state of a question is known."""
    return seen_of(words_of(it))


def save(  # noqa: PLR0913 (whom it concerns and who is told)
    session: Session,
    it: Question,
    product: Product,
    draft: Draft,
    *,
    person: Staff,
    letters: Letters,
) -> None:
    """Make a locked question what the draft says; raises ChangedMeanwhileError.

    Who asked is told of the first answer that is published.
    """
    if state_of(it) != draft.seen:
        raise ChangedMeanwhileError(it.id)
    if draft.answer and not it.answer and not it.answered_by:
        it.answered_by = person.name[:120]
    it.question, it.answer = draft.question, draft.answer
    it.position = draft.position
    it.status = QuestionStatus.PUBLISHED if draft.is_published else QuestionStatus.REJECTED
    if it.is_published and it.answer:
        letters.product_question_answered(session, it, product, it.answer, it.answered_by)


def answer_state_of(it: Answer) -> str:
    """Return by what another state of a buyer's answer is known."""
    return f"{it.version} {it.status}"


def decide(  # noqa: PLR0913 (what it is about and who is told)
    session: Session,
    answer: Answer,
    product: Product,
    to: AnswerStatus,
    *,
    seen: str,
    letters: Letters,
) -> None:
    """Publish a buyer's answer or reject it; its question is locked.

    Who asked is told of the first answer that is published, where the question is. Raises
    ChangedMeanwhileError where it is no more as it was seen, and changes nothing.
    """
    if seen != answer_state_of(answer):
        raise ChangedMeanwhileError(answer.id)
    answer.status = to
    if to is not AnswerStatus.PUBLISHED:
        return
    answer.published_at, question = now(), answer.question
    if question.is_published:
        letters.product_question_answered(
            session, question, product, answer.text, answer.name, is_buyer=True
        )
