"""The outbox: which mails wait, went, failed or came back, and why; and to send one again."""

import pytest
from sqlalchemy import select, update

from models import Job, Mail, Role, now
from storefront.mail.outbox import Letter, post
from tests.browser import visit
from tests.factories import make_article, make_blog, make_paid_order
from tests.features.postbox import Postbox, send_all
from tests.staff import counted_statements, rows, sign_in

INDEX = "/staff/mails"
URL = "https://shop.example/secret"


def letter(key, template="account_exists", recipient="ada@example.org", **over):
    context = {"shop_name": "QL", "site_url": "https://shop.example", "url": URL}
    return Letter(key, recipient, template, context, **over)


def put(app, *letters):
    """Write letters into the outbox, in one transaction as the shop does."""
    with app.extensions["sessions"].write.begin() as writing:
        for it in letters:
            post(writing, it)


def write(app, session, key, *, dead="", sent=False, back="", **over):
    """Write a mail, and say how far it came."""
    put(app, letter(key, **over))
    mail = session.scalars(select(Mail).filter_by(key=key)).one()
    job = session.scalars(select(Job).filter_by(key=f"send-mail:{mail.id}")).one()
    if dead:
        job.is_dead, job.attempts, job.error = True, 12, dead
    if sent or back:
        mail.sent_at = job.done_at = now()
    if back:
        mail.bounced_at, mail.bounce = now(), back
    session.commit()
    return mail.id


def books(session):
    session.rollback()
    mails = session.execute(select(Mail.key, Mail.recipient, Mail.sent_at).order_by(Mail.id)).all()
    jobs = session.execute(select(Job.key, Job.is_dead, Job.attempts).order_by(Job.id)).all()
    session.rollback()
    return mails, jobs


@pytest.fixture(autouse=True)
def _support(client, session):
    sign_in(client, session, Role.SUPPORT)


def test_mails_are_found_by_state_kind_recipient_order_and_words(app, client, session):
    order = make_paid_order(session)
    write(app, session, "a", sent=True, order_id=order.id)
    write(app, session, "b", recipient="eve@example.org")
    write(
        app, session, "c", dead="ConnectionRefusedError: [Errno 111]", template="newsletter_already"
    )
    write(app, session, "d", back="came back: 5.1.1")

    def listed(query):
        return [row[1:4] for row in rows(visit(client, INDEX + query))]

    unreachable = "Failed The mail server could not be reached."
    assert [row[:2] for row in listed("")] == [
        ["Came back came back: 5.1.1", "ada@example.org"],
        [listed("?state=failed")[0][0], "ada@example.org"],
        ["Waiting", "eve@example.org"],
        ["Sent", "ada@example.org"],
    ]
    assert listed("?state=failed")[0][0].startswith(unreachable)
    assert len(listed("?state=waiting")) == len(listed("?to=EVE@example.org")) == 1
    assert listed("?kind=newsletter_already") == listed("?state=failed")
    assert listed(f"?order={order.number.lower()}") == listed("?state=sent")
    assert listed(f"?q={order.number[3:]}") == listed("?state=sent")
    assert listed("?q=EVE@") == listed("?state=waiting")
    assert listed("?sort=to")[-1][1] == "eve@example.org"
    page = visit(client, INDEX)
    for chip in ("Waiting (1)", "Failed (1)", "Came back (1)"):
        assert chip in page.text
    assert "No mail is like that." in visit(client, f"{INDEX}?q=%25_").text
    for strange in ("?state=lost", "?sort=html", "?page=0"):
        assert visit(client, INDEX + strange).status == 404
    for odd in ("?to=%00", "?order=" + "9" * 300, "?kind=%ED%A0%80&to=%00"):
        assert visit(client, INDEX + odd).status == 422


def test_a_mail_is_shown_with_its_tries_and_its_html_cannot_run(app, client, session):
    mail_id = write(
        app, session, "a", dead="MailRefusedError: the server refused the recipient: [550]"
    )

    page = visit(client, f"{INDEX}/{mail_id}")
    assert (
        "The server refused the recipient: [550]. Look whether the address is right." in page.text
    )
    assert "Tries 12" in page.text
    assert URL in page.text
    frame = page.html.find("iframe")
    assert frame["sandbox"] == []
    shown = client.get(frame["src"])
    assert "default-src 'none'" in shown.headers["Content-Security-Policy"]
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert "script" not in shown.headers["Content-Security-Policy"]
    for odd in ("0", "99999999999999999999", "x", "%00"):
        assert visit(client, f"{INDEX}/{odd}").status == 404


@pytest.mark.parametrize("template", ["account_confirm", "newsletter_confirm", "staff_invitation"])
def test_a_link_that_opens_a_door_is_not_shown(app, client, session, template):
    put(app, Letter("a", "a@example.org", template, letter("a").context | {"role": "owner"}))
    mail_id = session.scalars(select(Mail.id)).one()

    page = visit(client, f"{INDEX}/{mail_id}")

    assert "What it says is not shown" in page.text
    assert URL not in str(page.html)
    assert client.get(f"{INDEX}/{mail_id}/html").status_code == 404


def test_a_mail_that_was_given_up_is_tried_again_and_goes(app, client, session, settings):
    mail_id = write(app, session, "a", dead="TimeoutError: timed out")
    page = visit(client, f"{INDEX}/{mail_id}")

    again = page.submit("Try again")
    assert "It is tried again now." in again.text
    before = books(session)
    assert page.submit("Try again").status == 409
    assert books(session) == before

    postbox = Postbox()
    send_all(app, settings, postbox)
    assert [to for _, to, _ in postbox.letters] == [["ada@example.org"]]
    assert "Sent" in visit(client, f"{INDEX}/{mail_id}").text


def test_a_mail_is_sent_again_to_the_address_its_order_has_now_but_not_for_ever(
    app, client, session
):
    order = make_paid_order(session, email="new@example.org")
    mail_id = write(app, session, "a", sent=True, order_id=order.id)
    page = visit(client, f"{INDEX}/{mail_id}")

    assert "goes to new@example.org once more" in page.submit("Send again to new@example.org").text
    mails, _ = books(session)
    assert [(key, to) for key, to, _ in mails] == [
        ("a", "ada@example.org"),
        ("a#again-1", "new@example.org"),
    ]
    assert "Mail again" in visit(client, f"/staff/orders/{order.number}").text
    before = books(session)
    refused = page.submit("Send again to new@example.org")
    assert refused.status == 409
    assert "still waits" in refused.text
    assert books(session) == before


def test_a_mail_whose_words_were_erased_says_so_and_goes_no_more(app, client, session):
    mail_id = write(app, session, "a", sent=True)
    mail = session.get_one(Mail, mail_id)
    mail.text = mail.html = mail.recipient = ""
    session.commit()

    page = visit(client, f"{INDEX}/{mail_id}")
    assert "Its words were erased" in page.text
    before = books(session)
    answer = client.post(f"{INDEX}/{mail_id}/again", headers={"Origin": "http://localhost"})
    assert answer.status_code == 409
    assert books(session) == before


def test_many_mails_ask_as_often_as_few(app, client, session):
    write(app, session, "a")
    visit(client, INDEX)
    with counted_statements(app) as few:
        visit(client, INDEX)
    for number in range(60):
        write(app, session, f"many-{number}", dead="TimeoutError: x" if number % 2 else "")
    with counted_statements(app) as many:
        assert len(rows(visit(client, INDEX))) == 50

    assert len(many) == len(few)


def test_the_tile_of_failed_mails_leads_to_them(app, client, session):
    write(app, session, "a", dead="TimeoutError: timed out")

    assert len(rows(visit(client, "/staff").follow("mail did not arrive"))) == 1


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\u2028", "\x85"])
def test_the_end_of_a_line_in_a_title_writes_no_header_and_holds_no_mail_up(
    app, session, settings, end
):
    editor = app.test_client()
    sign_in(editor, session)
    article = make_article(session, blog=make_blog(session), handle="ql")
    typed = f"The QL{end}Bcc: eve@example.com"
    visit(editor, "/staff/articles/ql").submit("Save", title=typed)
    write(app, session, "hostile")
    session.execute(update(Mail).values(subject=typed))
    postbox = Postbox()

    send_all(app, settings, postbox)

    session.refresh(article)
    assert article.title == "The QL Bcc: eve@example.com"
    ((_, recipients, message),) = postbox.letters
    assert message["Subject"] == "The QL Bcc: eve@example.com"
    assert (message["Bcc"], recipients) == (None, ["ada@example.org"])
