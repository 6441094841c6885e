"""Sequences: what begins and ends them, and that each mail goes once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete, select

from models import Enrolment, Mail, SequenceMail, SequenceTrigger, Subscriber, now
from storefront.newsletter import sending
from storefront.newsletter.events import happened
from storefront.newsletter.sending import Sending
from tests.features.newsletter import (
    ADA,
    confirmed,
    enrol,
    fresh,
    let_pass,
    make_sequence,
    make_subscriber,
    round_of,
    state,
    the,
)

THREE = (("One", 0, "A"), ("Two", 72, "B"), ("Three", 48, "C"))


def tell(app, trigger, email=ADA):
    with app.extensions["sessions"].write.begin() as session:
        happened(session, trigger, email)


def subjects(session):
    return [it.subject for it in fresh(session, Mail) if it.sequence_mail_id]


def test_mails_follow_each_other_by_their_delays_each_once(app, client, session, worker):
    make_sequence(session, *THREE)
    before = now()
    confirmed(client, session)

    round_of(app, worker)
    assert subjects(session) == ["One"]
    enrolment = the(session, Enrolment)
    assert enrolment.next_position == 2
    assert before + timedelta(hours=72) <= enrolment.next_at <= now() + timedelta(hours=72)
    round_of(app, worker, "too early")
    assert subjects(session) == ["One"]

    for hours in (72, 48, 48):
        let_pass(session, hours=hours)
        round_of(app, worker, f"after {hours}")

    assert subjects(session) == ["One", "Two", "Three"]
    subscriber, enrolment = the(session, Subscriber), the(session, Enrolment)
    assert (enrolment.end_reason, enrolment.ended_at is not None) == ("done", True)
    keys = [it.key for it in fresh(session, Mail) if it.sequence_mail_id]
    assert keys == [f"sequence:welcome:{n}:{subscriber.id}" for n in (1, 2, 3)]


@pytest.mark.parametrize("status", ["pending", "unsubscribed", "bounced"])
def test_only_a_confirmed_subscriber_begins_a_sequence(app, session, status):
    make_sequence(session, trigger=SequenceTrigger.PAID)
    make_subscriber(session, status=status)
    make_subscriber(session, "eve@example.org")
    for email in (ADA, "nobody@example.org", "", None):
        tell(app, SequenceTrigger.PAID, email)

    assert fresh(session, Enrolment) == []
    tell(app, SequenceTrigger.PAID, " Eve@Example.org")
    assert len(fresh(session, Enrolment)) == 1


def test_an_event_begins_its_own_sequences_that_are_active_wanted_and_have_mails(app, session):
    wanted = make_sequence(session, handle="paid", trigger=SequenceTrigger.PAID)
    make_sequence(session, handle="off", trigger=SequenceTrigger.PAID, is_active=False)
    make_sequence(session, handle="other", trigger=SequenceTrigger.SHIPPED)
    make_sequence(session, handle="unwanted", trigger=SequenceTrigger.PAID, topic="news")
    empty = make_sequence(session, handle="empty", trigger=SequenceTrigger.PAID)
    empty.mails.clear()
    session.flush()
    make_subscriber(session, topics=["muscles"])

    for _ in range(2):
        tell(app, SequenceTrigger.PAID)

    assert the(session, Enrolment).sequence_id == wanted.id


def test_an_order_ends_what_stops_on_buying_and_leaves_the_rest(app, session):
    subscriber = make_subscriber(session)
    stopping = make_sequence(session, handle="a", stops_on=["bought"])
    for sequence in (stopping, make_sequence(session, handle="b")):
        enrol(session, subscriber, sequence)
    other = make_subscriber(session, "eve@example.org")
    enrol(session, other, stopping)

    tell(app, SequenceTrigger.PAID)
    tell(app, SequenceTrigger.SHIPPED, "eve@example.org")

    assert [it.end_reason for it in fresh(session, Enrolment)] == ["bought", "", ""]


def test_a_sequence_that_paying_begins_is_not_ended_by_the_same_order(app, session):
    make_subscriber(session)
    make_sequence(session, trigger=SequenceTrigger.PAID, stops_on=["bought"])

    tell(app, SequenceTrigger.PAID)
    assert the(session, Enrolment).ended_at is None
    tell(app, SequenceTrigger.PAID)

    assert the(session, Enrolment).end_reason == "bought"


def test_a_sequence_that_is_switched_off_waits(app, session, worker):
    sequence = make_sequence(session)
    enrol(session, make_subscriber(session), sequence)
    sequence.is_active = False
    session.flush()
    round_of(app, worker)
    assert subjects(session) == []

    sequence.is_active = True
    session.flush()
    round_of(app, worker, "on")
    assert subjects(session) == ["Hello"]


def test_two_workers_at_once_write_each_mail_once(app, session):
    sequence = make_sequence(session, *THREE)
    for n in range(30):
        enrol(session, make_subscriber(session, f"a{n}@example.org"), sequence)
    start, sessions = Barrier(3), app.extensions["sessions"]
    job = Sending(app.extensions["newsletter"])

    def work():
        start.wait()
        job.send_due(sessions, {})

    with ThreadPoolExecutor(3) as pool:
        for each in [pool.submit(work) for _ in range(3)]:
            each.result()

    assert subjects(session) == ["One"] * 30
    assert len({it.recipient for it in fresh(session, Mail)}) == 30
    assert {it.next_position for it in fresh(session, Enrolment)} == {2}


def test_a_round_writes_at_most_so_many_and_the_next_the_rest(app, session, worker, monkeypatch):
    monkeypatch.setattr(sending, "BATCH", 2)
    monkeypatch.setattr(sending, "MOST", 4)
    sequence = make_sequence(session)
    for n in range(5):
        enrol(session, make_subscriber(session, f"a{n}@example.org"), sequence)

    round_of(app, worker)
    assert len(subjects(session)) == 4
    round_of(app, worker, "next")
    assert len(subjects(session)) == 5


def test_a_mail_that_she_had_is_not_sent_again_from_another_place(app, session, worker):
    sequence = make_sequence(session, *THREE)
    enrol(session, make_subscriber(session), sequence)
    round_of(app, worker)
    first, second, _ = sequence.mails
    for mail, position in ((first, 0), (second, 1), (first, 2)):
        mail.position = position
        session.flush()

    let_pass(session, days=9)
    round_of(app, worker, "moved")

    assert subjects(session) == ["One", "Three"]


def test_a_mail_that_was_written_is_not_sent_to_who_has_left_meanwhile(
    app, client, session, settings
):
    from tests.features.postbox import Postbox, send_all

    enrol(session, make_subscriber(session), make_sequence(session))
    sending.Sending(app.extensions["newsletter"]).send_due(app.extensions["sessions"], {})
    the(session, Subscriber).status = "unsubscribed"
    session.flush()
    session.execute(delete(SequenceMail))  # staff took it out of the sequence, besides
    postbox = Postbox()

    assert send_all(app, settings, postbox) == 1

    assert postbox.letters == []
    assert the(session, Mail).sent_at is None
    assert send_all(app, settings, postbox) == 0


def test_telling_an_event_of_a_stranger_costs_one_statement(app, session):
    from tests.staff import counted_statements

    for n in range(5):
        make_sequence(session, handle=f"s{n}", trigger=SequenceTrigger.PAID)
    before = state(session)
    with counted_statements(app) as seen:
        tell(app, SequenceTrigger.PAID, "stranger@example.org")

    assert len([it for it in seen if it.startswith("SELECT")]) == 1
    assert state(session) == before
    assert session.scalars(select(Enrolment.id)).all() == []
