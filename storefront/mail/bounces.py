"""Mails that came back: read from a delivery report (RFC 3464), and what follows from them."""

from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Enrolment, Mail, Subscriber, SubscriberStatus, now
from storefront.mail.message_id import mail_ids

MOST_TEMPORARY = 3  # failures, after which nothing more is sent
LARGEST_REPORT = 2 * 1024 * 1024


class BadReportError(Exception):
    """What was read does not say of a mail of ours that it failed; the message says why."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a mail came back, in a few words without the address; permanent: no use to try again."""

    reason: str
    is_permanent: bool


@dataclass(frozen=True, slots=True)
class Report:
    """What a delivery report says of one of our mails."""

    mail_id: int
    failure: Failure


def read_report(raw: bytes, secret: str) -> Report:
    """Return what a delivery report says, or raise BadReportError.

    The mail is known by its Message-ID, which the report quotes. A report of a delay is no
    failure yet.
    """
    if len(raw) > LARGEST_REPORT:
        message = "the report is larger than two megabytes"
        raise BadReportError(message)
    try:
        status = _status_part(message_from_bytes(raw, policy=policy.default))
    except RecursionError:
        message = "its parts lie too deep in one another"
        raise BadReportError(message) from None
    if status is None:
        message = "this is no delivery report: it has no part message/delivery-status"
        raise BadReportError(message)
    failure = _failure(status)
    found = mail_ids(raw.decode("ascii", "replace"), secret)
    if len(found) != 1:
        message = "the report names no mail of this shop" if not found else "it names several mails"
        raise BadReportError(message)
    return Report(found[0], failure)


def note_failure(session: Session, mail_id: int, failure: Failure) -> bool:
    """Mark a mail as come back, once, and draw the consequence for its address.

    After one permanent failure, or three others, the subscriber of this address gets
    nothing more. False where the mail is not there, or had come back already.
    """
    recipient = session.scalar(
        update(Mail)
        .where(Mail.id == mail_id, Mail.bounced_at.is_(None))
        .values(bounced_at=now(), bounce=failure.reason[:300])
        .returning(Mail.recipient)
        .execution_options(synchronize_session=False)
    )
    if recipient is None:
        return False
    count = session.execute(
        update(Subscriber)
        .where(Subscriber.email == recipient)
        .values(bounce_count=Subscriber.bounce_count + 1)
        .returning(Subscriber.id, Subscriber.bounce_count)
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if count is not None and (failure.is_permanent or count[1] >= MOST_TEMPORARY):
        mark_bounced(session, count[0])
    return True


def mark_bounced(session: Session, subscriber_id: int) -> bool:
    """Send nothing more to a subscriber; False where it was so already."""
    moved = session.scalar(
        update(Subscriber)
        .where(Subscriber.id == subscriber_id, Subscriber.status != SubscriberStatus.BOUNCED)
        .values(status=SubscriberStatus.BOUNCED, bounced_at=now())
        .returning(Subscriber.id)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Enrolment)
        .where(Enrolment.subscriber_id == subscriber_id, Enrolment.ended_at.is_(None))
        .values(ended_at=now(), end_reason="bounced")
        .execution_options(synchronize_session=False)
    )
    return moved is not None


def _status_part(report: EmailMessage | Message) -> Message | None:
    for part in report.walk():
        if part.get_content_type() == "message/delivery-status":
            return part
    return None


def _failure(status: Message) -> Failure:
    """Return what the fields about the recipient say, or raise BadReportError."""
    blocks = status.get_payload()
    fields = next(
        (it for it in blocks if isinstance(it, Message) and it.get("Action"))
        if isinstance(blocks, list)
        else iter(()),
        None,
    )
    action = str(fields["Action"]).strip().lower() if fields is not None else ""
    if action != "failed":
        message = f"the mail has not failed: {action[:20] or 'nothing is said of it'}"
        raise BadReportError(message)
    code = str(fields.get("Status", "")).strip().split(" ")[0][:12] if fields is not None else ""
    if not code.replace(".", "").isdigit():
        code = "5.0.0"
    return Failure(f"came back: {code}", is_permanent=not code.startswith("4"))
