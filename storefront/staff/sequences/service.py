"""Saving sequences and their mails."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from models import Sequence, SequenceMail, SequenceTrigger
from models.once import claim
from storefront.newsletter.events import BOUGHT
from storefront.staff.seen import ChangedMeanwhileError, seen_of
from storefront.text import RENDERER, render


class HandleTakenError(Exception):
    """Another sequence has this handle."""


@dataclass(frozen=True, slots=True)
class SequenceDraft:
    """What a sequence is to be."""

    title: str
    trigger: SequenceTrigger
    topic: str
    stops_when_bought: bool
    is_active: bool


@dataclass(frozen=True, slots=True)
class MailDraft:
    """What a mail of a sequence is to be."""

    subject: str
    delay_hours: int
    body: str


def sequence_words(it: Sequence | SequenceDraft) -> dict[str, str]:
    """Return what a sequence says, by the names of its fields."""
    stops = BOUGHT in it.stops_on if isinstance(it, Sequence) else it.stops_when_bought
    return {
        "Title": it.title,
        "Begins with": it.trigger.value,
        "Topic": it.topic,
        "Ends when she buys": "Yes" if stops else "No",
        "Active": "Yes" if it.is_active else "No",
    }


def mail_words(it: SequenceMail | MailDraft) -> dict[str, str]:
    """Return what a mail says, by the names of its fields."""
    body = it.body_markdown if isinstance(it, SequenceMail) else it.body
    return {"Subject": it.subject, "Delay": str(it.delay_hours), "Text": body.strip()}


def create(session: Session, handle: str, draft: SequenceDraft) -> Sequence:
    """Write a new sequence without mails; raises HandleTakenError, and nothing has changed then."""
    sequence = Sequence(handle=handle)
    _fill(sequence, draft)
    if not claim(session, sequence):
        raise HandleTakenError
    return sequence


def save(sequence: Sequence, draft: SequenceDraft, seen: str) -> None:
    """Make a locked sequence what the draft says.

    seen: the digest of its words when the page was shown. Raises ChangedMeanwhileError.
    """
    if seen_of(sequence_words(sequence)) != seen:
        raise ChangedMeanwhileError
    _fill(sequence, draft)


def add_mail(sequence: Sequence, draft: MailDraft) -> SequenceMail:
    """Write a new mail at the end of a locked sequence; who has had all of it does not get it."""
    position = max((it.position for it in sequence.mails), default=0) + 1
    mail = SequenceMail(position=position)
    _fill_mail(mail, draft)
    sequence.mails.append(mail)
    return mail


def save_mail(mail: SequenceMail, draft: MailDraft, seen: str) -> None:
    """Make a mail of a locked sequence what the draft says, or raise ChangedMeanwhileError."""
    if seen_of(mail_words(mail)) != seen:
        raise ChangedMeanwhileError
    _fill_mail(mail, draft)


def raise_mail(session: Session, sequence: Sequence, mail: SequenceMail) -> None:
    """Let a mail of a locked sequence change places with the one before it, if there is one.

    Nobody gets a mail twice by it; who is past its new place does not get it.
    """
    before = [it for it in sequence.mails if it.position < mail.position]
    if not before:
        return
    other, place = before[-1], mail.position
    other_place = other.position
    mail.position = 0  # a place of its own, as no two may share one
    session.flush()
    other.position = place
    session.flush()
    mail.position = other_place


def remove_mail(sequence: Sequence, mail: SequenceMail) -> None:
    """Take a mail out of a locked sequence; the places of the others stay."""
    sequence.mails.remove(mail)


def _fill(sequence: Sequence, draft: SequenceDraft) -> None:
    sequence.title, sequence.trigger = draft.title, draft.trigger
    sequence.topic, sequence.is_active = draft.topic, draft.is_active
    sequence.stops_on = [BOUGHT] if draft.stops_when_bought else []


def _fill_mail(mail: SequenceMail, draft: MailDraft) -> None:
    mail.subject, mail.delay_hours = draft.subject, draft.delay_hours
    mail.body_markdown, mail.body_html = draft.body, render(draft.body)
    mail.renderer = RENDERER
