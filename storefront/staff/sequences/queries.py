"""Looking at sequences, and at what their mails led to; no mail tells whether it was opened."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import extract, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session, selectinload

from models import Enrolment, Mail, Order, SequenceMail, Subscriber
from models import Sequence as MailSequence
from storefront.newsletter.mails import source_of

WEEK_S = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Figures:
    """What became of one mail.

    left: who unsubscribed within a week after it; first, last: paid orders whose buyer came first,
    or last, by its links.
    """

    written: int = 0
    sent: int = 0
    bounced: int = 0
    left: int = 0
    first: int = 0
    last: int = 0


@dataclass(frozen=True, slots=True)
class SequenceLine:
    """A sequence in the list. underway: who gets it now; done: who has had all of it."""

    sequence: MailSequence
    underway: int
    done: int


def sequences(session: Session) -> list[SequenceLine]:
    """Return all sequences with their mails and how many are in them, in three queries."""
    every = select(MailSequence).options(selectinload(MailSequence.mails)).order_by(MailSequence.id)
    counted = select(
        Enrolment.sequence_id,
        func.count().filter(Enrolment.ended_at.is_(None)),
        func.count().filter(Enrolment.end_reason == "done"),
    ).group_by(Enrolment.sequence_id)
    by_id = {row[0]: (row[1], row[2]) for row in session.execute(counted)}
    return [SequenceLine(it, *by_id.get(it.id, (0, 0))) for it in session.scalars(every)]


def sequence(session: Session, sequence_id: int, *, to_change: bool = False) -> MailSequence | None:
    """Return a sequence as it is now with its mails; locked where it is about to change."""
    wanted = select(MailSequence).where(MailSequence.id == sequence_id)
    if to_change:
        wanted = wanted.with_for_update()
    return session.scalars(
        wanted.options(selectinload(MailSequence.mails)).execution_options(populate_existing=True)
    ).one_or_none()


def figures(session: Session, of: MailSequence) -> dict[int, Figures]:
    """Return what became of each mail of a sequence, by the mail's id, in four queries."""
    ids = [it.id for it in of.mails]
    mailed = {row[0]: row for row in session.execute(_mailed(ids))}
    left = {row[0]: row[1] for row in session.execute(_left(ids))}
    sources = {it.id: source_of(of.handle, it.position) for it in of.mails}
    first = _orders(session, Order.first_content, sources.values())
    last = _orders(session, Order.last_content, sources.values())
    return {
        key: Figures(
            written=mailed[key][1] if key in mailed else 0,
            sent=mailed[key][2] if key in mailed else 0,
            bounced=mailed[key][3] if key in mailed else 0,
            left=left.get(key, 0),
            first=first.get(source, 0),
            last=last.get(source, 0),
        )
        for key, source in sources.items()
    }


def _mailed(ids: Sequence[int]) -> Any:
    counts = (func.count(), func.count(Mail.sent_at), func.count(Mail.bounced_at))
    of_mail = select(Mail.sequence_mail_id, *counts).where(Mail.sequence_mail_id.in_(ids))
    return of_mail.group_by(Mail.sequence_mail_id)


def _left(ids: Sequence[int]) -> Any:
    after_s = extract("epoch", Subscriber.unsubscribed_at) - extract("epoch", Mail.sent_at)
    return (
        select(Mail.sequence_mail_id, func.count())
        .join(Subscriber, Subscriber.id == Mail.subscriber_id)
        .where(Mail.sequence_mail_id.in_(ids), after_s >= 0, after_s <= WEEK_S)
        .group_by(Mail.sequence_mail_id)
    )


def _orders(
    session: Session, column: InstrumentedAttribute[str | None], sources: Any
) -> dict[str | None, int]:
    paid = select(column, func.count()).where(column.in_(sources), Order.paid_at.is_not(None))
    return {row[0]: row[1] for row in session.execute(paid.group_by(column))}


def mail_of(found: MailSequence, mail_id: int) -> SequenceMail | None:
    """Return one of a sequence's mails."""
    return next((it for it in found.mails if it.id == mail_id), None)
