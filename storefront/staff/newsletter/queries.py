"""Looking at subscribers as staff do."""

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import Enrolment, Mail, Subscriber, SubscriberStatus
from storefront.paging import Slice
from storefront.staff.listing import AnySelect, Sorting, has_words, tally_by, things_of

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "email": Subscriber.email,
        "status": Subscriber.status,
        "asked": Subscriber.created_at,
        "confirmed": Subscriber.confirmed_at,
    }
)
HEADS = (
    "email",
    "status",
    "topics",
    "asked",
    "confirmed",
    "paused until",
    "unsubscribed",
    "bounced",
)


def subscribers(
    session: Session, words: str, status: SubscriberStatus | None, sorting: Sorting, page: int
) -> Slice[Subscriber]:
    """Return a page of subscribers whose address holds the words, in two queries."""
    return things_of(session, sorting.applied(_wanted(words, status), Subscriber.id), page)


def counts(session: Session) -> dict[str, str]:
    """Return in words how many subscribers are in each state, by its name; and ``all``."""
    return tally_by(session, Subscriber.status, SubscriberStatus)


def subscriber(session: Session, subscriber_id: int) -> Subscriber | None:
    """Return a subscriber."""
    return session.get(Subscriber, subscriber_id)


def mails(session: Session, about: Subscriber) -> Sequence[Mail]:
    """Return the newest hundred mails to a subscriber, newest first."""
    found = select(Mail).where(Mail.subscriber_id == about.id)
    return session.scalars(found.order_by(Mail.id.desc()).limit(100)).all()


def enrolments(session: Session, about: Subscriber) -> Sequence[Enrolment]:
    """Return the sequences that a subscriber is or was in."""
    found = select(Enrolment).where(Enrolment.subscriber_id == about.id).order_by(Enrolment.id)
    return session.scalars(found.options(joinedload(Enrolment.sequence))).all()


def table(
    session: Session, words: str, status: SubscriberStatus | None
) -> Iterator[tuple[str, ...]]:
    """Yield each subscriber of a list as a row of a spreadsheet; HEADS names its cells."""
    for row in session.scalars(_wanted(words, status).order_by(Subscriber.id)):
        moments = (row.created_at, row.confirmed_at, row.paused_until)
        ends = (row.unsubscribed_at, row.bounced_at)
        times = [it.isoformat(timespec="seconds") if it else "" for it in (*moments, *ends)]
        yield (row.email, row.status.value, ", ".join(row.topics), *times)


def _wanted(words: str, status: SubscriberStatus | None) -> AnySelect:
    wanted = select(Subscriber)
    if words:
        wanted = wanted.where(has_words(words, Subscriber.email))
    return wanted.where(Subscriber.status == status) if status else wanted
