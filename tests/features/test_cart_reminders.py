"""A cart left behind: reminded of where it was asked for, twice at most, gone in a click."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models import Cart, CartLine, CartReminder, Customer, Job, Mail, MailStop, Order, now
from storefront.jobs import queue
from tests.browser import visit
from tests.factories import (
    PASSWORD,
    make_customer,
    make_paid_order,
    make_product,
    make_variant,
)
from tests.features.newsletter import fresh
from tests.features.test_checkout import check_out, come_back, fill_cart
from tests.stripe import pay

ADA = "ada@example.org"
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10, sku="TOOL-RED")


def ask(client, email=ADA, **typed):
    page = visit(client, "/cart").follow("Remind me of this cart by mail")
    return page.submit("Remind me", email=email, **({"wants": "y"} | typed))


def path_in(session, template, purpose):
    mail = [it for it in fresh(session, Mail) if it.template == template][-1]
    (path,) = re.findall(rf"http://localhost(/cart-reminders/{purpose}/\S+)", mail.text)
    return path


def confirmed(client, session):
    fill_cart(client)
    assert ask(client).heading == "Check your mail"
    path = path_in(session, "cart_reminder_confirm", "confirm")
    assert visit(client, path).submit("Confirm").heading == "We remind you"


def let_pass(session, **time):
    """Let time pass since the cart was touched and the last mail went."""
    for column in (Cart.updated_at, CartReminder.sent_at):
        values = {column: now() - timedelta(**time)}
        session.execute(update(column.class_).where(column.is_not(None)).values(values))


def round_of(app, worker):
    with app.extensions["sessions"].write.begin() as session:
        queue.enqueue(session, "remind-of-carts", f"remind-of-carts:{now().timestamp()}", {})
    worker.work_off()


def reminders(session):
    return [it for it in fresh(session, Mail) if it.template == "cart_reminder"]


def test_who_confirmed_gets_two_mails_at_most_each_at_its_time(
    app, client, session, worker, variant
):
    confirmed(client, session)
    for time, count in (
        ({"hours": 1}, 0),
        ({"hours": 25}, 1),
        ({"hours": 26}, 1),
        ({"hours": 80}, 2),
        ({"days": 20}, 2),
    ):
        let_pass(session, **time)
        round_of(app, worker)
        assert len(reminders(session)) == count, time

    first, second = reminders(session)
    assert first.recipient == second.recipient == ADA
    assert first.sent_at is not None
    assert "1 × The tool, Red" in first.text
    assert "At most one more mail" in first.text
    assert "This was the last mail" in second.text
    assert first.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_without_a_confirmed_yes_nothing_is_ever_sent(app, client, session, worker, variant):
    fill_cart(client)
    page = ask(client, wants="")
    assert (page.status, page.errors()) == (
        422,
        ["Check this box first: without your yes we send nothing."],
    )
    assert 'value="ada@example.org"' in str(page.main)
    assert fresh(session, CartReminder) == fresh(session, Mail) == []
    assert "checked" not in str(visit(client, "/cart-reminders").main.find(id="wants"))

    ask(client)
    let_pass(session, days=2)
    round_of(app, worker)
    assert reminders(session) == []


def test_the_link_leads_another_browser_back_to_that_cart_with_what_it_has(
    app, client, session, worker, variant
):
    confirmed(client, session)
    let_pass(session, hours=25)
    round_of(app, worker)
    path = path_in(session, "cart_reminder", "open")
    phone = app.test_client()
    fill_cart(phone, 2)

    button = visit(phone, path)
    assert "Set-Cookie" not in button.response.headers
    page = button.submit("Open my cart")
    assert page.heading == "Cart"
    units = (
        select(CartLine.quantity)
        .join(Cart)
        .where(Cart.id == fresh(session, CartReminder)[0].cart_id)
    )
    assert session.scalars(units).all() == [3]
    assert "Your cart is empty" in visit(client, "/cart").text
    for wrong in (path[:-2] + "AA", path.replace("/open/", "/stop/"), "/cart-reminders/open/x"):
        assert phone.post(wrong, headers={"Origin": "http://localhost"}).status_code == 404


def test_one_click_stops_all_and_nothing_that_was_written_goes(
    app, client, session, worker, variant
):
    confirmed(client, session)
    let_pass(session, hours=25)
    round_of(app, worker)
    path = path_in(session, "cart_reminder", "stop")
    for _ in range(2):
        assert app.test_client().post(path, data=ONE_CLICK).status_code == 200

    let_pass(session, days=10)
    round_of(app, worker)
    assert len(reminders(session)) == 1
    (stop,) = session.scalars(select(MailStop)).all()
    assert (stop.email, stop.kind.value) == (ADA, "cart reminder")
    ask(client)  # anew: her yes counts again
    visit(client, path_in(session, "cart_reminder_confirm", "confirm")).submit("Confirm")
    let_pass(session, days=10)
    round_of(app, worker)
    assert len(reminders(session)) == 2


@pytest.mark.parametrize("how", ["emptied", "bought", "bought elsewhere", "waits to be paid"])
def test_a_cart_that_is_over_is_not_reminded_of(app, client, session, worker, variant, how):
    confirmed(client, session)
    if how == "emptied":
        client.post("/cart/clear", headers={"Origin": "http://localhost"})
    elif how == "bought elsewhere":
        make_paid_order(session, email=ADA)
    else:
        url = check_out(client)
        if how == "bought":
            come_back(client, pay(url))
            fill_cart(client)  # what comes afterwards was not asked about
    let_pass(session, hours=25)
    round_of(app, worker)

    assert reminders(session) == []


def test_what_is_put_in_after_a_purchase_is_asked_about_anew(app, client, session, worker, variant):
    confirmed(client, session)
    come_back(client, pay(check_out(client)))
    confirmed(client, session)
    let_pass(session, hours=25)
    session.execute(update(Order).values(paid_at=now() - timedelta(hours=30)))
    round_of(app, worker)

    assert len(reminders(session)) == 1


def test_a_customer_who_agreed_in_her_account_is_reminded_and_one_click_takes_it_back(
    app, client, session, worker, variant
):
    customer = make_customer(session)
    visit(client, "/account/login").submit("Sign in", email=customer.email, password=PASSWORD)
    fill_cart(client)
    assert visit(client, "/cart").follow("Remind me of this cart by mail").url.endswith("/mails")
    let_pass(session, hours=25)
    round_of(app, worker)
    assert reminders(session) == []

    session.execute(update(Customer).values(reminders_since=now()))
    for _ in range(5):
        round_of(app, worker)
        let_pass(session, days=4)
    first, second = reminders(session)
    assert first.recipient == second.recipient == customer.email
    stranger = app.test_client()
    path = path_in(session, "cart_reminder", "open")
    page = visit(stranger, path).submit("Open my cart")
    assert page.heading == "Sign in"
    assert visit(client, path).submit("Open my cart").heading == "Cart"

    stranger.post(path_in(session, "cart_reminder", "stop"), data=ONE_CLICK)
    assert session.scalar(select(Customer.reminders_since)) is None
    session.execute(update(CartReminder).values(sent=0, sent_at=None, stopped_at=None))
    round_of(app, worker)
    assert len(reminders(session)) == 2


def test_a_mail_that_waits_while_she_buys_does_not_go(app, client, session, worker, variant):
    confirmed(client, session)
    let_pass(session, hours=25)
    with app.extensions["sessions"].write.begin() as writer:
        app.extensions["handlers"]["remind-of-carts"](app.extensions["sessions"], {})(writer)
    come_back(client, pay(check_out(client)))
    worker.work_off()

    (mail,) = reminders(session)
    assert mail.sent_at is None
    assert all(it.done_at for it in fresh(session, Job) if it.key == f"send-mail:{mail.id}")


def test_an_empty_cart_asks_nothing_and_a_second_address_takes_the_place_of_the_first(
    client, session, variant
):
    assert visit(client, "/cart-reminders").heading == "Your cart is empty"
    headers = {"Origin": "http://localhost"}
    data = {"email": ADA, "wants": "y"}
    assert client.post("/cart-reminders", data=data, headers=headers).status_code == 422
    confirmed(client, session)
    old = fresh(session, CartReminder)[0].key
    ask(client, "bob@example.org")
    (row,) = fresh(session, CartReminder)
    assert (row.email, row.confirmed_at, row.key != old) == ("bob@example.org", None, True)
