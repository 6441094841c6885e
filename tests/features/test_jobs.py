"""The queue: jobs are taken by one worker at a time, come again after a failure, and end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Lock

import pytest
from sqlalchemy import func, select, update

from models import AttemptCount, Cart, Customer, Job, LinkPurpose, MailedLink, now
from storefront.jobs import queue
from storefront.jobs.queue import LEASE, MAX_ATTEMPTS
from storefront.jobs.worker import CART_KEPT, LINK_KEPT, Worker
from storefront.limits import count_attempt


@pytest.fixture
def sessions(app):
    return app.extensions["sessions"]


def enqueue(sessions, key="a-job", **over):
    with sessions.write.begin() as session:
        return queue.enqueue(session, "note", key, {"key": key}, **over)


def take(sessions):
    with sessions.write.begin() as session:
        return queue.take(session)


def only_job(session):
    return session.scalars(select(Job).execution_options(populate_existing=True)).one()


class Notes:
    """A handler that notes what it was asked to do, and in whose effect that was written."""

    def __init__(self, failing=False):
        self.asked, self.written, self.failing, self.lock = [], [], failing, Lock()

    def __call__(self, sessions, payload):
        with self.lock:
            self.asked.append(payload["key"])
        if self.failing:
            message = "no"
            raise ConnectionError(message)
        return lambda session: self.written.append(payload["key"])


def test_a_job_is_done_once(sessions, session):
    notes = Notes()
    worker = Worker(sessions, {"note": notes})
    assert enqueue(sessions)

    assert worker.work_off() == 1
    assert worker.work_off() == 0
    assert notes.asked == notes.written == ["a-job"]
    job = only_job(session)
    assert job.done_at is not None
    assert (job.attempts, job.lease_until, job.error, job.is_dead) == (1, None, "", False)


def test_a_second_job_of_the_same_key_is_not_written(sessions, session):
    assert enqueue(sessions)
    assert not enqueue(sessions)

    assert session.scalar(select(func.count(Job.id))) == 1


def test_a_key_that_is_taken_leaves_the_rest_of_the_transaction_whole(sessions, session):
    enqueue(sessions)
    with sessions.write.begin() as writer:
        writer.add(Customer(email="ada@example.org", password_hash="x"))
        assert not queue.enqueue(writer, "note", "a-job", {})

    assert session.scalars(select(Customer.email)).all() == ["ada@example.org"]


def test_a_job_is_written_with_its_cause_or_not_at_all(sessions, session):
    with sessions.write() as writer:
        queue.enqueue(writer, "note", "a-job", {})
        writer.rollback()

    assert session.scalar(select(func.count(Job.id))) == 0


def test_a_job_waits_for_its_time(sessions, session):
    enqueue(sessions, run_at=now() + timedelta(hours=1))
    assert take(sessions) is None

    session.execute(update(Job).values(run_at=now()))
    assert take(sessions) is not None


def test_the_job_that_is_due_longest_comes_first(sessions):
    for key, hours in (("late", 1), ("early", 3), ("middle", 2)):
        enqueue(sessions, key, run_at=now() - timedelta(hours=hours))

    assert [take(sessions).key for _ in range(3)] == ["early", "middle", "late"]


def test_a_taken_job_is_taken_by_no_other_until_its_lease_ends(sessions, session):
    enqueue(sessions)
    before = now()
    first = take(sessions)
    assert before + LEASE <= first.lease_until <= now() + LEASE
    assert take(sessions) is None

    session.execute(update(Job).values(lease_until=now() - timedelta(seconds=1)))
    second = take(sessions)

    assert (second.id, second.attempts) == (first.id, 2)


def test_whoever_lost_the_lease_can_neither_finish_nor_put_back(sessions, session):
    enqueue(sessions)
    late = take(sessions)
    session.execute(update(Job).values(lease_until=now() - timedelta(seconds=1)))
    other = take(sessions)

    with sessions.write.begin() as writer:
        queue.put_back(writer, late, "I was slow")
        assert not queue.finish(writer, late)
    assert only_job(session).error == ""
    with sessions.write.begin() as writer:
        assert queue.finish(writer, other)
        assert not queue.finish(writer, other)


def test_a_worker_that_was_killed_before_the_end_gives_its_job_to_another(sessions, session):
    enqueue(sessions)
    take(sessions)  # and dies
    notes = Notes()
    assert Worker(sessions, {"note": notes}).work_off() == 0

    session.execute(update(Job).values(lease_until=now() - timedelta(seconds=1)))

    assert Worker(sessions, {"note": notes}).work_off() == 1
    assert notes.written == ["a-job"]


def test_a_job_that_failed_comes_again_later_and_says_why(sessions, session):
    enqueue(sessions)
    worker = Worker(sessions, {"note": Notes(failing=True)})

    before = now()
    assert worker.work_off() == 1

    job = only_job(session)
    assert job.error == "ConnectionError: no"
    assert (job.attempts, job.lease_until, job.done_at, job.is_dead) == (1, None, None, False)
    assert before + timedelta(seconds=1.6) <= job.run_at <= now() + timedelta(seconds=2.4)


def test_the_waits_grow_to_about_an_hour(sessions, session):
    enqueue(sessions)
    worker = Worker(sessions, {"note": Notes(failing=True)})
    waits = []
    for _ in range(MAX_ATTEMPTS):
        session.execute(update(Job).values(run_at=now()))
        before = now()
        assert worker.work_off() == 1
        waits.append((only_job(session).run_at - before).total_seconds())

    for attempt, wait in enumerate(waits, start=1):
        longest = min(2**attempt, 3600)
        assert longest * 0.8 <= wait <= longest * 1.2 + 5, (attempt, wait)


def test_after_twelve_tries_a_job_is_dead_and_comes_no_more(sessions, session):
    enqueue(sessions)
    notes = Notes(failing=True)
    worker = Worker(sessions, {"note": notes})
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert not only_job(session).is_dead
        session.execute(update(Job).values(run_at=now() - timedelta(seconds=1)))
        assert worker.work_off() == 1
        assert only_job(session).attempts == attempt

    session.execute(update(Job).values(run_at=now() - timedelta(days=1)))

    assert worker.work_off() == 0
    assert len(notes.asked) == MAX_ATTEMPTS == 12
    job = only_job(session)
    assert (job.is_dead, job.error, job.done_at) == (True, "ConnectionError: no", None)


def test_a_job_that_succeeds_after_failures_forgets_them(sessions, session):
    enqueue(sessions)
    notes = Notes(failing=True)
    worker = Worker(sessions, {"note": notes})
    worker.work_off()
    notes.failing = False
    session.execute(update(Job).values(run_at=now()))

    worker.work_off()

    job = only_job(session)
    assert (job.attempts, job.error, job.is_dead) == (2, "", False)
    assert job.done_at is not None


def test_a_job_of_an_unknown_kind_does_not_stop_the_others(sessions, session):
    with sessions.write.begin() as writer:
        queue.enqueue(writer, "nobody", "odd", {}, run_at=now() - timedelta(hours=1))
    enqueue(sessions)
    notes = Notes()

    assert Worker(sessions, {"note": notes}).work_off() == 2

    assert notes.written == ["a-job"]
    errors = dict(session.execute(select(Job.key, Job.error)).all())
    assert errors == {"odd": "KeyError: 'nobody'", "a-job": ""}


def test_an_effect_that_fails_is_undone_whole_and_the_job_comes_again(sessions, session):
    enqueue(sessions)

    def handler(sessions, payload):
        def effect(writer):
            writer.add(Customer(email="ada@example.org", password_hash="x"))
            writer.flush()
            message = "half way"
            raise RuntimeError(message)

        return effect

    assert Worker(sessions, {"note": handler}).work_off() == 1

    assert session.scalar(select(func.count(Customer.id))) == 0
    job = only_job(session)
    assert (job.error, job.done_at, job.attempts) == ("RuntimeError: half way", None, 1)


def test_an_effect_is_written_once_when_two_workers_hold_the_same_job(sessions, session):
    """The first was slow: its lease ended, a second took the job over and was done before."""
    enqueue(sessions)
    second = Notes()

    def slow(sessions, payload):
        session.execute(update(Job).values(lease_until=now() - timedelta(seconds=1)))
        assert Worker(sessions, {"note": second}).work_off() == 1
        return first

    first = Notes()
    Worker(sessions, {"note": slow}).work_off()

    assert second.written == ["a-job"]
    assert first.written == first.asked == []
    assert only_job(session).done_at is not None


def test_four_workers_at_once_do_each_of_forty_jobs_once(sessions, session):
    keys = [f"job-{number:02}" for number in range(40)]
    for key in keys:
        enqueue(sessions, key)
    notes, start = Notes(), Barrier(4)

    def work():
        start.wait()
        return Worker(sessions, {"note": notes}).work_off()

    with ThreadPoolExecutor(4) as pool:
        done = [each.result() for each in [pool.submit(work) for _ in range(4)]]

    assert sorted(notes.asked) == keys
    assert sorted(notes.written) == keys
    assert sum(done) == 40
    assert set(session.scalars(select(Job.attempts))) == {1}
    assert session.scalar(select(func.count(Job.id)).where(Job.done_at.is_(None))) == 0


def test_a_stopped_worker_takes_no_further_job(sessions, session):
    enqueue(sessions)
    worker = Worker(sessions, {"note": Notes()})
    worker.stopping.set()

    worker.run()

    assert only_job(session).attempts == 0


def test_the_workers_heart_beats_in_a_row_that_is_no_job(sessions, session):
    worker = Worker(sessions, {})
    worker._beat()

    assert worker.work_off() == 0
    assert only_job(session).id == 0


def test_the_worker_tidies_up_what_nobody_needs(sessions, session):
    with sessions.write.begin() as writer:
        count_attempt(writer, "customer", "old", window_s=900, secret="x")
        writer.flush()
        writer.execute(update(AttemptCount).values(window_start=now() - timedelta(days=2)))
        count_attempt(writer, "customer", "new", window_s=900, secret="x")
        for name, age in (
            ("old", CART_KEPT + timedelta(days=1)),
            ("new", CART_KEPT - timedelta(days=1)),
        ):
            writer.add(Cart(token_sha256=name, updated_at=now() - age))
        for name, age in (("old", LINK_KEPT * 2), ("new", LINK_KEPT / 2)):
            link = {"purpose": LinkPurpose.SIGN_IN, "email": "a@b.co", "token_sha256": name}
            writer.add(MailedLink(**link, expires_at=now() - age))

    Worker(sessions, {})._beat()

    assert session.scalars(select(Cart.token_sha256)).all() == ["new"]
    assert session.scalars(select(MailedLink.token_sha256)).all() == ["new"]
    assert session.scalar(select(func.count()).select_from(AttemptCount)) == 1
