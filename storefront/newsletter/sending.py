"""Writes the mails of sequences that are due into the outbox, each once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session, joinedload

from models import (
    Enrolment,
    Fulfilment,
    Mail,
    Order,
    SequenceMail,
    SequenceTrigger,
    Subscriber,
    SubscriberStatus,
    now,
)
from models import Sequence as MailSequence
from models.comeback import is_kept
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload
from storefront.newsletter.events import is_wanted
from storefront.newsletter.mails import Mails
from storefront.newsletter.service import forget_unconfirmed

BATCH = 50  # mails in one transaction
MOST = 500  # mails in one round


class Sending:
    """Does the job ``newsletter``."""

    def __init__(self, mails: Mails) -> None:
        """Remember who writes the mails."""
        self._mails = mails

    def send_due(self, sessions: Sessions, payload: Payload) -> Effect:
        """Write what is due, a batch a transaction, at most MOST mails; forget who never confirmed.

        What is left over is due in the next round too.
        """
        del payload
        for _ in range(MOST // BATCH):
            with sessions.write.begin() as session:
                found = _write_batch(session, self._mails, now())
            if found < BATCH:
                break
        return lambda session: forget_unconfirmed(session, now(), BATCH)


def _write_batch(session: Session, mails: Mails, moment: datetime) -> int:
    """Move up to BATCH enrolments that are due one mail on; return how many were found."""
    due = (
        select(Enrolment)
        .join(Enrolment.subscriber)
        .join(Enrolment.sequence)
        .where(
            Enrolment.ended_at.is_(None),
            Enrolment.next_at <= moment,
            Subscriber.status == SubscriberStatus.CONFIRMED,
            or_(Subscriber.paused_until.is_(None), Subscriber.paused_until <= moment),
            MailSequence.is_active,
        )
        .order_by(Enrolment.next_at, Enrolment.id)
        .limit(BATCH)
        .options(
            joinedload(Enrolment.subscriber),
            joinedload(Enrolment.sequence).selectinload(MailSequence.mails),
        )
    )
    found = session.scalars(due).unique().all()
    had = _had_already(session, found)
    for enrolment in found:
        _move_on(session, enrolment, had, moment, mails)
    return len(found)


def _had_already(
    session: Session, found: Sequence[Enrolment]
) -> set[tuple[int | None, int | None]]:
    """Return (subscriber, mail) of what they got: staff may have moved a mail to a later place."""
    subscribers = [it.subscriber_id for it in found]
    got = select(Mail.subscriber_id, Mail.sequence_mail_id).where(
        Mail.subscriber_id.in_(subscribers), Mail.sequence_mail_id.is_not(None)
    )
    return {(row[0], row[1]) for row in session.execute(got)}


def _move_on(
    session: Session,
    enrolment: Enrolment,
    had: set[tuple[int | None, int | None]],
    moment: datetime,
    mails: Mails,
) -> None:
    """Advance an enrolment by one conditional statement, and write its mail if that was ours."""
    sequence, subscriber = enrolment.sequence, enrolment.subscriber
    left = [
        it
        for it in sequence.mails
        if it.position >= enrolment.next_position and (subscriber.id, it.id) not in had
    ]
    if not is_wanted(sequence, subscriber) or _came_back(session, sequence, subscriber):
        _advance(session, enrolment, {"ended_at": moment, "end_reason": "stopped"})
    elif not left:
        _advance(session, enrolment, {"ended_at": moment, "end_reason": "done"})
    elif _advance(session, enrolment, _after(left, moment)):
        mails.of_sequence(session, sequence, left[0], subscriber)


def _came_back(session: Session, sequence: MailSequence, subscriber: Subscriber) -> bool:
    """Say whether nothing that arrived at her is with her any more, of a sequence about that."""
    if sequence.trigger is not SequenceTrigger.DELIVERED:
        return False
    arrived = select(Fulfilment.id).where(
        Fulfilment.order_id == Order.id, Fulfilment.delivered_at.is_not(None)
    )
    kept = select(Order.id).where(Order.email == subscriber.email, arrived.exists(), is_kept())
    return session.scalar(kept.limit(1)) is None


def _after(left: list[SequenceMail], moment: datetime) -> dict[str, object]:
    """Return what an enrolment becomes when the first of these mails is written."""
    if len(left) == 1:
        return {"ended_at": moment, "end_reason": "done", "next_position": left[0].position + 1}
    following = left[1]
    due_at = moment + timedelta(hours=following.delay_hours)
    return {"next_position": following.position, "next_at": due_at}


def _advance(session: Session, enrolment: Enrolment, values: dict[str, object]) -> bool:
    """Change an enrolment as it was seen; False where it went on or ended meanwhile."""
    moved = session.scalar(
        update(Enrolment)
        .where(
            Enrolment.id == enrolment.id,
            Enrolment.next_position == enrolment.next_position,
            Enrolment.ended_at.is_(None),
        )
        .values(**values)
        .returning(Enrolment.id)
        .execution_options(synchronize_session=False)
    )
    return moved is not None
