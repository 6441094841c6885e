"""Mails about an order that were missing: a card was declined, and a parcel has arrived."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models import Fulfilment, Job, Mail, Order, OrderEvent, OrderStatus, now
from tests.browser import visit
from tests.factories import make_paid_order, make_product, make_variant
from tests.features.newsletter import fresh
from tests.features.test_checkout import check_out, come_back, fill_cart, the_order
from tests.payments.steps import events_about
from tests.staff import sign_in
from tests.stripe import deliver, pay

DECLINES = "4000000000000002"
FAILED = "payment_intent.payment_failed"


def declined(client, session, stand_in, **typed):
    """Go to pay, be declined, and let Stripe tell of it twice."""
    fill_cart(client)
    url = check_out(client)
    pay(url, DECLINES, **typed)
    order = the_order(session)
    for event in events_about(stand_in, url, FAILED) * 2:
        assert deliver(client, event).status_code == 200
    return order, url


def let_pass(session, kind):
    session.execute(update(Job).where(Job.kind == kind).values(run_at=now()))


def mails(session, template):
    return [it for it in fresh(session, Mail) if it.template == template]


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10, sku="TOOL-RED")


@pytest.fixture
def order(session):
    return make_paid_order(session, quantity=2)


def test_who_was_declined_gets_one_mail_from_which_the_order_can_be_paid(
    app, client, session, worker, stand_in, variant
):
    order, url = declined(client, session, stand_in)
    worker.work_off()
    assert mails(session, "order_declined") == []  # most try another card at once

    let_pass(session, "tell-declined")
    worker.work_off()
    (mail,) = mails(session, "order_declined")
    assert mail.recipient == "buyer@example.com"
    assert mail.subject == f"Order {order.number} is not paid yet"
    page = visit(app.test_client(), f"/orders/{order.number}?token={order.token}")
    assert f"/orders/{order.number}?token={order.token}" in mail.text
    assert page.submit("Pay now", follow=False).location == url
    come_back(client, pay(url))
    assert the_order(session).status is OrderStatus.PAID


def test_once_the_time_to_pay_is_over_the_mail_leads_back_to_the_cart(
    app, client, session, worker, stand_in, variant
):
    order, _ = declined(client, session, stand_in)
    let_pass(session, "tell-declined")
    worker.work_off()
    (mail,) = mails(session, "order_declined")
    let_pass(session, "expire-order")
    worker.work_off()
    assert the_order(session).status is OrderStatus.CANCELLED

    other = app.test_client()
    page = visit(other, f"/orders/{order.number}?token={order.token}")
    assert "Pay now" not in page.text
    offered = page.follow("Put it in the cart again")
    assert offered.url.removeprefix("http://localhost") in mail.text
    assert offered.submit("Add all to cart").heading == "Cart"
    assert len(mails(session, "order_declined")) == 1


def test_who_paid_meanwhile_or_let_it_end_is_not_told_that_she_was_declined(
    client, session, worker, stand_in, variant
):
    _, url = declined(client, session, stand_in)
    come_back(client, pay(url))
    let_pass(session, "tell-declined")
    worker.work_off()

    assert mails(session, "order_declined") == []


def test_staff_mark_a_parcel_as_delivered_once_and_the_buyer_reads_it_everywhere(
    client, session, worker, order
):
    sign_in(client, session)
    visit(client, f"/staff/orders/{order.number}").submit("Mark as shipped", tracking_number="T1")
    page = visit(client, f"/staff/orders/{order.number}")
    done = page.submit("Mark as delivered")
    assert done.status == 200
    again = page.submit("Mark as delivered")
    assert again.status == 409
    assert "marked as delivered already" in again.text

    (parcel,) = fresh(session, Fulfilment)
    assert parcel.delivered_at is not None
    kinds = session.scalars(select(OrderEvent.kind).where(OrderEvent.order_id == order.id)).all()
    assert kinds.count("delivered") == 1
    (mail,) = mails(session, "order_delivered")
    assert (mail.recipient, mail.order_id) == (order.email, order.id)
    assert "2 × Test tool" in mail.text
    seen = visit(client, f"/orders/{order.number}?token={order.token}")
    assert "Your order has arrived." in seen.text
    assert "delivered on" in seen.text


def test_many_parcels_are_marked_at_once_and_each_order_has_its_own_result(client, session, order):
    other, third = make_paid_order(session), make_paid_order(session)
    sign_in(client, session)
    for it in (order, other):
        visit(client, f"/staff/orders/{it.number}").submit("Mark as shipped", tracking_number="T1")
    data = {"numbers": [order.number, other.number, third.number]}
    headers = {"Origin": "http://localhost"}
    client.post("/staff/orders/bulk/delivered", data=data, headers=headers)

    page = visit(client, "/staff/orders")
    assert f"2 orders delivered. 1 refused: {third.number}" in page.html.get_text()
    assert len(mails(session, "order_delivered")) == 2
    arrived = select(Order.number).join(Fulfilment).where(Fulfilment.delivered_at.is_not(None))
    assert set(session.scalars(arrived)) == {order.number, other.number}


def test_a_parcel_of_another_order_is_not_found_and_nothing_changes(client, session, order):
    other = make_paid_order(session)
    sign_in(client, session)
    visit(client, f"/staff/orders/{order.number}").submit("Mark as shipped", tracking_number="T1")
    (parcel,) = fresh(session, Fulfilment)
    path = f"/staff/orders/{other.number}/fulfilments/{parcel.id}/delivered"
    assert client.post(path, headers={"Origin": "http://localhost"}).status_code == 404
    assert fresh(session, Fulfilment)[0].delivered_at is None
    assert parcel.created_at > now() - timedelta(minutes=5)
