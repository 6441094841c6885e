"""Asking for mails, confirming, leaving, choosing, and being forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, String, Update, cast, delete, func, literal, select, update
from sqlalchemy.orm import Session

from models import (
    Consent,
    ConsentAct,
    Enrolment,
    Mail,
    SequenceTrigger,
    Subscriber,
    SubscriberStatus,
    now,
)
from models.language import language
from models.once import claim
from storefront.jobs import queue
from storefront.newsletter.events import happened
from storefront.newsletter.links import Found
from storefront.newsletter.mails import Mails

MONTH = timedelta(days=30)
PENDING_KEPT = timedelta(days=30)  # after she last asked
_MAY_CONFIRM = (SubscriberStatus.PENDING, SubscriberStatus.UNSUBSCRIBED)


@dataclass(frozen=True, slots=True)
class Act:
    """What is kept of an act of consent.

    page: the path of where it was; words: what stood there; origin: a keyed digest of the network
    address that it came from.
    """

    page: str
    words: str
    origin: str


def ask(session: Session, email: str, act: Act, mails: Mails) -> None:
    """Note that somebody asked for mails to an address, and mail the link that confirms it.

    Nobody can tell from outside what an address is: whatever it is, the same rows are written and
    one mail. A confirmed one is told that she gets the mails already. Nothing else changes, as
    anybody can type any address.
    """
    claim(session, Subscriber(email=email))
    subscriber = session.scalars(select(Subscriber).filter_by(email=email)).one()
    consent = _note(session, subscriber, ConsentAct.ASKED, act)
    session.flush()  # its id stands in the link
    if subscriber.status is SubscriberStatus.CONFIRMED:
        mails.already(session, subscriber, consent.id)
    else:
        mails.confirm(session, subscriber, consent.id)  # as the page speaks on which she asked


def confirm(session: Session, found: Found, origin: str) -> bool:
    """Let mails go to an address, once; False where this link confirms nothing (any more).

    A link that was mailed before she left does not bring her back: what she asked for then has
    been withdrawn since.
    """
    asked = session.get(Consent, found.consent_id)
    if asked is None or asked.subscriber_id != found.subscriber.id:
        return False
    moved = _move(
        session,
        update(Subscriber).where(
            Subscriber.id == found.subscriber.id,
            Subscriber.status.in_(_MAY_CONFIRM),
            ~_withdrawn_since(found).exists(),
        ),
        status=SubscriberStatus.CONFIRMED,
        language=language(),
        confirmed_at=now(),
        unsubscribed_at=None,
        bounce_count=0,
    )
    if moved:
        _note(session, found.subscriber, ConsentAct.GIVEN, Act(asked.page, asked.words, origin))
        happened(session, SequenceTrigger.CONFIRMED, found.subscriber.email)
        # She looks into her mail just now: the first one need not wait for the next round.
        queue.enqueue(session, "newsletter", f"newsletter-confirmed:{asked.id}", {})
    return moved


def give(session: Session, email: str, act: Act) -> bool:
    """Let mails go to an address that was proven another way, such as by an account.

    False, and nothing is written, where they go there already, or came back from there.
    """
    claim(session, Subscriber(email=email))
    subscriber = session.scalars(select(Subscriber).filter_by(email=email)).one()
    hers = update(Subscriber).where(
        Subscriber.id == subscriber.id, Subscriber.status.in_(_MAY_CONFIRM)
    )
    values = {"confirmed_at": now(), "unsubscribed_at": None, "bounce_count": 0}
    confirmed = SubscriberStatus.CONFIRMED
    if not _move(session, hers, status=confirmed, language=language(), **values):
        return False
    consent = _note(session, subscriber, ConsentAct.GIVEN, act)
    session.flush()  # its id names the job
    happened(session, SequenceTrigger.CONFIRMED, email)
    queue.enqueue(session, "newsletter", f"newsletter-confirmed:{consent.id}", {})
    return True


def may_confirm(session: Session, found: Found) -> bool:
    """Say whether a link would confirm now: she is no subscriber, and has not left since."""
    is_open = found.subscriber.status in _MAY_CONFIRM
    return is_open and session.scalar(_withdrawn_since(found).limit(1)) is None


def unsubscribe(session: Session, subscriber: Subscriber, act: Act) -> bool:
    """End all mails to a subscriber at once; False where that was so already."""
    moved = _move(
        session,
        update(Subscriber).where(
            Subscriber.id == subscriber.id, Subscriber.status != SubscriberStatus.UNSUBSCRIBED
        ),
        status=SubscriberStatus.UNSUBSCRIBED,
        unsubscribed_at=now(),
        paused_until=None,
    )
    if moved:
        _note(session, subscriber, ConsentAct.WITHDRAWN, act)
        end_enrolments(session, subscriber.id, "unsubscribed")
    return moved


def choose(
    session: Session,
    subscriber: Subscriber,
    topics: Sequence[str],
    paused_until: datetime | None,
    act: Act,
) -> None:
    """Keep what a subscriber wants to get, and until when nothing. topics: none means all."""
    wanted = update(Subscriber).where(Subscriber.id == subscriber.id)
    _move(session, wanted, topics=list(topics), paused_until=paused_until)
    _note(session, subscriber, ConsentAct.CHANGED, act)


def end_enrolments(session: Session, subscriber_id: int, reason: str) -> None:
    """End all sequences that a subscriber is in."""
    session.execute(
        update(Enrolment)
        .where(Enrolment.subscriber_id == subscriber_id, Enrolment.ended_at.is_(None))
        .values(ended_at=now(), end_reason=reason)
        .execution_options(synchronize_session=False)
    )


def erase(session: Session, subscriber_ids: Sequence[int]) -> None:
    """Forget subscribers: address, consents, enrolments, and the texts of their mails.

    That a mail was written and sent stays, without whom to, so that the figures stay true. Her no
    needs no memory: nobody gets mails but who confirms an address anew.
    """
    mine = Enrolment.subscriber_id.in_(subscriber_ids)
    session.execute(delete(Enrolment).where(mine))  # as the worker locks them: these first
    session.execute(
        update(Mail)
        .where(Mail.subscriber_id.in_(subscriber_ids))
        .values(
            # An id may come again on SQLite: the key of a sequence's mail must be free then.
            key=literal("erased:") + cast(Mail.id, String),
            recipient="",
            text="",
            html="",
            headers={},
            bounce="",
            subscriber_id=None,
        )
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(Consent).where(Consent.subscriber_id.in_(subscriber_ids)))
    session.execute(delete(Subscriber).where(Subscriber.id.in_(subscriber_ids)))


def forget_unconfirmed(session: Session, moment: datetime, most: int) -> None:
    """Erase addresses that were never confirmed, thirty days after somebody last asked."""
    asked = select(func.max(Consent.created_at)).where(Consent.subscriber_id == Subscriber.id)
    old = select(Subscriber.id).where(
        Subscriber.status == SubscriberStatus.PENDING,
        Subscriber.created_at < moment - PENDING_KEPT,
        asked.scalar_subquery() < moment - PENDING_KEPT,
    )
    found = session.scalars(old.limit(most)).all()
    if found:
        erase(session, found)


def _withdrawn_since(found: Found) -> Select[int]:
    return select(Consent.id).where(
        Consent.subscriber_id == found.subscriber.id,
        Consent.act == ConsentAct.WITHDRAWN,
        Consent.id > found.consent_id,
    )


def _move(session: Session, statement: Update, **values: object) -> bool:
    moved = session.scalar(
        statement.values(**values)
        .returning(Subscriber.id)
        .execution_options(synchronize_session=False)
    )
    return moved is not None


def _note(session: Session, subscriber: Subscriber, kind: ConsentAct, act: Act) -> Consent:
    consent = Consent(
        subscriber_id=subscriber.id, act=kind, page=act.page, words=act.words, origin=act.origin
    )
    session.add(consent)
    return consent
