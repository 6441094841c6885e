"""What staff say of an order, and what is known of it, in one place; mails that go once more."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models import Job, Mail, Order, OrderEvent, OrderTag, Role, now
from tests.browser import visit
from tests.factories import make_paid_order
from tests.features.test_staff_parcels import ship
from tests.staff import sign_in

ORIGIN = {"Origin": "http://localhost"}


def entries(page):
    found = page.main.find(id="history").parent.find_all("li")
    return [" ".join(it.find("p").get_text(" ").split()) for it in found]


def page_of(client, order):
    return visit(client, f"/staff/orders/{order.number}")


def mails_of(session):
    found = session.execute(select(Mail.key, Mail.recipient, Mail.text).order_by(Mail.id)).all()
    session.rollback()
    return [tuple(it) for it in found]


def test_everything_stands_in_one_list_in_its_order(client, session, worker):
    person = sign_in(client, session)
    order = make_paid_order(session)
    page_of(client, order).submit("Add note", note="Wants it <b>wrapped</b>\nin paper 🎁")
    ship(client, order, "T1", carrier="UPS")
    worker.work_off()

    page = page_of(client, order)

    found = entries(page)
    assert sorted(found[:2]) == ["Attempt 1 to pay $89.00, paid by now.", "Paid by Stripe"]
    assert found[2:] == [
        f"Note by {person.email} Wants it <b>wrapped</b> in paper 🎁",
        f"Shipped by {person.email} UPS T1",
        f"Mail sent Order {order.number} is on its way.",
    ]


def test_a_wrong_address_is_corrected_and_the_mail_goes_there(client, session, worker):
    sign_in(client, session, Role.MANAGER)
    order = make_paid_order(session)
    ship(client, order)
    worker.work_off()
    page = page_of(client, order)
    stale = page_of(client, order)

    for wrong in ("", "nobody", "a@b@c", "x" * 100_000, "a\0@example.org"):
        refused = page.submit("Save the address", email=wrong)
        assert (refused.status, len(refused.errors())) == (422, 1), wrong
    page = page.submit("Save the address", email=" Right@Example.org ")
    assert f"Mails about {order.number} go to right@example.org now." in page.text
    page = page.submit("Send again")
    assert [mail[1] for mail in mails_of(session)] == ["buyer@example.com", "right@example.org"]
    notes = session.scalars(select(OrderEvent.note).filter_by(kind="edited")).all()
    assert notes == ["The email address is corrected."]
    session.rollback()

    late = stale.submit("Save the address", email="other@example.org")
    assert (late.status, late.errors()) == (
        409,
        ["It is right@example.org by now. Nothing was changed."],
    )
    assert session.scalars(select(Order.email)).one() == "right@example.org"
    session.rollback()
    assert client.post(f"/staff/orders/{order.number}/email", headers=ORIGIN).status_code == 422


def test_a_mail_that_failed_says_why_in_words_and_leads_to_its_own_page(client, session):
    sign_in(client, session, Role.MANAGER)
    order = make_paid_order(session)
    ship(client, order)
    error = "MailRefusedError: the server refused the recipient: [550]"
    session.execute(update(Job).where(Job.kind == "send-mail").values(is_dead=True, error=error))
    session.commit()

    page = page_of(client, order)
    words = "The server refused the recipient: [550]. Look whether the address is right."
    assert page.text.count(words) == 2
    page = page.follow(f"Order {order.number} is on its way")
    assert "If the address is wrong, correct it on the order's page" in page.text
    with_new = page_of(client, order).submit("Save the address", email="right@example.org")
    page = with_new.follow(f"Order {order.number} is on its way")
    page = page.submit("Send again to right@example.org")
    assert [mail[1] for mail in mails_of(session)] == ["buyer@example.com", "right@example.org"]


@pytest.mark.parametrize("text", ["", "  ", "ab", "x" * 2001, "a\0bc", "x" * 100_000])
def test_a_note_that_is_none_is_refused(client, session, text):
    sign_in(client, session)
    order = make_paid_order(session)

    page = page_of(client, order).submit("Add note", note=text)

    assert page.status == 422
    assert len(page.errors()) == 1
    assert session.scalars(select(OrderEvent.kind)).all() == ["paid"]


def test_a_note_is_struck_out_by_who_wrote_it_alone(app, client, session):
    sign_in(client, session, Role.SUPPORT)
    order = make_paid_order(session)
    page = page_of(client, order).submit("Add note", note="A mistake")
    other = app.test_client()
    sign_in(other, session, Role.FULFILMENT)
    note_id = session.scalars(select(OrderEvent.id).filter_by(kind="note")).one()
    session.rollback()

    assert "Strike this note out" not in page_of(other, order).text
    address = f"/staff/orders/{order.number}/notes/{note_id}/removal"
    assert other.post(address, headers=ORIGIN).status_code == 409
    struck = page.submit("Strike this note out")
    again = client.post(address, headers=ORIGIN)

    assert struck.main.find("s").get_text() == "A mistake"
    assert again.status_code == 409
    assert session.scalars(select(OrderEvent.note).filter_by(kind="note removed")).all() == [
        "A mistake"
    ]


def test_tags_are_those_that_were_typed(client, session):
    sign_in(client, session, Role.FULFILMENT)
    order = make_paid_order(session)

    def tags():
        found = session.scalars(select(OrderTag.tag).order_by(OrderTag.tag)).all()
        session.rollback()
        return found

    page = page_of(client, order).submit("Save tags", tags="VIP, Gift wrap,vip")
    assert tags() == ["gift wrap", "vip"]
    assert page.link("vip") == "/staff/orders?tag=vip"
    wrong = page.submit("Save tags", tags="y" * 41)
    assert (wrong.status, wrong.main.find(id="tags")["value"]) == (422, "y" * 41)
    assert tags() == ["gift wrap", "vip"]
    page.submit("Save tags", tags="")
    assert tags() == []


def test_a_mail_goes_again_to_the_address_that_the_order_has_now(client, session, worker):
    person = sign_in(client, session, Role.SUPPORT)
    order = make_paid_order(session)
    mail = Mail(key="order_paid:x", recipient="old@example.com", subject="Paid", text="a", html="b")
    mail.order_id, mail.sent_at = order.id, now() - timedelta(days=1)
    session.add(mail)
    session.commit()

    page = page_of(client, order).submit("Send again")

    assert "“Paid” goes to buyer@example.com once more." in page.text
    assert mails_of(session) == [
        ("order_paid:x", "old@example.com", "a"),
        ("order_paid:x#again-1", "buyer@example.com", "a"),
    ]
    assert f"Mail again by {person.email} Paid" in entries(page)
    waits = page.submit("Send again")
    assert (waits.status, len(mails_of(session))) == (409, 2)
    assert "still waits to be sent" in waits.text
    for _ in range(4):
        worker.work_off()
        page_of(client, order).submit("Send again")
    worker.work_off()
    enough = page_of(client, order).submit("Send again")
    assert enough.status == 409
    assert "This mail went 6 times already" in enough.text
    assert len(mails_of(session)) == 6


def test_a_mail_that_failed_says_so_and_can_go_again(client, session):
    sign_in(client, session)
    order = make_paid_order(session)
    ship(client, order)
    session.execute(update(Job).values(is_dead=True, error="MailRefusedError: 550"))
    session.commit()

    page = page_of(client, order)

    assert "failed. 550. Look whether the address is right." in page.text
    assert page.submit("Send again").status == 200
    assert len(mails_of(session)) == 2


def test_a_mail_of_another_order_does_not_go_again(client, session):
    sign_in(client, session)
    order, other = make_paid_order(session), make_paid_order(session)
    ship(client, order)
    mail_id = session.scalars(select(Mail.id)).one()
    session.rollback()

    for wrong in (mail_id, 2**63):
        address = f"/staff/orders/{other.number}/mails/{wrong}/again"
        assert client.post(address, headers=ORIGIN).status_code == 404
    assert len(mails_of(session)) == 1


def test_an_order_leads_to_the_one_before_and_the_one_after_it(client, session):
    sign_in(client, session)
    first, second, third = (make_paid_order(session) for _ in range(3))

    page = page_of(client, second)

    assert page.link("Order before it") == f"/staff/orders/{first.number}"
    assert page.link("Order after it") == f"/staff/orders/{third.number}"
