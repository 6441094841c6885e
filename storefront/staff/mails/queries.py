"""Looking at the outbox: which mails wait, went, failed or came back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, func, literal, or_, select
from sqlalchemy.orm import Session

from models import Job, Mail, Order
from storefront.mail.kinds import title_of
from storefront.paging import Slice
from storefront.staff.listing import AnySelect, Sorting, has_words, page_of
from storefront.staff.mails.words import why

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {"written": Mail.id, "to": Mail.recipient, "subject": Mail.subject, "sent": Mail.sent_at}
)
JOB = literal("send-mail:") + cast(Mail.id, String)  # the key of its job
_UNSENT = and_(Mail.sent_at.is_(None), Mail.bounced_at.is_(None))
_WAITS = and_(Job.done_at.is_(None), Job.is_dead.is_(False))
STATES: Mapping[str, tuple[str, ColumnElement[bool]]] = MappingProxyType(
    {
        "waiting": ("Waiting", and_(_UNSENT, _WAITS)),
        "failed": ("Failed", and_(_UNSENT, Job.is_dead.is_(True))),
        "back": ("Came back", Mail.bounced_at.is_not(None)),
        "sent": ("Sent", and_(Mail.sent_at.is_not(None), Mail.bounced_at.is_(None))),
        "dropped": ("Not sent", and_(_UNSENT, or_(Job.id.is_(None), Job.done_at.is_not(None)))),
    }
)
COUNTED = ("waiting", "failed", "back")  # few, found by an index


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which mails a list shows; empty narrows nothing. to: an address; order: a number."""

    state: str = ""
    kind: str = ""
    to: str = ""
    order: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A mail in the list. state: one of STATES. why: it failed or came back, in words."""

    id: int
    subject: str
    recipient: str
    kind: str
    written_at: datetime
    sent_at: datetime | None
    order_number: str | None
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A mail with its job, where that is still known, and its order, where it has one."""

    mail: Mail
    job: Job | None
    order: Order | None
    state: str
    why: str


def page(session: Session, wanted: Wanted, sorting: Sorting, number: int) -> Slice[Line]:
    """Return a page of mails, in two queries."""
    sliced = page_of(session, sorting.applied(_found(wanted), Mail.id), number)
    sliced.items[:] = [_line(row) for row in sliced.items]
    return sliced


def counts(session: Session) -> dict[str, int]:
    """Return how many mails wait, failed and came back, in one query."""
    row = session.execute(
        select(
            *(
                select(func.count(Mail.id))
                .outerjoin(Job, Job.key == JOB)
                .where(STATES[name][1])
                .scalar_subquery()
                for name in COUNTED
            )
        )
    ).one()
    return dict(zip(COUNTED, row, strict=True))


def kinds(session: Session) -> dict[str, str]:
    """Return the title of each letter of which there are mails, by its name."""
    # Jumps from one name to the next by the index, where DISTINCT would read all of it.
    names = select(func.min(Mail.template).label("name")).cte("names", recursive=True)
    following = select(func.min(Mail.template)).where(Mail.template > names.c.name)
    names = names.union_all(select(following.scalar_subquery()).where(names.c.name.is_not(None)))
    found = session.scalars(select(names.c.name).where(names.c.name > "")).all()
    return dict(sorted(((it, title_of(it)) for it in found), key=lambda pair: pair[1]))


def mail(session: Session, mail_id: int, *, to_change: bool = False) -> Shown | None:
    """Return a mail as it is now; locked where it is about to go again."""
    wanted = (
        select(Mail, Job, Order)
        .outerjoin(Job, Job.key == JOB)
        .outerjoin(Order, Order.id == Mail.order_id)
        .where(Mail.id == mail_id)
        .execution_options(populate_existing=True)
    )
    row = session.execute(wanted.with_for_update(of=Mail) if to_change else wanted).one_or_none()
    if row is None:
        return None
    found, job, order = row
    ends = (job.done_at, job.is_dead) if job else (None, None)
    state = _state(found.sent_at, found.bounced_at, *ends)
    return Shown(found, job, order, state, _why(state, found.bounce, job.error if job else ""))


def _found(wanted: Wanted) -> AnySelect:
    found = (
        select(
            Mail.id,
            Mail.subject,
            Mail.recipient,
            Mail.template,
            Mail.created_at,
            Mail.sent_at,
            Mail.bounced_at,
            Mail.bounce,
            Order.number,
            Job.done_at,
            Job.is_dead,
            Job.error,
        )
        .outerjoin(Job, Job.key == JOB)
        .outerjoin(Order, Order.id == Mail.order_id)
    )
    return found.where(*_conditions(wanted))


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.state:
        yield STATES[wanted.state][1]
    if wanted.kind:
        yield Mail.template == wanted.kind
    if wanted.to:
        yield Mail.recipient == wanted.to
    if wanted.order:
        yield (
            Mail.order_id == select(Order.id).where(Order.number == wanted.order).scalar_subquery()
        )
    if wanted.words:
        yield has_words(wanted.words, Mail.recipient, Mail.subject, Order.number)


def _line(row: Any) -> Line:
    state = _state(row[5], row[6], row[9], row[10])
    return Line(
        id=row[0],
        subject=row[1],
        recipient=row[2],
        kind=title_of(row[3]),
        written_at=row[4],
        sent_at=row[5],
        order_number=row[8],
        state=state,
        why=_why(state, row[7], row[11] or ""),
    )


def _state(
    sent_at: datetime | None,
    bounced_at: datetime | None,
    done_at: datetime | None,
    is_dead: bool | None,  # noqa: FBT001 (a column; None where there is no job)
) -> str:
    if bounced_at:
        return "back"
    if sent_at:
        return "sent"
    if is_dead is None or done_at:
        return "dropped"
    return "failed" if is_dead else "waiting"


def _why(state: str, bounce: str, error: str) -> str:
    if state == "back":
        return bounce
    return why(error) if state in {"failed", "waiting"} else ""
