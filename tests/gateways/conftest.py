"""A stand-in whose every request, answer and event is held against Stripe's schema."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import stripe

from storefront.payments.stand_in import StandInSettings
from storefront.payments.stand_in.thread import StandInServer

from .endpoints import Endpoint
from .pay_pages import PayPage, visit
from .stripe_spec import assert_observed

SECRET = "whsec_of_the_tests"
SHOP = "http://shop.example"
Open = Callable[..., Any]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.close()


@pytest.fixture
def stand_in_settings(tmp_path: Path, endpoint: Endpoint) -> StandInSettings:
    return StandInSettings(
        database=tmp_path / "stand_in.sqlite", webhook_secret=SECRET, webhook_url=endpoint.url
    )


@pytest.fixture
def stand_in(stand_in_settings: StandInSettings) -> Iterator[StandInServer]:
    """Run one whose deliveries happen when a test says so."""
    observed: list[tuple[str, dict[str, Any]]] = []
    with StandInServer(
        stand_in_settings, lambda kind, payload: observed.append((kind, payload)), background=False
    ) as server:
        yield server
    for kind, payload in observed:
        if not _was_meant_to_be_wrong(kind, payload, observed):
            assert_observed(kind, payload)


def _was_meant_to_be_wrong(
    kind: str, payload: dict[str, Any], observed: list[tuple[str, dict[str, Any]]]
) -> bool:
    """Leave out requests that the stand-in itself refused: tests of refusals send those."""
    if kind != "request":
        return False
    at = next(place for place, (_, each) in enumerate(observed) if each is payload)
    answers = (each for kind, each in observed[at:] if kind == "answer")
    answer = next((each for each in answers if each["path"] == payload["path"]), None)
    return answer is not None and answer["status"] >= 400


def client_of(base: str, key: str = "sk_test_shop") -> stripe.StripeClient:
    """Return Stripe's own client, as the shop makes it."""
    return stripe.StripeClient(
        key,
        base_addresses={"api": base},
        max_network_retries=2,
        http_client=stripe.RequestsClient(timeout=(3, 10)),
    )


@pytest.fixture
def sdk(stand_in: StandInServer) -> stripe.StripeClient:
    return client_of(stand_in.base)


def line(amount: int = 4900, quantity: int = 1, name: str = "QL Claw") -> dict[str, Any]:
    price = {
        "currency": "usd",
        "unit_amount": amount,
        "tax_behavior": "exclusive",
        "product_data": {"name": name, "description": "A floor tool", "metadata": {"sku": "QL-1"}},
    }
    return {"price_data": price, "quantity": quantity}


def wanted(**more: Any) -> dict[str, Any]:
    """Return the parameters of a session as the shop sends them."""
    return {
        "mode": "payment",
        "line_items": [line()],
        "success_url": f"{SHOP}/checkout/return?session_id={{CHECKOUT_SESSION_ID}}",
        "cancel_url": f"{SHOP}/cart",
        "client_reference_id": "1001",
        "metadata": {"order": "1001"},
        "payment_intent_data": {"metadata": {"order": "1001"}},
        "shipping_address_collection": {"allowed_countries": ["US", "CA"]},
        "adaptive_pricing": {"enabled": False},
        **more,
    }


@pytest.fixture
def open_session(sdk: stripe.StripeClient) -> Open:
    """Return a function that opens a session; ``currency`` sets its lines' currency."""

    def create(**more: Any) -> Any:
        params: Any = wanted(**more)
        return sdk.v1.checkout.sessions.create(params=params)

    return create


@pytest.fixture
def checkout(open_session: Open) -> Any:
    return open_session(line_items=[line(4900, 2), line(1450, 1, "Bag")])


@pytest.fixture
def pay_page(checkout: Any) -> PayPage:
    return visit(checkout.url)


def again(sdk: stripe.StripeClient, session: Any) -> Any:
    """Return the session as it is now, with its payment and charge."""
    return sdk.v1.checkout.sessions.retrieve(
        session.id, params={"expand": ["payment_intent.latest_charge"]}
    )


def types(sdk: stripe.StripeClient) -> list[str]:
    """Return what happened so far, oldest first."""
    return [str(event.type) for event in sdk.v1.events.list(params={"limit": 100}).data][::-1]


def refusal(open_session: Open, **params: Any) -> Any:
    """Return the error that opening a session with these parameters raises."""
    with pytest.raises(stripe.InvalidRequestError) as caught:
        open_session(**params)
    assert caught.value.http_status == 400
    return caught.value
