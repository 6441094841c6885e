"""The queue: jobs are rows, written with their cause and taken by one worker at a time."""

import random
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Case, case, literal, or_, select, update
from sqlalchemy.orm import Session

from models import Job, now
from models.base import UtcDateTime
from models.once import claim

LEASE = timedelta(seconds=60)
# A round over a day's payments may take longer: two workers would take it from each other.
LEASES = {"reconcile": timedelta(minutes=10)}
MAX_ATTEMPTS = 12
LONGEST_WAIT_S = 3600


def enqueue(
    session: Session,
    kind: str,
    key: str,
    payload: dict[str, Any],
    *,
    run_at: datetime | None = None,
) -> bool:
    """Write a job in the caller's transaction; return False where its key is already there."""
    return claim(session, Job(kind=kind, key=key, payload=payload, run_at=run_at or now()))


def take(session: Session) -> Job | None:
    """Take the job that is due longest, for the time of a lease; None where none is due.

    The caller commits at once: a worker that dies gives the job back when its lease ends.
    """
    moment = now()
    due = (
        select(Job.id)
        .where(
            Job.done_at.is_(None),
            Job.is_dead.is_(False),
            Job.run_at <= moment,
            or_(Job.lease_until.is_(None), Job.lease_until < moment),
        )
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
    wait_s = min(2**job.attempts, LONGEST_WAIT_S) * random.uniform(0.8, 1.2)  # noqa: S311 (jitter)
    session.execute(
        update(Job)
        .where(Job.id == job.id, Job.attempts == job.attempts)
        .values(
            lease_until=None,
            run_at=now() + timedelta(seconds=wait_s),
            error=error[:1000],
            is_dead=job.attempts >= MAX_ATTEMPTS,
        )
        .execution_options(synchronize_session=False)
    )
