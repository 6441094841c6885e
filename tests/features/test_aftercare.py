"""Seven days after a parcel arrived: who gets them, where they lead, and what ends them."""

import re

import pytest
from sqlalchemy import select

from models import Enrolment, Mail, Return, Sequence, SequenceMail, SubscriberStatus
from storefront.seed.loader import FOLDER
from storefront.seed.sequences import add_sequences
from tests.browser import visit
from tests.factories import make_paid_order
from tests.features.newsletter import fresh, let_pass, make_subscriber, round_of
from tests.features.test_routines import make_steps
from tests.staff import sign_in

STEPS = {"kind": "hold", "seconds": 30}


@pytest.fixture
def delivered(app, session):
    """A function that lets a parcel of a buyer arrive."""
    add_sequences(session, FOLDER / "sequences")
    session.flush()
    staff = app.test_client()
    sign_in(staff, session)

    def arrive(email="ada@example.org"):
        order = make_paid_order(session, email=email)
        page = visit(staff, f"/staff/orders/{order.number}")
        page.submit("Mark as shipped", tracking_number="T1")
        visit(staff, f"/staff/orders/{order.number}").submit("Mark as delivered")
        return order

    return arrive


def days(session):
    found = select(Mail).join(SequenceMail, SequenceMail.id == Mail.sequence_mail_id)
    of_week = found.join(Sequence).where(Sequence.handle == "first-week").order_by(Mail.id)
    return session.scalars(of_week).all()


def test_a_subscriber_gets_seven_mails_one_a_day_and_no_more(app, session, worker, delivered):
    make_subscriber(session)
    delivered()
    round_of(app, worker)
    assert days(session) == []  # the day after is the first
    for count in (1, 2, 3, 4, 5, 6, 7, 7):
        let_pass(session, hours=24)
        round_of(app, worker)
        assert len(days(session)) == count
    delivered()
    let_pass(session, hours=24)
    round_of(app, worker)
    assert len(days(session)) == 7
    assert [it.subject.partition(":")[0] for it in days(session)] == [
        f"Day {day}" for day in range(1, 8)
    ]
    for mail in days(session):
        assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert re.search(r"/play\?step=[1-8]&from=mail:first-week-[1-7]", mail.text)


@pytest.mark.parametrize("status", [None, *(it for it in SubscriberStatus if it != "confirmed")])
def test_who_did_not_agree_gets_none(app, session, worker, delivered, status):
    if status:
        make_subscriber(session, status=status)
    delivered()
    let_pass(session, hours=24)
    round_of(app, worker)

    assert fresh(session, Enrolment) == []
    assert days(session) == []


def test_they_end_where_the_order_comes_back(app, session, worker, delivered):
    make_subscriber(session)
    order = delivered()
    let_pass(session, hours=24)
    round_of(app, worker)
    session.add(Return(order_id=order.id, actor="staff"))
    session.flush()
    let_pass(session, hours=24)
    round_of(app, worker)

    assert len(days(session)) == 1
    assert fresh(session, Enrolment)[0].end_reason == "stopped"


@pytest.mark.parametrize(
    ("asked", "begins"), [("2", "Second"), ("1", None), ("9", None), ("x", None), ("", None)]
)
def test_the_player_begins_at_the_step_that_a_link_names(client, session, asked, begins):
    make_steps(session, {"title": "Second"} | STEPS, {"title": "Third"} | STEPS)
    page = visit(client, f"/pages/a-release/play?step={asked}")
    found = page.main.find(attrs={"data-begins": True})

    assert page.status == 200
    assert ("You begin at" in page.text) == bool(begins)
    assert (found.find(attrs={"data-title": True}).get_text() if found else None) == begins


@pytest.mark.seeded
def test_every_day_opens_the_player_at_the_step_that_it_names(client, session):
    found = select(SequenceMail).join(Sequence).where(Sequence.handle == "first-week")
    for mail in session.scalars(found.order_by(SequenceMail.position)):
        name, path = re.search(r"player at \*(.*?)\*.*?\]\((\S+?)\)", mail.body_markdown).groups()
        page = visit(client, path)
        begins = page.main.find(attrs={"data-begins": True}) or page.main.find(
            attrs={"data-kind": "do"}
        )
        assert begins.find(attrs={"data-title": True}).get_text() == name
        assert "do not press" in page.text
