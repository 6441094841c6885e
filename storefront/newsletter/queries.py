"""Looking at sequences and at what is kept about a subscriber."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import Consent, Enrolment, Mail, SequenceTrigger, Subscriber
from models import Sequence as MailSequence


def welcome(session: Session) -> MailSequence | None:
    """Return the sequence that a new subscriber gets, with its mails; None where none is active."""
    wanted = (
        select(MailSequence)
        .where(MailSequence.trigger == SequenceTrigger.CONFIRMED, MailSequence.is_active)
        .order_by(MailSequence.id)
        .limit(1)
        .options(selectinload(MailSequence.mails))
    )
    return session.scalars(wanted).one_or_none()


def topics(session: Session) -> list[str]:
    """Return the topics of all sequences that are sent, in the order of the alphabet."""
    wanted = select(MailSequence.topic).where(MailSequence.is_active, MailSequence.topic != "")
    return sorted(set(session.scalars(wanted)))


def kept(session: Session, subscriber: Subscriber) -> dict[str, Any]:
    """Return all that is kept about a subscriber, as plain values for JSON; four statements."""
    consents = session.scalars(_of(Consent, subscriber))
    mails = session.scalars(_of(Mail, subscriber))
    enrolments = session.scalars(
        _of(Enrolment, subscriber).options(selectinload(Enrolment.sequence))
    )
    return {
        "email": subscriber.email,
        "status": subscriber.status.value,
        "topics": subscriber.topics,
        "asked_at": _iso(subscriber.created_at),
        "confirmed_at": _iso(subscriber.confirmed_at),
        "paused_until": _iso(subscriber.paused_until),
        "unsubscribed_at": _iso(subscriber.unsubscribed_at),
        "bounced_at": _iso(subscriber.bounced_at),
        "bounce_count": subscriber.bounce_count,
        "consents": [
            {
                "act": it.act.value,
                "at": _iso(it.created_at),
                "page": it.page,
                "words": it.words,
                "digest_of_network_address": it.origin,
            }
            for it in consents
        ],
        "sequences": [
            {
                "title": it.sequence.title,
                "began_at": _iso(it.created_at),
                "ended_at": _iso(it.ended_at),
                "why_it_ended": it.end_reason,
            }
            for it in enrolments
        ],
        "mails": [
            {"subject": it.subject, "written_at": _iso(it.created_at), "sent_at": _iso(it.sent_at)}
            for it in mails
        ],
    }


def consents(session: Session, subscriber: Subscriber) -> Sequence[Consent]:
    """Return the proof of what a subscriber consented to, oldest first."""
    return session.scalars(_of(Consent, subscriber)).all()


def _of(table: Any, subscriber: Subscriber) -> Any:
    return select(table).where(table.subscriber_id == subscriber.id).order_by(table.id)


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None
