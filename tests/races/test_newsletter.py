"""Two at one subscriber: tabs that confirm, workers that write, and she who leaves meanwhile."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, update

from models import Consent, Enrolment, Job, Mail, Subscriber, now
from storefront.newsletter.links import Links
from storefront.newsletter.sending import Sending
from tests.features.newsletter import (
    ADA,
    ask,
    confirm_path,
    enrol,
    fresh,
    let_pass,
    make_sequence,
    make_subscriber,
    the,
)
from tests.features.postbox import Postbox, send_all

THREE = [("One", 0, "1"), ("Two", 48, "2"), ("Three", 72, "3")]


def race(*acts):
    """Let all act at the same moment; returns what they return."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


@pytest.fixture
def write(app):
    """Does one round of the worker's, as far as its own transactions go."""
    return lambda: Sending(app.extensions["newsletter"]).send_due(app.extensions["sessions"], {})


def posting(app, path, **data):
    return lambda: app.test_client().post(path, data=data).status_code


def subjects(session):
    return [it.subject for it in fresh(session, Mail) if it.sequence_mail_id]


def test_tabs_that_confirm_at_once_confirm_once(app, client, session):
    make_sequence(session)
    ask(client)
    path = confirm_path(session)

    answers = race(*[posting(app, path)] * 6)

    assert answers == [200] * 6
    assert the(session, Subscriber).status == "confirmed"
    assert [it.act for it in fresh(session, Consent)] == ["asked", "given"]
    assert len(fresh(session, Enrolment)) == 1
    assert len([it for it in fresh(session, Job) if it.kind == "newsletter"]) == 1


def test_people_who_ask_for_one_address_at_once_write_one_subscriber(app, session):
    answers = race(*[posting(app, "/newsletter", email=ADA)] * 4)

    assert answers == [200] * 4
    assert the(session, Subscriber).status == "pending"
    assert len(fresh(session, Consent)) == len(fresh(session, Mail)) == 4


def test_workers_that_write_at_once_write_each_mail_once(app, session, write):
    sequence = make_sequence(session, *THREE)
    for n in range(12):
        enrol(session, make_subscriber(session, f"a{n}@example.org"), sequence)

    race(*[write] * 4)

    assert subjects(session) == ["One"] * 12
    assert {it.next_position for it in fresh(session, Enrolment)} == {2}


def test_a_worker_that_was_killed_after_writing_writes_nothing_twice(app, session, settings, write):
    enrol(session, make_subscriber(session), make_sequence(session, *THREE))
    write()  # and never ends its job, so that another one takes it over
    session.execute(update(Job).values(lease_until=now()))
    write()
    postbox = Postbox()

    assert subjects(session) == ["One"]
    send_all(app, settings, postbox)
    session.execute(update(Mail).values(sent_at=None))  # killed before it noted that
    session.execute(update(Job).where(Job.kind == "send-mail-to-many").values(done_at=None))
    send_all(app, settings, postbox)
    assert len(postbox.letters) == 2
    assert len({letter["Message-ID"] for _, _, letter in postbox.letters}) == 1


@pytest.mark.parametrize("leaving", ["unsubscribe", "erase"])
def test_who_leaves_while_mails_are_written_gets_none_after(app, session, settings, write, leaving):
    sequence = make_sequence(session, *THREE)
    people = [make_subscriber(session, f"a{n}@example.org") for n in range(6)]
    for person in people:
        enrol(session, person, sequence)
    links = Links("")
    paths = {
        "unsubscribe": [links.unsubscribe(it) for it in people],
        "erase": [f"{links.preferences(it)}/erase" for it in people],
    }
    acts = [posting(app, path, sure="y") for path in paths[leaving]]

    assert race(write, *acts, write)[1:-1] == [200] * 6
    let_pass(session, days=9)
    write()
    postbox = Postbox()
    send_all(app, settings, postbox)

    assert postbox.letters == []
    assert [it for it in fresh(session, Enrolment) if it.ended_at is None] == []
    if leaving == "erase":
        assert session.scalars(select(Subscriber.id)).all() == []
        kept = [(it.recipient, it.text, it.subscriber_id) for it in fresh(session, Mail)]
        assert set(kept) <= {("", "", None)}
