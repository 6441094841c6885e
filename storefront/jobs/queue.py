"""The queue: jobs are rows, written with their cause and taken by one worker at a time."""

import random
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Case, ColumnElement, case, literal, or_, select, true, update
from sqlalchemy.orm import Session

from models import Job, Task, TaskStatus, now
from models.base import UtcDateTime
from models.task import UNDER_WAY
from models.writing import write_first

BEAT_ID = 0  # the row that says when the worker was last at work
LEASE = timedelta(seconds=60)
# A round over a day's payments may take longer: two workers would take it from each other.
LEASES = {"reconcile": timedelta(minutes=10)}
MAX_ATTEMPTS = 12
LONGEST_WAIT_S = 3600
TASK_ID = "task_id"  # in the payload of a job whose progress somebody watches
TASK_ATTEMPTS = 3  # who watches wants to know soon
GIVEN_UP = (
    "It broke off {n} times ({kind}), so it was given up. Start it again; if it fails again,"
    " tell who looks after the shop."
)


def enqueue(
    session: Session,
    kind: str,
    key: str,
    payload: dict[str, Any],
    *,
    run_at: datetime | None = None,
) -> bool:
    """Write a job in the caller's transaction; return False where its key is already there."""
    return write_first(session, Job(kind=kind, key=key, payload=payload, run_at=run_at or now()))


def take(session: Session, *, of: Collection[str] = (), but: Collection[str] = ()) -> Job | None:
    """Take the job that is due longest, for the time of a lease; None where none is due.

    of: only these kinds, empty for all. but: none of these kinds. The caller commits at once: a
    worker that dies gives the job back when its lease ends.
    """
    moment = now()
    due = (
        select(Job.id)
        .where(*_due(moment), Job.kind.in_(of) if of else true(), Job.kind.not_in(but))
        .order_by(Job.run_at, Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return session.scalars(
        update(Job)
        .where(Job.id == due.scalar_subquery())
        .values(lease_until=_lease_until(moment), attempts=Job.attempts + 1)
        .returning(Job)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()


def is_due(session: Session, kind: str) -> bool:
    """Say whether a job of this kind waits for a worker now."""
    waiting = select(Job.id).where(*_due(now()), Job.kind == kind).limit(1)
    return session.scalar(waiting) is not None


def _due(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    is_free = or_(Job.lease_until.is_(None), Job.lease_until < moment)
    return Job.done_at.is_(None), Job.is_dead.is_(False), Job.run_at <= moment, is_free


def keep(session: Session, key: str) -> None:
    """Give the worker that is at a job a new lease, as the work goes on."""
    session.execute(
        update(Job)
        .where(Job.key == key, Job.lease_until.is_not(None))
        .values(lease_until=now() + LEASE)
        .execution_options(synchronize_session=False)
    )


def _lease_until(moment: datetime) -> Case[datetime]:
    ends = {kind: literal(moment + lease, UtcDateTime) for kind, lease in LEASES.items()}
    return case(ends, value=Job.kind, else_=literal(moment + LEASE, UtcDateTime))


def finish(session: Session, job: Job) -> bool:
    """Mark a job as done; False where another worker has taken it over meanwhile."""
    done = session.execute(
        update(Job)
        .where(Job.id == job.id, Job.attempts == job.attempts, Job.done_at.is_(None))
        .values(done_at=now(), lease_until=None, error="")
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return done.scalar_one_or_none() is not None


def put_back(session: Session, job: Job, error: str) -> None:
    """Give a job back after a failure: later each time, and not for ever."""
    is_dead = job.attempts >= (TASK_ATTEMPTS if TASK_ID in job.payload else MAX_ATTEMPTS)
    wait_s = min(2**job.attempts, LONGEST_WAIT_S) * random.uniform(0.8, 1.2)  # noqa: S311 (jitter)
    session.execute(
        update(Job)
        .where(Job.id == job.id, Job.attempts == job.attempts)
        .values(
            lease_until=None,
            run_at=now() + timedelta(seconds=wait_s),
            error=error[:1000],
            is_dead=is_dead,
        )
        .execution_options(synchronize_session=False)
    )
    if is_dead and TASK_ID in job.payload:
        _give_up(session, job, error)


def retry(session: Session, key: str) -> bool:
    """Let a job that was given up be tried anew, at once; False where it was not given up."""
    revived = session.execute(
        update(Job)
        .where(Job.key == key, Job.is_dead, Job.done_at.is_(None))
        .values(is_dead=False, attempts=0, lease_until=None, run_at=now())
        .returning(Job.id)
        .execution_options(synchronize_session=False)
    )
    return revived.scalar_one_or_none() is not None


def _give_up(session: Session, job: Job, error: str) -> None:
    """Fail the task of a job that is dead; its error's words may hold what nobody should read."""
    words = GIVEN_UP.format(n=job.attempts, kind=error.partition(":")[0][:80])
    session.execute(
        update(Task)
        .where(Task.id == job.payload[TASK_ID], Task.status.in_(UNDER_WAY))
        .values(status=TaskStatus.FAILED, error=words, finished_at=now())
        .execution_options(synchronize_session=False)
    )
