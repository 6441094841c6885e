"""Signed webhooks: until they are taken, by one worker, over a restart."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
import stripe

from storefront.payments.stand_in import StandInSettings
from storefront.payments.stand_in.thread import StandInServer

from .conftest import SECRET, Open, client_of, wanted
from .endpoints import Endpoint
from .pay_pages import PAYS, visit
from .stripe_spec import assert_is_stripe_object

PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


@pytest.fixture
def paid(open_session: Open) -> stripe.checkout.Session:
    session = open_session()
    visit(str(session.url)).pay(PAYS)
    return session


def test_a_payment_is_delivered_as_signed_events(
    stand_in: StandInServer,
    sdk: stripe.StripeClient,
    endpoint: Endpoint,
    paid: stripe.checkout.Session,
) -> None:
    assert stand_in.deliver_now() == 4

    assert endpoint.types == PAID
    for received in endpoint.received:
        event = sdk.construct_event(received.body, received.signature, SECRET)
        assert event.api_version == "2026-08-26.dahlia"
        assert event.pending_webhooks == 1
        assert_is_stripe_object(received.event)
    assert endpoint.received[-1].event["data"]["object"]["id"] == paid.id


def test_another_secret_does_not_fit_the_signature(
    stand_in: StandInServer,
    sdk: stripe.StripeClient,
    endpoint: Endpoint,
    paid: stripe.checkout.Session,
) -> None:
    assert paid.id
    stand_in.deliver_now()
    received = endpoint.received[0]

    with pytest.raises(stripe.SignatureVerificationError):
        sdk.construct_event(received.body, received.signature, "whsec_another")


def test_an_event_is_the_same_when_it_is_asked_for(
    stand_in: StandInServer,
    sdk: stripe.StripeClient,
    endpoint: Endpoint,
    paid: stripe.checkout.Session,
) -> None:
    assert paid.id
    stand_in.deliver_now()

    listed = sdk.v1.events.list(params={"types": ["checkout.session.completed"]}).data

    assert [each.id for each in listed] == [endpoint.received[-1].event["id"]]
    fetched = sdk.v1.events.retrieve(listed[0].id)
    assert fetched.pending_webhooks == 0
    assert fetched.data.object["id"] == paid.id


def test_what_is_not_taken_comes_again_later_each_time(
    stand_in: StandInServer, endpoint: Endpoint, sdk: stripe.StripeClient, open_session: Open
) -> None:
    endpoint.status = 500
    sdk.v1.checkout.sessions.expire(open_session().id)

    assert stand_in.deliver_now() == 0
    for delay in (1, 2, 4, 8):
        stand_in.advance(delay - 0.5)
        assert stand_in.deliver_now() == 0
        stand_in.advance(0.5)
        stand_in.deliver_now()
    endpoint.status = 204
    stand_in.advance(16)

    assert stand_in.deliver_now() == 1
    assert endpoint.types == ["checkout.session.expired"] * 6
    assert len({each.event["id"] for each in endpoint.received}) == 1
    assert stand_in.deliver_now() == 0


@pytest.mark.parametrize("status", [302, 400, 404])
def test_anything_but_success_is_not_taken(
    stand_in: StandInServer,
    endpoint: Endpoint,
    paid: stripe.checkout.Session,
    status: int,
) -> None:
    assert paid.id
    endpoint.status = status

    assert stand_in.deliver_now() == 0
    assert len(endpoint.received) == 4


def test_after_three_days_it_gives_up(
    stand_in: StandInServer, endpoint: Endpoint, paid: stripe.checkout.Session
) -> None:
    assert paid.id
    endpoint.status = 500
    stand_in.deliver_now()
    stand_in.advance(3 * 24 * 3600)
    stand_in.deliver_now()
    endpoint.status = 200
    stand_in.advance(3600)

    assert stand_in.deliver_now() == 0


def test_an_endpoint_that_is_not_there_loses_nothing(
    stand_in: StandInServer, endpoint: Endpoint, open_session: Open
) -> None:
    stand_in.webhook_url = "http://127.0.0.1:9/webhooks/stripe"
    visit(str(open_session().url)).pay(PAYS)
    assert stand_in.deliver_now() == 0

    stand_in.webhook_url = endpoint.url
    stand_in.advance(1)

    assert stand_in.deliver_now() == 4


def test_without_an_endpoint_events_are_kept_and_none_is_sent(
    stand_in: StandInServer, sdk: stripe.StripeClient, endpoint: Endpoint, open_session: Open
) -> None:
    stand_in.webhook_url = None
    visit(str(open_session().url)).pay(PAYS)
    stand_in.webhook_url = endpoint.url

    assert stand_in.deliver_now() == 0
    assert [event.pending_webhooks for event in sdk.v1.events.list().data] == [0] * 4


def test_each_event_is_delivered_by_one_worker_only(
    stand_in: StandInServer, endpoint: Endpoint, paid: stripe.checkout.Session
) -> None:
    assert paid.id

    with ThreadPoolExecutor(4) as pool:
        delivered = list(pool.map(lambda _: stand_in.deliver_now(), range(4)))

    assert sum(delivered) == 4
    assert sorted(endpoint.types) == sorted(PAID)


def test_a_restart_delivers_what_was_left(
    stand_in_settings: StandInSettings, endpoint: Endpoint
) -> None:
    with StandInServer(stand_in_settings, background=False) as before:
        session = open_in(before)
        visit(str(session.url)).pay(PAYS)

    with StandInServer(stand_in_settings, background=False) as after:
        assert after.deliver_now() == 4
        kept = client_of(after.base).v1.checkout.sessions.retrieve(session.id)
    assert kept.payment_status == "paid"
    assert endpoint.types == PAID


def open_in(server: StandInServer) -> stripe.checkout.Session:
    params: Any = wanted()
    return client_of(server.base).v1.checkout.sessions.create(params=params)


def test_the_background_delivers_by_itself(
    stand_in_settings: StandInSettings, endpoint: Endpoint
) -> None:
    quick = replace(stand_in_settings, poll_s=0.02, delayed_payment_s=0.1)
    with StandInServer(quick) as server:
        visit(str(open_in(server).url)).send(method="bank")

        wait_until(lambda: "checkout.session.async_payment_succeeded" in endpoint.types)


def wait_until(holds: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < ends_at
        time.sleep(0.02)


def test_a_slow_endpoint_holds_up_nobody(
    stand_in_settings: StandInSettings, endpoint: Endpoint
) -> None:
    endpoint.may_answer.clear()
    with StandInServer(replace(stand_in_settings, poll_s=0.02)) as server:
        visit(str(open_in(server).url)).pay(PAYS)
        wait_until(lambda: len(endpoint.received) == 1)

        another = open_in(server)

        assert visit(str(another.url)).status == 200
        assert len(endpoint.received) == 1
        endpoint.may_answer.set()
