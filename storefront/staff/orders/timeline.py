"""All that happened to an order in one list, in the order in which it did."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Dispute, Document, Job, Mail, Order, Payment, Refund
from storefront.formatting import money
from storefront.staff.mails.words import why
from storefront.staff.orders.tags import NOTE, REMOVED


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. who: empty where it was nobody. note_id: of a note of staff."""

    when: datetime
    what: str
    who: str = ""
    words: str = ""
    note_id: int | None = None
    is_struck: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail and how far it came. state: "sent", "came back", "failed" or "waits"."""

    mail: Mail
    state: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is told beside an order's events, as the page has loaded it already."""

    payments: Sequence[Payment]
    refunds: Sequence[Refund]
    disputes: Sequence[Dispute]
    mails: Sequence[Sent]


def timeline(session: Session, order: Order, known: Known) -> list[Entry]:
    """Return what happened, the first first; in one query, as the rest is loaded."""
    issued = session.scalars(select(Document).where(Document.order_id == order.id)).all()
    entries = chain(
        _events(order),
        _money(known),
        (_mail(it) for it in known.mails),
        (
            Entry(it.created_at, f"{it.kind.capitalize()} {it.number} issued", it.actor)
            for it in issued
        ),
    )
    return sorted(entries, key=lambda entry: entry.when)


def mails(session: Session, about: Order) -> list[Sent]:
    """Return the mails that were written for an order with how far they came, in two queries."""
    written = session.scalars(select(Mail).where(Mail.order_id == about.id).order_by(Mail.id)).all()
    keys = [f"send-mail:{mail.id}" for mail in written]
    dead = select(Job.key, Job.error).where(Job.key.in_(keys), Job.is_dead)
    failed = {row.key: row.error for row in session.execute(dead)}
    return [_sent(mail, failed.get(f"send-mail:{mail.id}")) for mail in written]


def _sent(mail: Mail, error: str | None) -> Sent:
    if mail.bounced_at:
        return Sent(mail, "came back", mail.bounce)
    if mail.sent_at:
        return Sent(mail, "sent")
    return Sent(mail, "waits") if error is None else Sent(mail, "failed", why(error))


def _events(order: Order) -> Iterator[Entry]:
    for event in order.events:
        is_note = event.kind == NOTE
        yield Entry(
            event.created_at,
            event.kind.capitalize(),
            event.actor,
            event.note,
            note_id=event.id if is_note else None,
            is_struck=event.kind == REMOVED,
        )


def _money(known: Known) -> Iterator[Entry]:
    for payment in known.payments:
        words = f"{money(payment.amount)}, {payment.status} by now."
        what = f"Attempt {payment.attempt} to pay" if payment.attempt else "Taken off a gift card"
        yield Entry(payment.created_at, what, words=words)
    for refund in known.refunds:
        if refund.settled_at:
            words = f"{money(refund.amount)}. {refund.failure}".strip()
            yield Entry(refund.settled_at, f"Refund {refund.status}", "Stripe", words)
    for dispute in known.disputes:
        words = f"{money(dispute.amount)}, {dispute.status.replace('_', ' ')} by now."
        yield Entry(dispute.created_at, "Disputed", "the buyer's bank", words)


def _mail(sent: Sent) -> Entry:
    mail = sent.mail
    moment = mail.bounced_at or mail.sent_at or mail.created_at
    words = f"{mail.subject}. {sent.why}".rstrip(". ") + "."
    return Entry(moment, f"Mail {sent.state}", words=words)
