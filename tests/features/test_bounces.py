"""Mails that come back later: what an MTA pipes into the shop."""

import io

import pytest

from models import Mail, Subscriber
from storefront.mail.message_id import message_id
from tests.features.newsletter import ADA, fresh, make_subscriber, the

REPORT = """From: MAILER-DAEMON@mx.example.org
To: shop@localhost
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="BOUNDARY"

--BOUNDARY
Content-Type: text/plain

I am sorry.

--BOUNDARY
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.org
Arrival-Date: Thu, 26 Nov 2026 20:00:00 +0000

Final-Recipient: rfc822; ada@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <ada@example.org> unknown

--BOUNDARY
Content-Type: {kind}

From: shop@localhost
To: ada@example.org
Subject: On the QL
Message-ID: {message_id}

The words.

--BOUNDARY--
"""

NESTED = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(2000))


def mail_to(session, subscriber=None, key="a", recipient=ADA):
    mail = Mail(key=key, recipient=recipient, subject="On the QL", text="x", html="x")
    mail.subscriber_id = subscriber.id if subscriber else None
    session.add(mail)
    session.flush()
    return mail


def report_on(mail, settings, action="failed", status="5.1.1", kind="message/rfc822"):
    return REPORT.format(
        action=action, status=status, kind=kind, message_id=message_id(mail, settings)
    )


def pipe(app, raw):
    raw = raw if isinstance(raw, bytes) else raw.encode()
    return app.test_cli_runner().invoke(args=["bounce"], input=io.BytesIO(raw))


@pytest.mark.parametrize("kind", ["message/rfc822", "text/rfc822-headers"])
def test_one_permanent_failure_ends_all_mails(app, session, settings, kind):
    mail = mail_to(session, make_subscriber(session))

    done = pipe(app, report_on(mail, settings, kind=kind))

    assert (done.exit_code, done.output) == (0, f"Mail {mail.id}: marked.\n")
    mail, subscriber = the(session, Mail), the(session, Subscriber)
    assert (mail.bounce, mail.bounced_at is not None) == ("came back: 5.1.1", True)
    assert (subscriber.status, subscriber.bounce_count) == ("bounced", 1)
    assert subscriber.bounced_at is not None


def test_the_same_report_counts_once(app, session, settings):
    mail = mail_to(session, make_subscriber(session))
    report = report_on(mail, settings, status="4.2.2")
    for _ in range(5):
        assert pipe(app, report).exit_code == 0

    assert (the(session, Subscriber).status, the(session, Subscriber).bounce_count) == (
        "confirmed",
        1,
    )


def test_three_temporary_failures_end_all_mails(app, session, settings):
    subscriber = make_subscriber(session)
    for n, status in enumerate(("confirmed", "confirmed", "bounced")):
        mail = mail_to(session, subscriber, key=f"m{n}")
        pipe(app, report_on(mail, settings, status="4.2.2"))
        assert the(session, Subscriber).status == status

    assert the(session, Subscriber).bounce_count == 3


def test_a_mail_about_an_order_that_comes_back_is_marked_too(app, session, settings):
    make_subscriber(session)
    mail = mail_to(session)

    assert pipe(app, report_on(mail, settings)).exit_code == 0

    assert the(session, Mail).bounced_at is not None
    assert the(session, Subscriber).status == "bounced"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda text: "", "this is no delivery report"),
        (lambda text: "Hello", "this is no delivery report"),
        (lambda text: text.replace("message/delivery-status", "text/plain"), "no delivery report"),
        (lambda text: text.replace("Action: failed", "Action: delayed"), "has not failed: delayed"),
        (lambda text: text.replace("Action: failed\n", ""), "has not failed: nothing is said"),
        (lambda text: text.replace("<mail-", "<else-"), "the report names no mail of this shop"),
        (lambda text: text.replace("@localhost>", "@x>").replace("<mail-1", "<mail-2"), "no mail"),
        (lambda text: text + "x" * 2**21, "larger than two megabytes"),
        (lambda text: b"\xff\x00\xfe" * 1000, "this is no delivery report"),
        (lambda text: NESTED + text, "its parts lie too deep in one another"),
    ],
)
def test_what_says_nothing_of_a_mail_is_refused_with_words(app, session, settings, change, words):
    mail = mail_to(session, make_subscriber(session))

    done = pipe(app, change(report_on(mail, settings)))

    assert done.exit_code == 1
    assert words in done.output
    assert "Traceback" not in done.output
    assert the(session, Mail).bounced_at is None
    assert the(session, Subscriber).status == "confirmed"


def test_a_forged_name_of_a_mail_marks_nothing(app, session, settings):
    mine = mail_to(session, make_subscriber(session))
    eve = mail_to(session, make_subscriber(session, "eve@example.org"), "b", "eve@example.org")
    report = report_on(mine, settings).replace(f"<mail-{mine.id}.", f"<mail-{eve.id}.")

    assert pipe(app, report).exit_code == 1
    assert [it.bounced_at for it in fresh(session, Mail)] == [None, None]


def test_a_status_that_is_none_is_a_failure_for_good(app, session, settings):
    mail = mail_to(session, make_subscriber(session))

    assert pipe(app, report_on(mail, settings, status="<b>odd</b>")).exit_code == 0
    assert the(session, Mail).bounce == "came back: 5.0.0"
