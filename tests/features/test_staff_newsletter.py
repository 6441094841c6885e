"""Who gets the shop's mails, by which consent; staff see it and add nobody."""

import csv
import io

import pytest

from models import Consent, Enrolment, Role, Subscriber, now
from tests.browser import visit
from tests.features.newsletter import (
    ADA,
    ask,
    enrol,
    make_sequence,
    make_subscriber,
    state,
    the,
)
from tests.staff import counted_statements, rows, sign_in

INDEX = "/staff/newsletter"


@pytest.fixture(autouse=True)
def _owner(client, session):
    sign_in(client, session)


def test_subscribers_are_found_by_address_and_status_and_sorted(client, session):
    for status in ("pending", "confirmed", "bounced"):
        make_subscriber(session, f"{status}@example.org", status)

    assert {row[0] for row in rows(visit(client, INDEX))} == {
        *("pending@example.org", "confirmed@example.org", "bounced@example.org")
    }
    assert [row[0] for row in rows(visit(client, f"{INDEX}?q=BOUNC"))] == ["bounced@example.org"]
    found = visit(client, f"{INDEX}?status=confirmed&sort=email")
    assert [row[:2] for row in rows(found)] == [["confirmed@example.org", "Confirmed"]]
    assert "All (3)" in found.text
    assert "Nobody is like that." in visit(client, f"{INDEX}?q=%25_").text
    for strange in ("?status=else", "?sort=secret", "?page=0"):
        assert visit(client, INDEX + strange).status == 404


def test_an_empty_list_says_why_none_can_be_added(client):
    page = visit(client, INDEX)

    assert "none can be added by hand" in page.text
    assert "Email" not in [it.get_text() for it in page.main.find_all("label")]


def test_a_subscribers_page_has_the_proof_her_sequences_and_mails(client, session, worker):
    ask(client)
    subscriber = the(session, Subscriber)
    enrol(session, subscriber, make_sequence(session, title="A welcome"))
    worker.work_off()

    page = visit(client, INDEX).follow(ADA)

    assert page.heading == ADA
    (proof,) = rows(page)
    assert proof[1:4] == ["Asked", "/newsletter", the(session, Consent).words]
    assert "A welcome : mail 1 is due" in page.text
    assert "Confirm your email address sent" in page.text
    assert visit(client, f"{INDEX}/subscribers/999999").status == 404
    assert visit(client, f"{INDEX}/subscribers/%00").status == 404


def test_an_address_can_be_marked_as_bounced_and_let_in_again(client, session):
    subscriber = make_subscriber(session, bounce_count=2)
    enrol(session, subscriber, make_sequence(session))
    page = visit(client, f"{INDEX}/subscribers/{subscriber.id}")

    marked = page.submit("Mark as bounced")
    assert f"{ADA} gets nothing more." in marked.text
    assert the(session, Subscriber).status == "bounced"
    assert the(session, Enrolment).end_reason == "bounced"

    again = marked.submit("Let it ask again")
    assert f"{ADA} may ask for mails again." in again.text
    found = the(session, Subscriber)
    assert (found.status, found.bounce_count, found.bounced_at) == ("unsubscribed", 0, None)


def test_the_spreadsheet_holds_the_list_and_no_formula(client, session):
    make_subscriber(session, "=cmd@example.org", topics=["muscles", "news"], confirmed_at=now())
    make_subscriber(session, "+1@example.org", "pending")

    answer = client.get(visit(client, INDEX).link("Download this list"))

    table = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert answer.mimetype == "text/csv"
    assert table[0][:3] == ["email", "status", "topics"]
    assert [row[:3] for row in table[1:]] == [
        ["'=cmd@example.org", "confirmed", "muscles, news"],
        ["'+1@example.org", "pending", ""],
    ]
    one = client.get(f"{INDEX}/subscribers.csv?status=pending").text
    assert len(one.splitlines()) == 2


def test_the_number_of_questions_does_not_grow_with_the_list(app, client, session):
    def cost():
        with counted_statements(app) as seen:
            assert visit(client, INDEX).status == 200
        return len(seen)

    make_subscriber(session)
    first = cost()
    for n in range(60):
        make_subscriber(session, f"a{n}@example.org")

    assert cost() == first
    assert "Page 1 of 2" in visit(client, INDEX).text


def test_who_may_not_send_mails_sees_no_subscriber(client, session):
    subscriber = make_subscriber(session)
    visit(client, INDEX).submit("Sign out")
    sign_in(client, session, Role.SUPPORT)
    before = state(session)

    for path in ("", "/subscribers.csv", f"/subscribers/{subscriber.id}", "/sequences"):
        assert client.get(INDEX + path).status_code == 403
    assert client.post(f"{INDEX}/subscribers/{subscriber.id}/bounced").status_code == 403
    assert state(session) == before
