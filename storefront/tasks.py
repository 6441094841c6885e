"""Long work whose progress staff watch: a row that says how far it is, and the job that does it.

A route starts a task and leads to its page; the job's handler, known to the worker under the
task's kind, tells its steps and ends with it. A job that is given up fails its task by itself.
"""

from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Task, TaskStatus, now
from models.task import UNDER_WAY
from storefront.database import Sessions
from storefront.jobs import queue

LONGEST_TITLE = 200


def start(
    session: Session, kind: str, title: str, actor: str, payload: dict[str, Any] | None = None
) -> Task:
    """Write a task and its job in the caller's transaction; return the task, which has its id.

    kind: of the job. actor: the email address of who started it. payload: for the handler, which
    finds ``task_id`` in it too.
    """
    task = Task(kind=kind, title=title[:LONGEST_TITLE], actor=actor)
    session.add(task)
    session.flush()
    queue.enqueue(session, kind, _key(task.id), {**(payload or {}), queue.TASK_ID: task.id})
    return task


def step(sessions: Sessions, task_id: int, done: int, total: int) -> None:
    """Say how far a task is, at once and for all to see; its job keeps its worker meanwhile.

    done, total: steps; total is 0 while nobody knows how many there are. One that is over stays
    as it is. Writes in a transaction of its own: call it a few times a second at most.
    """
    with sessions.write.begin() as session:
        _change(session, task_id, status=TaskStatus.RUNNING, done=done, total=total)
        queue.keep(session, _key(task_id))


def finish(session: Session, task_id: int, *, url: str = "") -> None:
    """Mark a task as done, in the transaction of what it did. url: where its result is."""
    _change(session, task_id, status=TaskStatus.DONE, done=Task.total, url=url, finished_at=now())


def fail(session: Session, task_id: int, error: str, *, url: str = "") -> None:
    """Mark a task as failed, in the transaction of what is left of it.

    error: what went wrong and what to do next, for people. url: where it is shown, if anywhere.
    """
    _change(session, task_id, status=TaskStatus.FAILED, error=error, url=url, finished_at=now())


def _change(session: Session, task_id: int, **values: Any) -> None:
    session.execute(
        update(Task)
        .where(Task.id == task_id, Task.status.in_(UNDER_WAY))
        .values(**values)
        .execution_options(synchronize_session=False)
    )


def _key(task_id: int) -> str:
    return f"task:{task_id}"
