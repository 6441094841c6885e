"""Faults on purpose: switched on, done as said, switched off, repeatable."""

import time
from typing import Any

import pytest
import requests
import stripe

from storefront.payments.stand_in import StandInSettings
from storefront.payments.stand_in.thread import StandInServer

from .conftest import Open, client_of, wanted
from .endpoints import Endpoint
from .pay_pages import PAYS, visit

SESSIONS = "/v1/checkout/sessions"
PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


@pytest.fixture
def impatient(stand_in: StandInServer) -> stripe.StripeClient:
    """Stripe's client without any retry: what happens is seen as it is."""
    return stripe.StripeClient(
        "sk_test_shop",
        base_addresses={"api": stand_in.base},
        max_network_retries=0,
        http_client=stripe.RequestsClient(timeout=(3, 10)),
    )


def create(sdk: stripe.StripeClient, key: str | None = None) -> stripe.checkout.Session:
    params: Any = wanted()
    return sdk.v1.checkout.sessions.create(
        params=params, options={"idempotency_key": key} if key else {}
    )


def ids(sdk: stripe.StripeClient) -> list[str]:
    return [each.id for each in sdk.v1.checkout.sessions.list().data]


@pytest.mark.parametrize(
    ("kind", "error", "status"),
    [("429", stripe.RateLimitError, 429), ("500", stripe.APIError, 500)],
)
def test_a_refusal_does_nothing_and_ends_after_its_times(
    stand_in: StandInServer,
    impatient: stripe.StripeClient,
    kind: str,
    error: type[stripe.StripeError],
    status: int,
) -> None:
    stand_in.faults.set(api=[{"path": SESSIONS, "kind": kind, "times": 2, "method": "POST"}])

    for _ in range(2):
        with pytest.raises(error) as caught:
            create(impatient, "order-1001-1")
        assert caught.value.http_status == status

    assert ids(impatient) == []
    session = create(impatient, "order-1001-1")
    assert ids(impatient) == [session.id]


def test_a_dropped_connection_does_nothing(
    stand_in: StandInServer, impatient: stripe.StripeClient
) -> None:
    stand_in.faults.set(api=[{"kind": "drop", "times": 1}])

    with pytest.raises(stripe.APIConnectionError):
        create(impatient)

    assert ids(impatient) == []


def test_a_lost_answer_has_done_everything(
    stand_in: StandInServer, impatient: stripe.StripeClient
) -> None:
    stand_in.faults.set(api=[{"kind": "lost", "times": 1}])

    with pytest.raises(stripe.APIConnectionError):
        create(impatient, "order-1001-1")

    (made,) = ids(impatient)
    assert create(impatient, "order-1001-1").id == made
    assert ids(impatient) == [made]


@pytest.mark.parametrize("kind", ["drop", "lost", "500"])
def test_the_retries_of_the_library_survive_two_faults(
    stand_in: StandInServer, sdk: stripe.StripeClient, kind: str
) -> None:
    stand_in.faults.set(api=[{"kind": kind, "times": 2, "method": "POST"}])

    session = create(sdk)

    assert ids(sdk) == [session.id]


def test_a_slow_answer_comes_late(stand_in: StandInServer, impatient: stripe.StripeClient) -> None:
    stand_in.faults.set(api=[{"kind": "slow", "seconds": 0.3, "times": 1}])
    began = time.monotonic()

    create(impatient)

    assert time.monotonic() - began >= 0.3


def test_a_fault_is_of_its_address_only(
    stand_in: StandInServer, impatient: stripe.StripeClient
) -> None:
    stand_in.faults.set(api=[{"path": f"{SESSIONS}/*/expire", "kind": "500"}])
    session = create(impatient)

    with pytest.raises(stripe.APIError):
        impatient.v1.checkout.sessions.expire(session.id)

    assert impatient.v1.checkout.sessions.retrieve(session.id).status == "open"
    assert visit(str(session.url)).status == 200


def outcomes(stand_in: StandInServer, seed: int) -> list[int]:
    stand_in.faults.set(api=[{"kind": "500", "probability": 0.5}], seed=seed)
    return [
        requests.get(f"{stand_in.base}/v1/events", auth=("sk_test_1", ""), timeout=5).status_code
        for _ in range(20)
    ]


def test_the_same_seed_brings_the_same_faults(stand_in: StandInServer) -> None:
    first = outcomes(stand_in, seed=7)

    assert outcomes(stand_in, seed=7) == first
    assert outcomes(stand_in, seed=8) != first
    assert set(first) == {200, 500}


def test_the_switches_are_reached_over_http(
    stand_in: StandInServer, impatient: stripe.StripeClient
) -> None:
    address = f"{stand_in.base}/_faults"
    fault = {"path": SESSIONS, "kind": "429", "times": 3}

    set_to = requests.post(address, json={"webhooks": "twice", "api": [fault]}, timeout=5)

    assert set_to.status_code == 200
    with pytest.raises(stripe.RateLimitError):
        create(impatient)
    shown = requests.get(address, timeout=5).json()
    assert shown["webhooks"] == ["twice"]
    assert [(each["kind"], each["times"]) for each in shown["api"]] == [("429", 2)]
    assert requests.delete(address, timeout=5).json()["api"] == []
    assert create(impatient).status == "open"


@pytest.mark.parametrize(
    "wrong",
    [
        {"webhooks": "sometimes"},
        {"api": [{"kind": "explode"}]},
        {"api": [{"kind": "500", "times": "many"}]},
        {"api": [{"kind": "500", "colour": "red"}]},
        {"webhooks": "twice", "late_s": "soon"},
        {"webhooks": "twice", "seed": "lucky"},
        {"colour": "red"},
        ["webhooks"],
    ],
)
def test_a_switch_that_is_not_there_changes_nothing(stand_in: StandInServer, wrong: Any) -> None:
    stand_in.faults.set(webhooks="late")
    before = stand_in.faults.as_json()

    answer = requests.post(f"{stand_in.base}/_faults", json=wrong, timeout=5)

    assert answer.status_code == 400
    assert stand_in.faults.as_json() == before


@pytest.fixture
def paid(open_session: Open) -> Any:
    session = open_session()
    visit(session.url).pay(PAYS)
    return session


@pytest.mark.usefixtures("paid")
def test_every_event_may_come_twice(stand_in: StandInServer, endpoint: Endpoint) -> None:
    stand_in.faults.set(webhooks="twice")

    assert stand_in.deliver_now() == 8

    assert endpoint.types == [each for each in PAID for _ in range(2)]
    assert len({each.event["id"] for each in endpoint.received}) == 4


@pytest.mark.usefixtures("paid")
def test_events_may_come_in_another_order(stand_in: StandInServer, endpoint: Endpoint) -> None:
    stand_in.faults.set(webhooks="reordered", seed=3)

    assert stand_in.deliver_now() == 4

    assert sorted(endpoint.types) == sorted(PAID)
    assert endpoint.types != PAID
    assert endpoint.types[-1] == PAID[0]


@pytest.mark.usefixtures("paid")
def test_events_may_come_late(stand_in: StandInServer, endpoint: Endpoint) -> None:
    stand_in.faults.set(webhooks="late", late_s=300)

    stand_in.advance(299)
    assert stand_in.deliver_now() == 0
    stand_in.advance(1)

    assert stand_in.deliver_now() == 4
    assert endpoint.types == PAID


@pytest.mark.usefixtures("paid")
def test_events_may_never_come_but_can_be_asked_for(
    stand_in: StandInServer, endpoint: Endpoint, sdk: stripe.StripeClient
) -> None:
    stand_in.faults.set(webhooks="never")
    assert stand_in.deliver_now() == 0

    stand_in.faults.clear()
    stand_in.advance(3600)

    assert (stand_in.deliver_now(), endpoint.received) == (0, [])
    assert [each.type for each in sdk.v1.events.list().data][::-1] == PAID


def test_faults_of_webhooks_go_together_and_may_be_rare(
    stand_in_settings: StandInSettings, endpoint: Endpoint
) -> None:
    with StandInServer(stand_in_settings, background=False) as server:
        sdk = client_of(server.base)
        for _ in range(10):
            sdk.v1.checkout.sessions.expire(create(sdk).id)
        server.faults.set(webhooks=["never", "twice"], webhook_probability=0.5, seed=1)

        delivered = server.deliver_now()

    sent = [each.event["id"] for each in endpoint.received]
    assert len(sent) == delivered
    assert 0 < len(set(sent)) < 10
    assert {sent.count(each) for each in sent} == {1, 2}
