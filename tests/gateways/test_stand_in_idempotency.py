"""One idempotency key, one object."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests
import stripe

from storefront.payments.stand_in import StandInSettings
from storefront.payments.stand_in.thread import StandInServer

from .conftest import Open, client_of, line, wanted
from .pay_pages import PAYS, visit

KEY = "order-1001-1"


def create(sdk: stripe.StripeClient, key: str = KEY, **more: Any) -> stripe.checkout.Session:
    params: Any = wanted(**more)
    return sdk.v1.checkout.sessions.create(params=params, options={"idempotency_key": key})


def sessions(sdk: stripe.StripeClient) -> list[str]:
    return [each.id for each in sdk.v1.checkout.sessions.list().data]


def test_the_same_request_again_gets_the_same_answer(sdk: stripe.StripeClient) -> None:
    first = create(sdk)

    second = create(sdk)

    assert second.to_dict() == first.to_dict()
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert sessions(sdk) == [first.id]


def test_another_key_makes_another_object(sdk: stripe.StripeClient) -> None:
    assert create(sdk).id != create(sdk, "order-1001-2").id


def test_the_same_key_for_something_else_is_refused(sdk: stripe.StripeClient) -> None:
    first = create(sdk)

    with pytest.raises(stripe.IdempotencyError) as caught:
        create(sdk, line_items=[line(5900)])

    assert caught.value.http_status == 400
    assert str(caught.value.user_message).startswith(
        "Keys for idempotent requests can only be used with the same parameters they were first "
        f"used with. Try using a key other than '{KEY}'"
    )
    assert sessions(sdk) == [first.id]


def test_a_refusal_is_replayed_too(
    stand_in: StandInServer, sdk: stripe.StripeClient, open_session: Open
) -> None:
    session = open_session()
    visit(session.url).pay(PAYS)
    intent = str(sdk.v1.checkout.sessions.retrieve(session.id).payment_intent)

    answers = [refund(stand_in.base, intent) for _ in range(2)]

    assert [answer.headers.get("Idempotent-Replayed") for answer in answers] == [None, "true"]
    assert answers[0].json() == answers[1].json()


def refund(base: str, intent: str) -> requests.Response:
    return requests.post(
        f"{base}/v1/refunds",
        data={"payment_intent": intent, "amount": 9999},
        headers={"Authorization": "Bearer sk_test_1", "Idempotency-Key": "refund-1"},
        timeout=5,
    )


def test_a_request_that_was_malformed_leaves_its_key_free(sdk: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        create(sdk, colour="red")

    assert create(sdk).status == "open"


def test_a_key_in_flight_is_a_409(
    stand_in: StandInServer, stand_in_settings: StandInSettings, sdk: stripe.StripeClient
) -> None:
    create(sdk)
    books = sqlite3.connect(stand_in_settings.database)
    with books:
        books.execute("UPDATE answers SET status = NULL, body = NULL")
    books.close()

    with pytest.raises(stripe.StripeError) as caught:
        create(impatient(stand_in))

    assert (caught.value.http_status, caught.value.error.code) == (409, "idempotency_key_in_use")


def impatient(stand_in: StandInServer) -> stripe.StripeClient:
    return stripe.StripeClient(
        "sk_test_1", base_addresses={"api": stand_in.base}, max_network_retries=0
    )


def test_eight_requests_at_once_make_one_object(stand_in: StandInServer) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: create(client_of(stand_in.base)).id, range(8)))

    assert set(made) == set(sessions(client_of(stand_in.base)))
    assert len(set(made)) == 1
