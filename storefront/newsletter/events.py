"""What happens in the shop begins sequences of mails, and ends others."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from models import Enrolment, Sequence, SequenceTrigger, Subscriber, SubscriberStatus, now
from models.once import claim

BOUGHT = "bought"
# Beside these, leaving and a mail that came back end every sequence.
STOPS = {SequenceTrigger.PAID: BOUGHT}


def happened(session: Session, trigger: SequenceTrigger, email: str | None) -> None:
    """Begin the sequences that an event triggers, and end those that it stops.

    Called in the event's own transaction. Only a confirmed subscriber gets sequences; each once,
    but one that she had left goes on where it was. The number of statements depends on how many
    sequences the event begins, and is one for who is no subscriber.
    """
    known = select(Subscriber).where(
        Subscriber.email == (email or "").strip().lower(),
        Subscriber.status == SubscriberStatus.CONFIRMED,
    )
    subscriber = session.scalars(known).one_or_none()
    if subscriber is None:
        return
    every = select(Sequence).options(selectinload(Sequence.mails)).order_by(Sequence.id)
    sequences = session.scalars(every).all()
    if reason := STOPS.get(trigger):
        _stop(session, subscriber, [it.id for it in sequences if reason in it.stops_on], reason)
    for sequence in sequences:
        begins = sequence.is_active and sequence.trigger is trigger and sequence.mails
        if begins and is_wanted(sequence, subscriber):
            _enrol(session, subscriber, sequence)


def is_wanted(sequence: Sequence, subscriber: Subscriber) -> bool:
    """Say whether a subscriber wants a sequence: it has no topic, or she chose none, or this."""
    return not sequence.topic or not subscriber.topics or sequence.topic in subscriber.topics


def _stop(session: Session, subscriber: Subscriber, sequence_ids: list[int], reason: str) -> None:
    session.execute(
        update(Enrolment)
        .where(
            Enrolment.subscriber_id == subscriber.id,
            Enrolment.sequence_id.in_(sequence_ids),
            Enrolment.ended_at.is_(None),
        )
        .values(ended_at=now(), end_reason=reason)
        .execution_options(synchronize_session=False)
    )


def _enrol(session: Session, subscriber: Subscriber, sequence: Sequence) -> None:
    first = sequence.mails[0]
    next_at = now() + timedelta(hours=first.delay_hours)
    enrolment = Enrolment(
        subscriber_id=subscriber.id,
        sequence_id=sequence.id,
        next_position=first.position,
        next_at=next_at,
    )
    if claim(session, enrolment):
        return
    session.execute(
        update(Enrolment)
        .where(
            Enrolment.subscriber_id == subscriber.id,
            Enrolment.sequence_id == sequence.id,
            Enrolment.end_reason == "unsubscribed",
        )
        .values(ended_at=None, end_reason="", next_at=next_at)
        .execution_options(synchronize_session=False)
    )
