"""Deciding on reviews, and answering them: as they were read, or not at all."""

from sqlalchemy.orm import Session

from models import Review, ReviewStatus, Staff, now
from storefront.mail.letters import Letters
from storefront.sent_pictures import service as sent_pictures
from storefront.staff.seen import ChangedMeanwhileError


def state_of(review: Review) -> str:
    """Return by what another state of a review is known: its words, its status, its answer."""
    answered = review.answered_at.isoformat() if review.answered_at else "-"
    return f"{review.version} {review.status} {answered}"


def decide(
    session: Session, review: Review, to: ReviewStatus, *, seen: str, letters: Letters
) -> None:
    """Publish a locked review or reject it; its writer is told of the first publishing.

    Raises ChangedMeanwhileError where it is no more as it was seen, and changes nothing.
    """
    _check(review, seen)
    _bring(session, review, to, letters)


def answer(  # noqa: PLR0913 (whom it concerns and who is told)
    session: Session, review: Review, text: str, person: Staff, *, seen: str, letters: Letters
) -> None:
    """Answer a locked review in the shop's name, and publish it where it is not yet.

    An answer that was given before gives way. Raises ChangedMeanwhileError as ``decide``.
    """
    _check(review, seen)
    review.answer, review.answered_by, review.answered_at = text, person.name[:120], now()
    _bring(session, review, ReviewStatus.PUBLISHED, letters)
    letters.review_answered(session, review)


def take_back(review: Review, *, seen: str) -> None:
    """Take the answer to a locked review back. Raises ChangedMeanwhileError as ``decide``."""
    _check(review, seen)
    review.answer, review.answered_by, review.answered_at = "", "", None


def _check(review: Review, seen: str) -> None:
    if seen != state_of(review) or review.status is ReviewStatus.WITHDRAWN:
        raise ChangedMeanwhileError(review.id)


def _bring(session: Session, review: Review, to: ReviewStatus, letters: Letters) -> None:
    if review.status is to:
        return
    is_public = to is ReviewStatus.PUBLISHED
    review.published_at = now() if is_public else review.published_at
    review.status = to
    sent_pictures.publish(session, review.id, is_public=is_public)
    if is_public:
        letters.review_published(session, review)
