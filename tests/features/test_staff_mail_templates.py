"""Staff word the shop's letters: tried on a real order, kept, and given back."""

import pytest
from sqlalchemy import select

from models import Mail, MailTemplate, Role
from storefront.mail.kinds import KINDS
from tests.browser import visit
from tests.factories import make_paid_order
from tests.staff import rows, sign_in

INDEX = "/staff/mails/templates"
PAID = f"{INDEX}/order_paid"
BODY = "{greeting},\n\nThanks.\n\n{lines}\n\n{button}"


@pytest.fixture(autouse=True)
def manager(client, session):
    return sign_in(client, session, Role.MANAGER)


def kept(session):
    session.rollback()
    found = session.execute(select(MailTemplate.name, MailTemplate.subject)).all()
    mails = session.execute(select(Mail.recipient, Mail.subject, Mail.text)).all()
    session.rollback()
    return [tuple(it) for it in found], [tuple(it) for it in mails]


def test_every_letter_is_listed_and_can_be_looked_at(client, session):
    make_paid_order(session)

    assert len(rows(visit(client, INDEX))) == len(KINDS)
    for name in KINDS:
        page = visit(client, f"{INDEX}/{name}")
        assert page.status == 200
        assert "Preview, not saved yet" in page.submit("Preview").text, name
        assert client.get(f"{INDEX}/{name}/html").status_code == 200, name
    assert kept(session) == ([], [])
    assert visit(client, f"{INDEX}/none").status == 404


def test_a_letter_is_saved_tried_and_given_back(client, session, manager):
    order = make_paid_order(session)

    page = visit(client, PAID).submit("Save", subject="Got {order_number}", body=BODY)
    assert "Order paid is saved" in page.text
    page = page.submit("Send me a test")
    found, ((recipient, subject, text),) = kept(session)
    assert found == [("order_paid", "Got {order_number}")]
    assert (recipient, subject) == (manager.email, f"Got {order.number}")
    assert "1 × Test tool" in text
    assert "Order paid is ours again." in page.submit("Back to ours").text
    assert kept(session)[0] == []


def test_a_preview_is_of_the_order_that_is_chosen(client, session):
    older = make_paid_order(session)
    make_paid_order(session)

    page = visit(client, PAID).submit("Preview", body=BODY, order=older.number.lower())
    assert older.number in page.text
    for odd in ("QL-NONE", "\0", "é", "9" * 500):
        assert page.submit("Preview", order=odd).status == 422
    assert kept(session) == ([], [])


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({"body": "{secret}"}, "There is no placeholder {secret} in this mail."),
        ({"subject": ""}, "Write a subject."),
        ({"body": "x" * 100_000}, "Write at most 20000 characters."),
        ({"body": "a\0b"}, "Remove the characters that cannot be read."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_saved(client, session, typed, error):
    page = visit(client, PAID).submit("Save", **typed)

    assert page.status == 422
    assert page.errors() == [error]
    assert kept(session) == ([], [])


def test_two_who_word_one_letter_are_told(client, session):
    first, second = visit(client, PAID), visit(client, PAID)
    first.submit("Save", subject="First", body=BODY)

    page = second.submit("Save", subject="Second", body=BODY)
    assert page.status == 409
    assert "First" in page.text
    assert page.html.find(id="subject")["value"] == "Second"
    assert kept(session)[0] == [("order_paid", "First")]
    assert "is saved" in page.submit("Save").text
    assert kept(session)[0] == [("order_paid", "Second")]
