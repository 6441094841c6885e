"""The newsletter's mails on the wire, and what happens when they come back."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import update

from models import Enrolment, Job, Mail, Subscriber
from storefront.mail.bodies import for_mail, plain_text
from storefront.newsletter.sending import Sending
from storefront.text import render
from tests.features.newsletter import (
    ADA,
    ask,
    enrol,
    fresh,
    make_sequence,
    make_subscriber,
    the,
)
from tests.features.observing import logged
from tests.features.postbox import Postbox, send_all

BODY = """## Lie down

Read [the tutorial](/pages/ql-release#steps) and see [the tool](/products/ql-claw?variant=3).

- one, [elsewhere](https://example.org/a?b=1)
- two & <script>alert(1)</script>

1. first
2. second

![alt](figure:ql-1 "caption")

> Stop when it hurts.

Our [privacy policy](/policies/privacy-policy), and [mail](mailto:shop@example.org).
"""


def due(app, session, body=BODY, email=ADA):
    """A subscriber to whom one mail has just been written."""
    subscriber = make_subscriber(session, email)
    enrol(session, subscriber, make_sequence(session, ("On the QL", 0, body)))
    Sending(app.extensions["newsletter"]).send_due(app.extensions["sessions"], {})
    return subscriber


def test_the_headers_on_the_wire_are_those_of_one_click(app, session, settings):
    subscriber, postbox = due(app, session), Postbox()
    send_all(app, settings, postbox)

    (raw,) = postbox.raw
    head = raw.decode("ascii").split("\r\n\r\n")[0].split("\r\n")
    named = dict(line.split(": ", 1) for line in head if ": " in line)
    link = app.extensions["newsletter"].links.unsubscribe(subscriber)
    assert named["List-Unsubscribe"] == f"<{link}>"
    assert named["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert named["From"] == "shop@localhost"
    assert (named["To"], named["Subject"]) == (ADA, "On the QL")
    assert sorted(named) == [
        *("Content-Type", "Date", "From", "List-Unsubscribe", "List-Unsubscribe-Post"),
        *("MIME-Version", "Message-ID", "Subject", "To"),
    ]
    assert raw.isascii()
    assert app.test_client().post(link.removeprefix("http://localhost")).status_code == 200


def test_no_other_header_can_be_smuggled_in(app, session, settings):
    due(app, session)
    forged = {"Bcc": "eve@example.org", "List-Unsubscribe": "<x>\r\nBcc: eve@example.org"}
    session.execute(update(Mail).values(headers=forged))
    postbox = Postbox()
    send_all(app, settings, postbox)

    assert all(it[1] == [ADA] and it[2]["Bcc"] is None for it in postbox.letters)


def test_text_and_html_say_the_same_and_lead_back_to_the_mail(app, session, settings):
    due(app, session)
    postbox = Postbox()
    send_all(app, settings, postbox)

    ((_, _, message),) = postbox.letters
    plain, html = message.iter_parts()
    text, page = plain.get_content(), BeautifulSoup(html.get_content(), "html.parser")
    hrefs = [it["href"] for it in page.find_all("a")]
    for href in (
        "http://localhost/pages/ql-release?from=mail:welcome-1#steps",
        "http://localhost/products/ql-claw?variant=3&from=mail:welcome-1",
        "https://example.org/a?b=1",
        "http://localhost/policies/privacy-policy",
        "mailto:shop@example.org",
    ):
        assert href in hrefs, hrefs
        assert href.removeprefix("mailto:") in text
    assert page.find("img") is page.find("script") is None
    assert page.find("h1").get_text() == "On the QL"
    assert "margin" in page.find("h1")["style"]
    assert "prefers-color-scheme: dark" in page.find("style").get_text()
    for words in ("Unsubscribe", "How to reach us", "because you asked for our mails"):
        assert words in page.get_text()
        assert words in text
    assert "QL Claw" in text
    assert "<script>alert(1)</script>" in text


def test_the_text_reads_as_text():
    html = for_mail(render(BODY), "http://localhost", "mail:welcome-1")

    assert plain_text(html).splitlines() == [
        "LIE DOWN",
        "",
        "Read the tutorial",
        "(http://localhost/pages/ql-release?from=mail:welcome-1#steps) and see the",
        "tool (http://localhost/products/ql-claw?variant=3&from=mail:welcome-1).",
        "",
        "- one, elsewhere (https://example.org/a?b=1)",
        "- two & <script>alert(1)</script>",
        "",
        "1. first",
        "2. second",
        "",
        "> Stop when it hurts.",
        "",
        "Our privacy policy (http://localhost/policies/privacy-policy), and mail",
        "(shop@example.org).",
    ]


@pytest.mark.parametrize(
    "markdown",
    [
        "",
        "| a | b |\n| - | - |\n| 1 | 2 |",
        "- a\n\n  b\n  - c",
        "`x`\n\n    code\n      more",
        "***",
    ],
)
def test_odd_words_are_readable_text_too(markdown):
    words = plain_text(for_mail(render(markdown), "http://localhost", ""))

    assert "<" not in words
    assert not words.startswith("\n")
    if markdown.startswith("|"):
        assert words.splitlines() == ["a | b", "1 | 2"]
    if "code" in markdown:
        assert "code\n  more" in words


def test_an_address_in_other_letters_is_sent_to_in_ascii(app, session, settings):
    due(app, session, email="ada@bücher.example")
    postbox = Postbox()
    send_all(app, settings, postbox)

    ((_, recipients, message),) = postbox.letters
    assert recipients == ["ada@xn--bcher-kva.example"]
    assert message["To"] == "ada@xn--bcher-kva.example"


@pytest.mark.parametrize("knows_utf8", [True, False])
def test_an_address_that_the_server_cannot_write_to_has_bounced(app, session, settings, knows_utf8):
    due(app, session, email="ädä@example.org")
    postbox = Postbox()
    send_all(app, settings, postbox, enable_SMTPUTF8=knows_utf8)

    assert [it[1] for it in postbox.letters] == [["ädä@example.org"]] * knows_utf8
    assert the(session, Subscriber).status == ("confirmed" if knows_utf8 else "bounced")
    assert the(session, Job).done_at is not None


def test_an_address_that_is_refused_for_good_gets_nothing_more(app, session, settings):
    due(app, session)
    again = enrol(session, the(session, Subscriber), make_sequence(session, handle="other"))
    with logged() as lines:
        send_all(app, settings, Postbox({ADA: f"550 5.1.1 <{ADA}> is unknown here"}))

    mail, subscriber = the(session, Mail), the(session, Subscriber)
    assert mail.bounced_at is not None
    assert mail.bounce == "the server refused the recipient: [550]"
    assert mail.sent_at is None
    assert (subscriber.status, subscriber.bounce_count) == ("bounced", 1)
    assert {it.id: it.end_reason for it in fresh(session, Enrolment)}[again.id] == "bounced"
    job = the(session, Job)
    assert (job.done_at is not None, job.error) == (True, "")
    assert ADA not in str(lines)
    assert send_all(app, settings, Postbox()) == 0


@pytest.mark.parametrize(
    "reply", ["450 4.2.1 busy", "451 4.7.1 greylisted", "554 5.7.1 relay access denied"]
)
def test_what_may_pass_is_tried_again(app, session, settings, reply):
    due(app, session)
    send_all(app, settings, Postbox({ADA: reply}))

    assert the(session, Subscriber).status == "confirmed"
    assert the(session, Mail).bounced_at is None
    job = the(session, Job)
    assert (job.done_at, job.attempts) == (None, 1)
    session.execute(update(Job).values(run_at=job.run_at - timedelta(hours=1)))
    postbox = Postbox()
    send_all(app, settings, postbox)
    assert len(postbox.letters) == 1


def test_the_link_that_confirms_is_not_sent_to_an_address_that_bounced(
    app, client, session, settings
):
    make_subscriber(session, status="bounced")
    ask(client)
    postbox = Postbox()
    send_all(app, settings, postbox)

    assert postbox.letters == []
    assert the(session, Job).done_at is not None
