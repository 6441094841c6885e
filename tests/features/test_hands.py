"""The worker's hands: whoever waits for a mail or for her units waits for no other kind of work."""

from contextlib import contextmanager
from threading import Event, Thread

import pytest
from sqlalchemy import select

from models import Job
from storefront.jobs import queue
from storefront.jobs.hands import MAIL, MAIL_TO_MANY, MAILS, SOON, hands, work
from tests.features.newsletter import confirmed, make_sequence, round_of

ENOUGH_S = 30


@pytest.fixture
def sessions(app):
    return app.extensions["sessions"]


def enqueue(sessions, kind):
    with sessions.write.begin() as session:
        queue.enqueue(session, kind, f"a {kind}", {})


@contextmanager
def working(all_hands):
    """Let the hands work meanwhile; return whether all have come to an end."""
    thread = Thread(target=work, args=[all_hands])
    thread.start()
    try:
        yield
    finally:
        for hand in all_hands:
            hand.stopping.set()
        thread.join(ENOUGH_S)
        assert not thread.is_alive()


@pytest.mark.parametrize(
    ("hanging", "waiting"),
    [
        (MAIL_TO_MANY, MAIL),
        ("write-export", MAIL),
        (MAIL, "expire-order"),
        ("write-export", "reconcile"),
        ("reconcile", MAIL),
    ],
)
def test_a_job_that_hangs_keeps_none_of_another_kind_waiting(sessions, hanging, waiting):
    has_begun, done, end = Event(), Event(), Event()

    def hang(sessions, payload):
        has_begun.set()
        end.wait(ENOUGH_S)
        return lambda session: None

    def note(sessions, payload):
        done.set()
        return lambda session: None

    enqueue(sessions, hanging)
    with working(hands(sessions, {hanging: hang, waiting: note}, {})):
        assert has_begun.wait(ENOUGH_S)
        enqueue(sessions, waiting)
        assert done.wait(ENOUGH_S)
        end.set()


def test_each_job_that_the_shop_knows_is_done_by_one_hand(app, sessions, session):
    kinds = {*app.extensions["handlers"], "nobody-knows"}
    assert kinds > SOON | MAILS
    for kind in kinds:
        enqueue(sessions, kind)
    handlers = dict.fromkeys(app.extensions["handlers"], lambda *_: lambda _: None)

    done = [hand.work_off() for hand in hands(sessions, handlers, {})]

    assert done == [len(SOON), 1, 1, len(kinds) - len(SOON) - 2]
    assert set(session.scalars(select(Job.attempts))) == {1}
    undone = select(Job.kind, Job.error).where(Job.done_at.is_(None))
    assert session.execute(undone).all() == [("nobody-knows", "KeyError: 'nobody-knows'")]


def test_one_hand_writes_the_periodic_jobs_and_says_that_the_worker_is_alive(sessions, session):
    done = Event()
    enqueue(sessions, MAIL)
    all_hands = hands(sessions, {MAIL: lambda *_: lambda _: done.set()}, {"verify": 900})

    with working(all_hands[1:]):
        assert done.wait(ENOUGH_S)
    assert session.scalars(select(Job.kind)).all() == [MAIL]
    all_hands[0]._beat()

    assert sorted(session.scalars(select(Job.kind))) == ["beat", MAIL, "verify"]


def test_a_mail_that_can_be_stopped_goes_beside_those_that_somebody_waits_for(
    app, client, session, worker
):
    make_sequence(session, ("One", 0, "Hi."))
    confirmed(client, session)
    round_of(app, worker)

    sent = select(Job.kind).where(Job.key.startswith("send-mail:")).order_by(Job.id)
    assert session.scalars(sent).all() == [MAIL, MAIL_TO_MANY]
