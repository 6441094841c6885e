"""Mail: written with its cause, sent once afterwards, by a real server or into the mailbox."""

from dataclasses import replace
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select, update

from app import create_app
from models import Job, Mail, now
from storefront.jobs import queue
from storefront.jobs.worker import Worker
from storefront.mail.mailer import Mailer
from storefront.mail.message_id import message_id
from tests.browser import visit
from tests.factories import make_variant
from tests.features.observing import logged
from tests.features.postbox import Postbox, free_port, mail_server, postman

REFUSED = {"ada@example.org": "550 5.1.1 <ada@example.org> is unknown here"}


def register(client, email="ada@example.org"):
    page = visit(client, "/account/register")
    sent = page.submit("Create account", name="Ada", email=email, password="a long password")
    assert sent.status == 200


def only_mail(session):
    return session.scalars(select(Mail).execution_options(populate_existing=True)).one()


def only_job(session):
    return session.scalars(select(Job).execution_options(populate_existing=True)).one()


def test_a_mail_is_sent_by_the_server_with_text_and_html(app, client, session, settings):
    postbox, port = Postbox(), free_port()
    register(client)
    with mail_server(postbox, port):
        assert postman(app, settings, port).work_off() == 1

    ((sender, recipients, message),) = postbox.letters
    mail = only_mail(session)
    assert sender == message["From"] == "shop@localhost"
    assert recipients == ["ada@example.org"]
    assert message["To"] == "ada@example.org"
    assert message["Subject"] == "Confirm your account at QL Claw"
    assert message["Message-ID"] == message_id(mail, settings)
    assert message["Date"].datetime == mail.created_at.replace(microsecond=0)
    assert message.get_content_type() == "multipart/alternative"
    plain, html = message.iter_parts()
    assert plain.get_content_type() == "text/plain"
    assert html.get_content_type() == "text/html"
    assert plain.get_content().split() == mail.text.split()
    assert "/account/login?confirm=" in plain.get_content()
    assert "Confirm and sign in" in html.get_content()
    assert mail.sent_at is not None


def test_a_mail_in_the_mailbox_goes_once_though_its_worker_was_killed(
    app, client, session, settings
):
    register(client)
    sessions = app.extensions["sessions"]
    with sessions.write.begin() as writer:
        job = queue.take(writer)
    app.extensions["handlers"]["send-mail"](sessions, job.payload)  # and is killed before the end
    assert only_mail(session).sent_at is None

    session.execute(update(Job).values(lease_until=now() - timedelta(seconds=1)))
    worker = Worker(sessions, app.extensions["handlers"])

    assert worker.work_off() == 1
    assert worker.work_off() == 0
    assert only_job(session).attempts == 2
    assert visit(client, "/dev/mailbox").text.count("Confirm your account") == 1


def test_a_mail_that_a_killed_worker_had_sent_is_sent_again_under_the_same_name(
    app, client, session, settings
):
    """A mail server cannot be asked; the name lets it, or the reader, drop the copy."""
    postbox, port = Postbox(), free_port()
    register(client)
    worker, sessions = postman(app, settings, port), app.extensions["sessions"]
    with mail_server(postbox, port):
        with sessions.write.begin() as writer:
            job = queue.take(writer)
        worker._handlers["send-mail"](sessions, job.payload)  # and is killed before the end
        session.execute(update(Job).values(lease_until=now() - timedelta(seconds=1)))
        assert worker.work_off() == 1
        assert worker.work_off() == 0

    assert len(postbox.letters) == 2
    assert len({message["Message-ID"] for _, _, message in postbox.letters}) == 1


def test_a_mail_that_was_sent_is_not_sent_again_by_a_job_that_comes_again(
    app, client, session, settings
):
    postbox, port = Postbox(), free_port()
    register(client)
    worker = postman(app, settings, port)
    with mail_server(postbox, port):
        worker.work_off()
        first = only_mail(session).sent_at
        session.execute(update(Job).values(done_at=None))
        assert worker.work_off() == 1

    assert len(postbox.letters) == 1
    assert only_mail(session).sent_at == first


def test_while_the_mail_server_is_down_mails_wait_and_the_shop_goes_on(
    app, client, session, settings
):
    postbox, port = Postbox(), free_port()
    register(client)
    worker = postman(app, settings, port)

    before = now()
    assert worker.work_off() == 1

    job = only_job(session)
    assert job.error.startswith("ConnectionRefusedError")
    assert job.run_at > before
    assert (job.done_at, job.lease_until, job.is_dead) == (None, None, False)
    assert only_mail(session).sent_at is None
    client.post("/cart/add", data={"id": make_variant(session).id})
    assert "Cart (1 item" in visit(client, "/cart").html.get_text()

    session.execute(update(Job).values(run_at=now()))
    with mail_server(postbox, port):
        assert worker.work_off() == 1
    assert len(postbox.letters) == 1
    assert only_mail(session).sent_at is not None


def test_an_address_that_the_server_refuses_is_not_written_into_log_or_job(
    app, client, session, settings
):
    postbox, port = Postbox(REFUSED), free_port()
    register(client)
    with mail_server(postbox, port), logged() as lines:
        assert postman(app, settings, port).work_off() == 1

    assert postbox.letters == []
    assert any(line["message"] == "job failed" for line in lines)
    assert only_job(session).error == "MailRefusedError: the server refused the recipient: [550]"
    assert "ada@" not in str(lines)


def test_one_refused_mail_does_not_hold_up_the_others(app, client, session, settings):
    postbox, port = Postbox(REFUSED), free_port()
    register(client, "ada@example.org")
    register(client, "eve@example.org")
    with mail_server(postbox, port):
        assert postman(app, settings, port).work_off() == 2

    assert [recipients for _, recipients, _ in postbox.letters] == [["eve@example.org"]]


def test_no_line_of_a_name_or_subject_becomes_a_header(app, client, session, settings):
    postbox, port = Postbox(), free_port()
    register(client)
    session.execute(update(Mail).values(subject="Hello\r\nBcc: eve@example.org"))
    with mail_server(postbox, port):
        postman(app, settings, port).work_off()

    assert all(recipients == ["ada@example.org"] for _, recipients, _ in postbox.letters)
    assert all(message["Bcc"] is None for _, _, message in postbox.letters)


def test_production_without_a_mail_server_keeps_the_mails(app, client, session, settings):
    register(client)
    mailer = Mailer(replace(settings, is_production=True, mail_url=None))

    assert Worker(app.extensions["sessions"], {"send-mail": mailer.send}).work_off() == 1

    assert only_job(session).error == "MailNotConfiguredError: MAIL_URL is not set"
    assert only_mail(session).sent_at is None


def test_the_mailbox_lists_the_newest_first_by_recipient_and_subject(client, session, worker):
    assert "No mail yet." in visit(client, "/dev/mailbox").text
    for name in ("ada", "eve", "joy"):
        register(client, f"{name}@example.org")
    assert "No mail yet." in visit(client, "/dev/mailbox").text
    worker.work_off()

    page = visit(client, "/dev/mailbox")

    assert page.heading == "Mailbox"
    shown = [" ".join(item.get_text(" ").split()) for item in page.main.select(".result")]
    assert [item.split(" To ")[1].split()[0] for item in shown] == [
        *("joy@example.org", "eve@example.org", "ada@example.org")
    ]
    assert all(item.startswith("Confirm your account at QL Claw To ") for item in shown)


def test_a_mail_in_the_mailbox_shows_its_text_and_its_html_apart(client, session, worker):
    register(client)
    worker.work_off()

    page = visit(client, "/dev/mailbox").follow("Confirm your account")
    alone = client.get(page.link("Open it alone"))

    assert page.heading == "Confirm your account at QL Claw"
    assert "The link works for three days." in page.main.find("pre").get_text()
    assert page.main.find("iframe").has_attr("sandbox")
    assert "sandbox" in alone.headers["Content-Security-Policy"]
    assert "script-src" not in alone.headers["Content-Security-Policy"]
    assert "Confirm and sign in" in alone.text
    assert client.get("/dev/mailbox/999999").status_code == 404


def test_a_mail_that_was_not_sent_is_not_in_the_mailbox(client, session):
    register(client)

    assert client.get(f"/dev/mailbox/{only_mail(session).id}").status_code == 404


def test_production_has_no_mailbox(settings):
    app = create_app(replace(settings, is_production=True))

    assert app.test_client().get("/dev/mailbox").status_code == 404
    assert not [rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/dev")]
    app.extensions["sessions"].engine.dispose()


def test_what_is_told_twice_is_mailed_once(app, session):
    letters, sessions = app.extensions["letters"], app.extensions["sessions"]
    for _ in range(2):
        with sessions.write.begin() as writer:
            letters.confirm_account(writer, "ada@example.org", "http://localhost/x", "same")

    assert session.scalar(select(func.count(Mail.id))) == 1
    assert session.scalar(select(func.count(Job.id))) == 1


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "Ada & Eve"])
def test_what_people_typed_is_text_in_a_mails_html(app, session, name):
    letters, sessions = app.extensions["letters"], app.extensions["sessions"]
    with sessions.write.begin() as writer:
        letters.confirm_account(writer, "ada@example.org", f"http://localhost/{name}", "key")

    mail = only_mail(session)
    html = BeautifulSoup(mail.html, "html.parser")
    assert name in mail.text
    assert name in html.get_text()
    assert html.find("script") is None
