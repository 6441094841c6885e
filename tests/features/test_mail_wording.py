"""Letters as staff word them: nothing of them runs, and no mail is lost for their sake."""

import pytest
from sqlalchemy import select

from models import Mail, MailTemplate
from storefront.mail.kinds import KINDS
from storefront.mail.letters import Letters
from storefront.mail.wording import Wording, mistakes
from storefront.site import read
from storefront.staff.orders.queries import order as order_by_number
from tests.factories import make_paid_order
from tests.features.test_staff_mails import letter, put


def worded(session, name, subject, body):
    session.add(MailTemplate(name=name, subject=subject, body_markdown=body, actor="x"))
    session.commit()


def paid(app, session, settings, order):
    with app.extensions["sessions"].write.begin() as writing:
        Letters(settings, read()).paid(writing, order_by_number(writing, order.number))
    return session.scalars(select(Mail)).one()


@pytest.mark.parametrize("name", list(KINDS))
def test_what_staff_begin_with_has_no_mistake(name):
    kind = KINDS[name]

    assert mistakes(kind, Wording(kind.subject, kind.body)) == {}


def test_an_order_is_told_in_the_words_of_staff(app, session, settings):
    order = make_paid_order(session, quantity=2)
    body = "Dear {greeting},\n\n**Thanks** for {order_total}.\n\n{lines}\n\n[See it]({order_url})"
    worded(session, "order_paid", "Got {order_number}", body)

    mail = paid(app, session, settings, order)

    assert mail.subject == f"Got {order.number}"
    assert "Thanks</strong> for $178.00." in mail.html
    assert "2 × Test tool" in mail.text
    assert f"/orders/{order.number}?token=" in mail.html
    assert "You get this mail because of order" in mail.html
    assert "%7B" not in mail.html
    assert "{" not in mail.text


def test_a_buyers_name_is_text(app, session, settings):
    order = make_paid_order(session)
    order.name = "[x](http://evil.example) <script>1</script> {order_url}"
    session.commit()
    worded(session, "order_paid", "Hi {order_number}", "{greeting}\n\n{opening}")

    mail = paid(app, session, settings, order)

    assert 'href="http://evil.example"' not in mail.html
    assert "<script>" not in mail.html
    assert "[x](http://evil.example) &lt;script&gt;" in mail.html
    assert "token=" not in mail.html


def test_a_wording_that_cannot_be_written_gives_way_to_ours(app, session, settings, caplog):
    order = make_paid_order(session)
    worded(session, "order_paid", "Hi {tracking_number}", "{opening}")

    mail = paid(app, session, settings, order)

    assert mail.subject == f"Order {order.number}: thank you"
    assert "mail template failed" in caplog.text


@pytest.mark.parametrize(
    ("name", "subject", "body", "field", "words"),
    [
        ("order_paid", "x", "{secret_key}", "body", "{secret_key}"),
        ("order_paid", "{lines}", "x", "subject", "{lines}"),
        ("order_paid", "x", "{order.token}", "body", "{order.token}"),
        ("order_paid", "x", "All: {lines}", "body", "stand alone"),
        ("order_paid", "x", "[a]({greeting})", "body", "A link leads"),
        ("order_paid", "x", "[a](http://x/{order_url})", "body", "A link leads"),
        ("order_draft", "x", "Pay now.", "body", "{button} or {order_url}"),
        ("newsletter_confirm", "x", "Hello", "body", "{link_url}"),
    ],
)
def test_what_is_wrong_is_named(name, subject, body, field, words):
    found = mistakes(KINDS[name], Wording(subject, body))

    assert words in found[field]


def test_a_letter_without_an_order_keeps_our_words_and_has_more(app, session):
    worded(session, "account_exists", "{shop_name}: again", "Psst.\n\n{ours}")
    put(app, letter("a"))
    mail = session.scalars(select(Mail)).one()

    assert mail.subject == "QL: again"
    assert mail.text.startswith("Psst.\n\nHello,")
    assert "Sign in (https://shop.example/secret)" in mail.text
