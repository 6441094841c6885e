"""Writing sequences of mails, trying them, and what they led to."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Mail, Sequence, SequenceMail, Subscriber, now
from tests.browser import visit
from tests.factories import make_paid_order, make_variant
from tests.features.newsletter import fresh, make_sequence, make_subscriber, the
from tests.staff import counted_statements, rows, sign_in

INDEX = "/staff/newsletter/sequences"
THREE = (("One", 0, "A"), ("Two", 72, "B"), ("Three", 48, "C"))


@pytest.fixture(autouse=True)
def owner(client, session):
    return sign_in(client, session)


def state(session):
    return [
        session.execute(select(*it.__table__.c).order_by(it.__table__.c.id)).all()
        for it in (Sequence, SequenceMail)
    ]


def edit(client, sequence):
    return visit(client, f"{INDEX}/{sequence.id}")


def mail_page(client, sequence, place=0):
    return visit(client, f"{INDEX}/{sequence.id}/mails/{sequence.mails[place].id}")


def test_a_sequence_is_written_from_nothing_to_its_first_mail(client, session):
    page = visit(client, f"{INDEX}/new").submit(
        "Save", title="After an order", handle="after-order", trigger="order paid", topic="Care"
    )
    assert "After an order is saved. Add its first mail." in page.text
    saved = page.follow("Add a mail").submit("Save", subject="Hello", delay="24", body="## Hi")

    sequence, mail = the(session, Sequence), the(session, SequenceMail)
    assert (sequence.handle, sequence.trigger, sequence.topic) == (
        "after-order",
        "order paid",
        "care",
    )
    assert (sequence.stops_on, sequence.is_active) == ([], False)
    assert (mail.position, mail.delay_hours, mail.body_markdown) == (1, 24, "## Hi")
    assert "<h2" in mail.body_html
    assert rows(saved)[0][:3] == ["1", "Hello", "24 h"]
    assert rows(visit(client, INDEX))[0][1:5] == ["Order paid", "care", "Off", "1"]


def test_a_sequence_is_saved_and_another_who_edited_it_loses_nothing(client, session):
    sequence = make_sequence(session, title="Old")
    first, second = edit(client, sequence), edit(client, sequence)
    saved = first.submit("Save", title="Hers", stops_when_bought="y")
    assert "Hers is saved." in saved.text
    assert the(session, Sequence).stops_on == ["bought"]
    before = state(session)

    page = second.submit("Save", title="His")

    assert page.status == 409
    theirs = " ".join(page.main.find(id="theirs").parent.get_text(" ").split())
    assert theirs == "Saved meanwhile Title Hers Ends when she buys Yes"
    assert page.main.find(id="title")["value"] == "His"
    assert state(session) == before
    assert page.submit("Save").status == 200
    assert the(session, Sequence).title == "His"


def test_a_mail_is_saved_and_another_who_edited_it_loses_nothing(client, session):
    sequence = make_sequence(session)
    first, second = mail_page(client, sequence), mail_page(client, sequence)
    assert "Hers is saved." in first.submit("Save", subject="Hers").text
    before = state(session)

    page = second.submit("Save", body="His text", delay="5")

    assert page.status == 409
    assert "Saved meanwhile Subject Hers Delay 0 Text Hi." in page.text
    assert page.main.find(id="body").get_text().strip() == "His text"
    assert state(session) == before
    page.submit("Save", subject="Both")
    mail = the(session, SequenceMail)
    assert (mail.subject, mail.delay_hours, mail.body_markdown) == ("Both", 5, "His text")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"subject": ""}, "Enter a subject."),
        ({"subject": "x" * 201}, "Enter at most 200 characters."),
        ({"delay": "soon"}, "Enter a whole number from 0 to 1000000."),
        ({"delay": "-1"}, "Enter a whole number from 0 to 1000000."),
        ({"delay": "8761"}, "Enter at most 8760 hours: a year."),
        ({"body": ""}, "Write something."),
        ({"body": "x" * 50_001}, "Enter at most 50000 characters."),
        ({"subject": "a\x00b"}, "Remove the characters that cannot be read."),
    ],
)
def test_what_is_no_mail_is_refused_beside_its_field(client, session, typed, message):
    sequence = make_sequence(session)
    before = state(session)
    for page in (mail_page(client, sequence), visit(client, f"{INDEX}/{sequence.id}/mails/new")):
        for act in ("Save", "Preview"):
            answer = page.submit(act, **{"subject": "S", "delay": "1", "body": "B"} | typed)

            assert answer.status == 422
            assert answer.errors() == [message]
    assert state(session) == before


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"title": " "}, "Enter a title."),
        ({"handle": "Two Words"}, "Enter lower-case words joined by hyphens."),
        ({"handle": "a" * 61}, "Enter at most 60 characters."),
        ({"handle": "welcome"}, "Another sequence has this handle. Choose another one."),
        ({"trigger": "else"}, "Not a valid choice."),
        ({"topic": "x" * 41}, "Enter at most 40 characters."),
    ],
)
def test_what_is_no_sequence_is_refused_beside_its_field(client, session, typed, message):
    make_sequence(session)
    before = state(session)

    page = visit(client, f"{INDEX}/new").submit(
        "Save", **{"title": "T", "handle": "h", "topic": ""} | typed
    )

    assert page.status == 422
    assert page.errors() == [message]
    assert state(session) == before


def test_the_preview_shows_what_is_typed_as_html_and_text_and_saves_nothing(client, session):
    sequence = make_sequence(session)
    before = state(session)
    typed = {"subject": "Try", "body": "See [it](/products/ql-claw). <script>alert(1)</script>"}

    for page in (mail_page(client, sequence), visit(client, f"{INDEX}/{sequence.id}/mails/new")):
        shown = page.submit("Preview", delay="1", **typed)

        assert shown.status == 200
        assert "Preview, not saved yet" in shown.text
        place = 1 if page.heading == "Hello" else 2
        href = f"http://localhost/products/ql-claw?from=mail:welcome-{place}"
        assert shown.main.select_one("#preview a")["href"] == href
        assert f"See it ({href})." in " ".join(shown.main.find("pre").get_text().split())
        assert shown.main.find("script") is None
    assert state(session) == before


def test_a_mail_opens_as_it_is_sent_and_nothing_runs_in_it(client, session):
    answer = client.get(
        f"{mail_page(client, make_sequence(session)).link('Open it as it is sent')}"
    )

    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert "Unsubscribe" in answer.text


def test_a_test_goes_to_who_is_signed_in(client, session, owner):
    sequence = make_sequence(session)
    for _ in range(2):
        page = mail_page(client, sequence).submit("Send me a test")

    assert f"It is on its way to {owner.email}." in page.text
    for mail in fresh(session, Mail):
        assert (mail.recipient, mail.subject) == (owner.email, "Hello")
        assert (mail.subscriber_id, mail.sequence_mail_id, mail.headers) == (None, None, {})
        assert "http://localhost/newsletter" in mail.text


def test_mails_change_places_and_are_removed_without_javascript(client, session):
    sequence = make_sequence(session, *THREE)
    page = edit(client, sequence)

    page = page.submit("Move up", nth=1)
    assert [row[:2] for row in rows(page)] == [["1", "One"], ["2", "Three"], ["3", "Two"]]
    page = page.submit("Remove", nth=0)
    assert [row[:2] for row in rows(page)] == [["2", "Three"], ["3", "Two"]]
    client.post(f"{INDEX}/{sequence.id}/mails/{sequence.mails[2].id}/raise")
    assert [row[1] for row in rows(edit(client, sequence))] == ["Three", "Two"]
    page.follow("Add a mail").submit("Save", subject="Last", delay="1", body="X")
    assert [row[:2] for row in rows(edit(client, sequence))][-1] == ["4", "Last"]
    assert client.post(f"{INDEX}/{sequence.id}/mails/999999/raise").status_code == 404


def test_the_figures_say_what_each_mail_led_to(app, client, session):
    sequence, moment = make_sequence(session, *THREE), now()
    ids = [it.id for it in sequence.mails]
    for n, (status, days) in enumerate(
        [("confirmed", 0), ("unsubscribed", 6.9), ("unsubscribed", 7.1)]
    ):
        her = make_subscriber(session, f"a{n}@example.org", status)
        her.unsubscribed_at = moment + timedelta(days=days) if days else None
        sent = Mail(key=str(n), recipient=her.email, subject="x", text="", html="", sent_at=moment)
        sent.subscriber_id, sent.sequence_mail_id = her.id, ids[0]
        session.add(sent)
    back = Mail(key="back", recipient="x", subject="x", text="", html="", bounced_at=moment)
    back.sequence_mail_id = ids[1]
    session.add(back)
    variant = make_variant(session, on_hand=9)
    for first, last in (("1", "2"), ("1", "1"), ("9", "9")):
        order = make_paid_order(session, variant=variant)
        order.first_content, order.last_content = f"mail:welcome-{first}", f"mail:welcome-{last}"
    unpaid = make_paid_order(session, variant=variant)
    unpaid.paid_at, unpaid.last_content = None, "mail:welcome-1"
    session.flush()

    page = edit(client, sequence)

    assert [row[3:9] for row in rows(page)] == [
        ["3", "3", "0", "1", "2", "1"],
        ["1", "0", "1", "0", "0", "1"],
        ["0", "0", "0", "0", "0", "0"],
    ]
    assert len(fresh(session, Subscriber)) == 3


def test_the_number_of_questions_does_not_grow(app, client, session):
    def cost(sequence):
        with counted_statements(app) as seen:
            assert edit(client, sequence).status == visit(client, INDEX).status == 200
        return len(seen)

    one = cost(make_sequence(session))
    for n in range(5):
        make_sequence(session, *THREE, *THREE, handle=f"s{n}")

    assert cost(fresh(session, Sequence)[-1]) == one


def test_what_is_not_there_is_not_found(client, session):
    sequence = make_sequence(session)
    other = make_sequence(session, handle="other")

    for path in ("999999", "x", "%00", f"{sequence.id}/mails/{other.mails[0].id}"):
        assert visit(client, f"{INDEX}/{path}").status == 404
