"""The worker: one process beside the web server that does the jobs."""

import threading
from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import Cart, Comment, CommentStatus, Job, MailedLink, SignIn, Task, now
from storefront.database import Sessions
from storefront.jobs import queue
from storefront.jobs.queue import BEAT_ID
from storefront.limits import forget_attempts
from storefront.logs import log

Payload = dict[str, Any]
Effect = Callable[[Session], None]
# A handler first does what is outside (a mail server, Stripe), in no transaction; the effect it
# returns is written in one transaction with the job's end.
Handler = Callable[[Sessions, Payload], Effect]

IDLE_S = 1.0
BEAT_EVERY_S = 10.0
CART_KEPT = timedelta(days=60)  # after the last touch
JOB_KEPT = timedelta(days=7)  # after it was done
LINK_KEPT = timedelta(days=1)  # after it worked no more
SIGN_IN_ENDS = timedelta(days=90)
TASK_KEPT = timedelta(days=90)
REFUSED_KEPT = timedelta(days=90)  # comments that were rejected or marked as spam


class Worker:
    """Takes jobs and does them, one after another, until it is told to stop."""

    def __init__(
        self,
        sessions: Sessions,
        handlers: Mapping[str, Handler],
        periodic: Mapping[str, int] | None = None,
        *,
        of: Collection[str] = (),
        but: Collection[str] = (),
    ) -> None:
        """Remember where the jobs are, who does which kind, and which come every few seconds.

        of: the kinds that are its own; empty for all. but: those that it leaves to others.
        """
        self._sessions = sessions
        self._handlers = handlers
        self._periodic = periodic or {}
        self._of, self._but = of, but
        self._has_begun = False
        self.stopping = threading.Event()

    def run(self) -> None:
        """Work until ``stopping`` is set; a database that is away is waited for.

        Who writes the periodic jobs says, for all of one process, that the worker is alive.
        """
        while not self.stopping.is_set():
            try:
                if self._periodic:
                    self._beat()
                worked = self.work_off()
            except Exception:  # noqa: BLE001 (the next round may find the database again)
                log.exception("worker round failed")
                worked = 0
            if not worked:
                self.stopping.wait(IDLE_S)

    def work_off(self) -> int:
        """Do every job that is due; return how many were taken."""
        count = 0
        while not self.stopping.is_set() and self._do_next():
            count += 1
        return count

    def _do_next(self) -> bool:
        with self._sessions.write.begin() as session:
            job = queue.take(session, of=self._of, but=self._but)
        if job is None:
            return False
        try:
            effect = self._handlers[job.kind](self._sessions, job.payload)
            with self._sessions.write.begin() as session:
                if queue.finish(session, job):
                    effect(session)
        except Exception as error:  # noqa: BLE001 (whatever went wrong, the job comes again)
            log.exception("job failed", extra={"job": job.key})
            with self._sessions.write.begin() as session:
                queue.put_back(session, job, f"{type(error).__name__}: {error}")
        return True

    def _beat(self) -> None:
        """Say that the worker is alive, write the periodic jobs, and tidy up once an hour.

        A worker that begins writes the periodic jobs in any case: who knows how long none was here.
        """
        moment = now()
        with self._sessions.read() as session:
            beat = session.get(Job, BEAT_ID)
        is_fresh = beat is not None and moment - beat.run_at < timedelta(seconds=BEAT_EVERY_S)
        if is_fresh and self._has_begun:
            return
        with self._sessions.write.begin() as session:
            session.merge(Job(id=BEAT_ID, kind="beat", key="beat", run_at=moment, done_at=moment))
            self._enqueue_periodic(session, moment)
            if beat is None or beat.run_at.hour != moment.hour:
                _tidy(session, moment)
        self._has_begun = True

    def _enqueue_periodic(self, session: Session, moment: datetime) -> None:
        """Write the jobs of this slot of time, and at the start those that were done in it too."""
        for kind, every_s in self._periodic.items():
            # Of several workers one writes the slot's job: its key is unique.
            slot = f"{kind}:{int(moment.timestamp()) // every_s}"
            if not queue.enqueue(session, kind, slot, {}) and not self._has_begun:
                queue.enqueue(session, kind, f"{slot}:{moment.timestamp()}", {})


def _tidy(session: Session, moment: datetime) -> None:
    """Forget what is of no more use."""
    forget_attempts(session, older_than=moment - timedelta(days=1))
    session.execute(delete(MailedLink).where(MailedLink.expires_at < moment - LINK_KEPT))
    session.execute(delete(Cart).where(Cart.updated_at < moment - CART_KEPT))
    session.execute(delete(SignIn).where(SignIn.created_at < moment - SIGN_IN_ENDS))
    refused = Comment.status.in_([CommentStatus.REJECTED, CommentStatus.SPAM])
    session.execute(delete(Comment).where(refused, Comment.created_at < moment - REFUSED_KEPT))
    session.execute(delete(Job).where(Job.done_at < moment - JOB_KEPT, Job.id != BEAT_ID))
    session.execute(delete(Task).where(Task.finished_at < moment - TASK_KEPT))
