"""Saving a question, and taking it off the product's page."""

from dataclasses import dataclass

from models import Question, QuestionStatus
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


def save(it: Question, draft: Draft) -> None:
    """Make a locked question what the draft says; raises ChangedMeanwhileError."""
    if state_of(it) != draft.seen:
        raise ChangedMeanwhileError(it.id)
    it.question, it.answer = draft.question, draft.answer
    it.position = draft.position
    it.status = QuestionStatus.PUBLISHED if draft.is_published else QuestionStatus.REJECTED
