"""What Stripe tells the shop: believed only where it is signed, of now, and agrees."""

import json
import time

import pytest
from sqlalchemy import func, select, update

from models import (
    Mail,
    Money,
    Order,
    OrderStatus,
    Payment,
    Refund,
    RefundStatus,
    WebhookEvent,
)
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.features.test_checkout import check_out, come_back, fill_cart, stock_of, the_order
from tests.stripe import deliver, event_of, pay, session_id_of


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10, price_minor=8900)


@pytest.fixture
def paid_url(client, variant):
    """The payment page of an order that was paid, but of which the shop does not know yet."""
    fill_cart(client)
    url = check_out(client)
    pay(url)
    return url


@pytest.fixture
def event(stand_in, paid_url):
    return event_of(stand_in.base, "checkout.session.completed", session_id_of(paid_url))


def assert_nothing_changed(session, variant):
    assert the_order(session).status is OrderStatus.PENDING
    assert stock_of(session, variant) == (10, 1)
    assert session.scalar(select(func.count(WebhookEvent.id))) == 0
    assert session.scalar(select(func.count(Mail.id))) == 0


def test_an_event_signed_by_somebody_else_changes_nothing(client, session, variant, event):
    answer = deliver(client, event, secret="whsec_of_somebody_else")

    assert answer.status_code == 400
    assert_nothing_changed(session, variant)


def test_an_unsigned_event_changes_nothing(client, session, variant, event):
    answer = client.post("/webhooks/stripe", data=json.dumps(event))

    assert answer.status_code == 400
    assert_nothing_changed(session, variant)


@pytest.mark.parametrize("age_s", [301, 3600, -3600])
def test_an_event_of_another_time_changes_nothing(client, session, variant, event, age_s):
    answer = deliver(client, event, at=time.time() - age_s)

    assert answer.status_code == 400
    assert_nothing_changed(session, variant)


def test_an_event_altered_after_signing_changes_nothing(client, session, variant, event):
    import stripe

    body = json.dumps(event)
    stamp = int(time.time())
    signed = stripe.WebhookSignature._compute_signature(f"{stamp}.{body}", "whsec_tests")

    answer = client.post(
        "/webhooks/stripe",
        data=body.replace("8900", "100"),
        headers={"Stripe-Signature": f"t={stamp},v1={signed}"},
    )

    assert answer.status_code == 400
    assert_nothing_changed(session, variant)


@pytest.mark.parametrize("body", ["", "{", "[]", "null", "[" * 100_000, '{"id": 1}', "\x00", "{}"])
def test_a_broken_body_is_refused_and_does_not_crash(client, body):
    import stripe

    stamp = int(time.time())
    signed = stripe.WebhookSignature._compute_signature(f"{stamp}.{body}", "whsec_tests")

    answer = client.post(
        "/webhooks/stripe", data=body, headers={"Stripe-Signature": f"t={stamp},v1={signed}"}
    )

    assert answer.status_code == 400


def test_a_replayed_event_is_known_and_changes_nothing(client, session, variant, event):
    deliver(client, event)
    before = session.scalar(select(func.count(Mail.id)))

    answer = deliver(client, event)

    assert (answer.status_code, answer.text) == (200, "known\n")
    assert stock_of(session, variant) == (9, 0)
    assert session.scalar(select(func.count(Mail.id))) == before == 1


def test_an_amount_that_differs_is_held_for_staff_and_not_believed(client, session, variant, event):
    session.execute(update(Payment).values({"amount_minor": 9999}))

    answer = deliver(client, event)

    order = the_order(session)
    assert answer.status_code == 200
    assert order.status is OrderStatus.PENDING
    assert order.attention == "Paid 89.00 USD, but 99.99 USD was asked for."
    assert stock_of(session, variant) == (10, 1)
    page = visit(client, f"/orders/{order.number}?token={order.token}")
    assert "checking this payment by hand" in page.text


def test_a_currency_that_differs_is_held_for_staff(client, session, variant, event):
    session.execute(update(Payment).values({"currency": "EUR"}))

    deliver(client, event)

    assert the_order(session).attention == "Paid 89.00 USD, but 89.00 EUR was asked for."
    assert stock_of(session, variant) == (10, 1)


def test_events_of_others_are_answered_and_ignored(client, session, variant, event):
    foreign = event | {"id": "evt_foreign"}
    foreign["data"] = {"object": event["data"]["object"] | {"id": "cs_test_of_another_shop"}}
    unknown = {**event, "id": "evt_unknown", "type": "invoice.paid"}
    unknown["data"] = {"object": {"id": "in_1", "object": "invoice"}}
    live = {**event, "id": "evt_live", "livemode": True}

    for other in (foreign, unknown, live):
        assert deliver(client, other).status_code == 200

    assert_nothing_changed(session, variant)


def test_an_expired_event_after_the_payment_takes_nothing_back(
    client, session, variant, paid_url, event
):
    deliver(client, event)
    late = {**event, "id": "evt_late", "type": "checkout.session.expired"}

    assert deliver(client, late).status_code == 200

    assert the_order(session).status is OrderStatus.PAID
    assert stock_of(session, variant) == (9, 0)
    assert paid_url


def test_paid_after_its_end_takes_no_units_and_is_given_back_once(
    client, session, variant, event, worker
):
    end_order(session, variant)

    deliver(client, event)
    deliver(client, {**event, "id": "evt_again"})
    worker.work_off()

    order = the_order(session)
    assert (order.status, order.attention) == (OrderStatus.CANCELLED, None)
    assert stock_of(session, variant) == (10, 0)
    refund = session.scalars(select(Refund)).one()
    assert (refund.amount, refund.status) == (Money(8900, "USD"), RefundStatus.SUCCEEDED)
    assert [it.subject for it in session.scalars(select(Mail))] == [
        f"Order {order.number}: $89.00 is on its way back to you"
    ]


def end_order(session, variant):
    """End the order as the worker does, without a word of Stripe's."""
    from storefront.payments.outcome import cancel

    assert cancel(session, the_order(session), actor="test", note="ended")
    session.flush()
    assert stock_of(session, variant) == (10, 0)


def test_without_a_secret_the_webhook_is_closed(app, client, session, variant, event, monkeypatch):
    from dataclasses import replace

    shut = replace(app.config["SETTINGS"], stripe_webhook_secret="")
    monkeypatch.setitem(app.config, "SETTINGS", shut)

    assert deliver(client, event).status_code == 503
    assert_nothing_changed(session, variant)


def test_the_webhook_takes_no_visitors_session(client):
    assert client.get("/webhooks/stripe").status_code == 405


def test_the_return_page_alone_pays_too(client, session, variant):
    fill_cart(client)
    page = come_back(client, pay(check_out(client)))

    assert page.status == 200
    assert session.scalars(select(Order.status)).one() is OrderStatus.PAID
