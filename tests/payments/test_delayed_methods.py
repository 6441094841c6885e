"""Methods whose money comes days later: nothing ships before it is here."""

import pytest
from sqlalchemy import func, select

from models import Order, OrderStatus, PaymentStatus
from storefront.verify import problems
from tests.browser import visit
from tests.features.test_checkout import come_back, fill_cart, pay_by_bank, stock_of, the_order
from tests.payments.steps import (
    at_once,
    events_about,
    hurry,
    mails,
    order,
    order_page,
    payment,
    reconcile,
    return_to,
    told,
)
from tests.staff import sign_in
from tests.stripe import deliver, pay

COMPLETED = "checkout.session.completed"
SUCCEEDED, FAILED = (
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
)


@pytest.fixture
def awaited(client, stand_in, variant):
    """The payment page of an order whose bank has been asked for the money."""
    url = order(client, quantity=2)
    pay_by_bank(url, succeeds=True)
    assert told(client, stand_in, url, COMPLETED) == [200]
    return url


def test_completed_but_unpaid_sells_nothing_and_cannot_be_shipped(
    app, client, session, variant, awaited
):
    found = the_order(session)
    assert (found.status, found.paid_at) == (OrderStatus.PROCESSING, None)
    assert stock_of(session, variant) == (10, 2)
    assert payment(session).captured_minor == 0
    assert mails(session) == ["order_processing"]
    desk = app.test_client()
    sign_in(desk, session)
    page = visit(desk, f"/staff/orders/{found.number}")
    buttons = [" ".join(it.get_text().split()) for it in page.main.find_all("button")]
    assert page.status == 200
    assert "Mark as shipped" not in buttons


def test_the_end_of_the_hold_does_not_touch_an_order_whose_money_is_on_its_way(
    client, session, worker, variant, awaited
):
    hurry(session, "expire-order")

    worker.work_off()

    assert the_order(session).status is OrderStatus.PROCESSING
    assert stock_of(session, variant) == (10, 2)


def test_money_that_comes_days_later_moves_the_order_on_once(
    app, client, session, stand_in, worker, variant, awaited
):
    stand_in.advance(3 * 24 * 3600)
    (event,) = events_about(stand_in, awaited, SUCCEEDED)
    copies = [{**event, "id": f"evt_copy_{number}"} for number in range(4)]

    at_once(*[lambda it=it: deliver(app.test_client(), it).status_code for it in copies])
    reconcile(app, session, worker)

    assert the_order(session).status is OrderStatus.PAID
    assert stock_of(session, variant) == (8, 0)
    assert mails(session) == ["order_processing", "order_paid"]
    assert problems(session) == []


def test_a_bank_that_does_not_pay_ends_the_order_and_says_so_once(
    client, session, stand_in, variant
):
    url = order(client, quantity=2)
    pay_by_bank(url, succeeds=False)
    told(client, stand_in, url, COMPLETED)
    stand_in.advance(11)

    for _ in range(2):
        told(client, stand_in, url, FAILED)
        told(client, stand_in, url, COMPLETED)
        return_to(client, url)

    assert the_order(session).status is OrderStatus.CANCELLED
    assert payment(session).status is PaymentStatus.FAILED
    assert stock_of(session, variant) == (10, 0)
    assert mails(session) == ["order_processing", "order_failed"]
    assert "Nothing was charged." in order_page(client, session)
    assert problems(session) == []


@pytest.mark.parametrize(
    ("succeeds", "last", "status", "stock"),
    [
        (True, SUCCEEDED, OrderStatus.PAID, (8, 0)),
        (False, FAILED, OrderStatus.CANCELLED, (10, 0)),
    ],
)
def test_events_of_a_delayed_method_in_another_order_end_alike(
    client, session, stand_in, variant, succeeds, last, status, stock
):
    url = order(client, quantity=2)
    pay_by_bank(url, succeeds=succeeds)
    stand_in.advance(11)

    told(client, stand_in, url, last)
    told(client, stand_in, url, COMPLETED)

    assert (the_order(session).status, stock_of(session, variant)) == (status, stock)
    assert mails(session) == ["order_paid" if succeeds else "order_failed"]


def test_a_payment_on_its_way_makes_no_second_order_and_keeps_its_number(
    client, session, stand_in, variant, awaited
):
    number = the_order(session).number
    return_to(client, awaited)
    fill_cart(client)
    visit(client, f"/orders/{number}?token={the_order(session).token}")

    assert session.scalar(select(func.count(Order.id))) == 1
    assert the_order(session).number == number


def test_a_new_cart_after_it_is_an_order_of_its_own(client, session, stand_in, variant, awaited):
    page = come_back(client, pay(order(client)))

    assert "Your payment has arrived" in page.text
    statuses = session.scalars(select(Order.status).order_by(Order.id)).all()
    assert statuses == [OrderStatus.PROCESSING, OrderStatus.PAID]
    assert stock_of(session, variant) == (9, 2)


@pytest.mark.parametrize("card", [None, "4000000000000002", "4000002500003155"])
def test_the_return_address_of_a_page_that_was_not_paid_sells_nothing(
    client, session, stand_in, variant, card
):
    """Whoever knows the address may open it: unpaid, declined, or in the middle of 3-D Secure."""
    url = order(client, quantity=2)
    if card:
        pay(url, card)

    assert return_to(client, url).status_code == 303

    assert the_order(session).status is OrderStatus.PENDING
    assert (stock_of(session, variant), mails(session)) == ((10, 2), [])
    assert "Your order waits for its payment" in order_page(client, session)
