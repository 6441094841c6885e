"""The webhook's address: closed without a secret, deaf to others, 5xx only where it must be."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select, text

from models import Order, OrderStatus, Payment, WebhookEvent
from tests.features.observing import logged
from tests.features.test_checkout import stock_of, the_order
from tests.payments.steps import (
    api,
    buy,
    events_about,
    mails,
    order,
    refund_at_stripe,
    refunds,
    told,
)
from tests.stripe import deliver, pay

COMPLETED = "checkout.session.completed"
HANDLED = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "payment_intent.payment_failed",
    "charge.refunded",
    "charge.refund.updated",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)


@pytest.fixture
def event(client, stand_in, variant):
    (found,) = events_about(stand_in, buy(client), COMPLETED)
    return found


def test_an_empty_secret_closes_the_endpoint_also_for_who_signs_with_it(
    app, client, session, variant, event, monkeypatch
):
    shut = replace(app.config["SETTINGS"], stripe_webhook_secret="")
    monkeypatch.setitem(app.config, "SETTINGS", shut)

    answers = [deliver(client, event, secret=secret) for secret in ("", "whsec_tests")]

    assert [it.status_code for it in answers] == [503, 503]
    assert the_order(session).status is OrderStatus.PENDING
    assert stock_of(session, variant) == (10, 1)


@pytest.mark.parametrize("where", ["README.md", "docs/guides/run.md"])
def test_the_events_that_the_shop_takes_in_are_those_that_it_tells_the_owner_to_send(where):
    from storefront.config import ROOT

    said = (ROOT / where).read_text(encoding="utf-8")

    assert [it for it in HANDLED if f"`{it}`" not in said and it != "charge.refund.updated"] == []


@pytest.mark.parametrize("kind", HANDLED)
def test_each_event_that_is_told_to_be_sent_is_taken_in(client, session, stand_in, variant, kind):
    """It is about a payment of ours, and what it says is asked for and written."""
    url = order(client)
    pay(url, "4000000000000002")
    pay(url, "4000000000000259")
    told(client, stand_in, url, COMPLETED)
    families = {
        "checkout": COMPLETED,
        "payment_intent": "payment_intent.payment_failed",
        "charge.dispute": "charge.dispute.created",
    }
    like = next((known for start, known in families.items() if kind.startswith(start)), None)
    data = events_about(stand_in, url, like or "charge.succeeded")[0]
    before = session.scalar(select(func.count(WebhookEvent.id)))

    answer = deliver(client, {**data, "id": "evt_of_this_kind", "type": kind})

    assert (answer.status_code, answer.text) == (200, "done\n")
    assert session.scalar(select(func.count(WebhookEvent.id))) == before + 1


@pytest.mark.parametrize(
    "kind", ["invoice.paid", "charge.succeeded", "payment_intent.succeeded", "charge.updated", "x"]
)
def test_events_that_say_nothing_new_are_answered_and_not_even_asked_about(
    client, session, stand_in, variant, event, kind
):
    other = {**event, "type": kind, "data": {"object": {"id": "ch_1", "object": "charge"}}}
    stand_in.faults.set(api=[{"kind": "500"}])

    answer = deliver(client, other)

    assert (answer.status_code, answer.text) == (200, "ignored\n")
    assert session.scalar(select(func.count(WebhookEvent.id))) == 0


@pytest.mark.parametrize("kind", ["charge.refunded", "charge.dispute.created"])
def test_a_charge_without_a_payment_intent_is_no_order_of_ours(
    client, session, stand_in, variant, event, kind
):
    """Asked for the refunds of no payment, Stripe would list those of all payments."""
    about = {"id": "ch_1", "object": "charge", "payment_intent": None}

    answer = deliver(client, {**event, "type": kind, "data": {"object": about}})

    assert (answer.status_code, answer.text) == (200, "ignored\n")


def test_an_event_of_the_other_mode_is_ignored(client, session, stand_in, variant, event):
    assert deliver(client, {**event, "livemode": True}).text == "ignored\n"
    assert the_order(session).status is OrderStatus.PENDING


def test_an_event_of_an_order_that_is_not_here_is_logged_and_does_not_come_again(
    client, session, stand_in, variant, event
):
    session.execute(text("UPDATE payments SET session_id = 'cs_test_other'"))
    session.execute(text("UPDATE orders SET number = 'QL-OTHER000'"))

    with logged() as lines:
        answer = deliver(client, event)

    assert (answer.status_code, answer.text) == (200, "ignored: another's\n")
    (line,) = [it for it in lines if it["message"] == "webhook ignored"]
    assert (line["event"], line["reason"]) == (COMPLETED, "another's")
    assert session.scalar(select(func.count(WebhookEvent.id))) == 0


def test_an_order_number_of_another_shop_in_a_session_of_ours_adopts_nothing(
    client, session, stand_in, variant
):
    """A session that we opened is ours by its id; the number in it is only a hint."""
    url = order(client)
    session.execute(text("UPDATE payments SET session_id = 'cs_test_of_this_order'"))
    pay(url)

    assert told(client, stand_in, url, COMPLETED) == [200]

    assert the_order(session).status is OrderStatus.PENDING
    assert session.scalars(select(Payment.session_id)).one() == "cs_test_of_this_order"


def test_a_page_whose_id_we_could_not_write_is_found_by_the_orders_number(
    client, session, stand_in, variant
):
    url = order(client)
    session.execute(text("UPDATE payments SET session_id = NULL, url = NULL"))
    pay(url)

    assert told(client, stand_in, url, COMPLETED) == [200]

    assert the_order(session).status is OrderStatus.PAID
    assert stock_of(session, variant) == (9, 0)


@pytest.mark.parametrize("kind", ["429", "500", "drop", "lost"])
def test_while_stripe_does_not_answer_the_event_is_to_come_again_and_then_works(
    client, session, stand_in, variant, event, kind
):
    stand_in.faults.set(api=[{"kind": kind}])

    refused = deliver(client, event)

    assert refused.status_code == 503
    assert refused.headers["Retry-After"] == "30"
    assert session.scalar(select(func.count(WebhookEvent.id))) == 0
    stand_in.faults.clear()
    assert deliver(client, event).status_code == 200
    assert (the_order(session).status, mails(session)) == (OrderStatus.PAID, ["order_paid"])


def test_a_failed_payment_is_answered_2xx(client, session, stand_in, variant):
    url = order(client)
    pay(url, "4000000000000002")

    assert told(client, stand_in, url, "payment_intent.payment_failed") == [200]
    assert the_order(session).status is OrderStatus.PENDING


def test_metadata_of_products_is_neither_sent_nor_needed_to_know_what_was_bought(
    client, session, stand_in, variant
):
    url = order(client)
    found = api(stand_in).v1.checkout.sessions.retrieve(url.rsplit("/", 1)[1])

    assert found.metadata.to_dict() == {"order": the_order(session).number}
    assert found.client_reference_id == the_order(session).number


def test_two_refunds_of_one_event_are_both_taken_in(client, session, stand_in, variant):
    """The event names the charge: all its refunds are asked for, whichever was told."""
    url = buy(client)
    told(client, stand_in, url, COMPLETED)
    refund_at_stripe(stand_in, url, 100)
    refund_at_stripe(stand_in, url, 200)
    event = events_about(stand_in, url, "charge.refunded")[0]

    assert deliver(client, event).status_code == 200

    assert refunds(session) == [(100, "succeeded"), (200, "succeeded")]
    assert session.scalar(select(func.count(Order.id))) == 1
