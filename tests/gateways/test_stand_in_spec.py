"""The yardstick itself: it must catch what Stripe would not have said."""

from typing import Any

import pytest

from .conftest import Open
from .stripe_spec import (
    assert_is_stripe_object,
    assert_is_stripe_request,
    decoded,
)


@pytest.fixture
def session(open_session: Open) -> dict[str, Any]:
    return open_session().to_dict()


def test_an_object_of_the_stand_in_is_as_stripe_has_it(session: dict[str, Any]) -> None:
    assert_is_stripe_object(session)


@pytest.mark.parametrize(
    "fault",
    [
        {"status": "done"},
        {"amount_total": "4900"},
        {"payment_status": None},
        {"shipping_details": None},
        {"customer_details": {"e_mail": "a@example.com"}},
        {"created": 1.5},
    ],
)
def test_a_planted_fault_is_caught(session: dict[str, Any], fault: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="not as Stripe has it"):
        assert_is_stripe_object({**session, **fault})


@pytest.mark.parametrize("name", ["id", "status", "customer_details", "url"])
def test_a_missing_field_is_caught(session: dict[str, Any], name: str) -> None:
    del session[name]

    with pytest.raises(AssertionError, match=name):
        assert_is_stripe_object(session)


def test_an_event_of_an_unknown_type_is_caught(session: dict[str, Any]) -> None:
    event = {
        "id": "evt_1",
        "object": "event",
        "api_version": "2026-08-26.dahlia",
        "created": 1,
        "data": {"object": session},
        "livemode": False,
        "pending_webhooks": 0,
        "request": None,
        "type": "checkout.session.completed",
    }
    assert_is_stripe_object(event)

    with pytest.raises(AssertionError, match=r"checkout\.session\.done"):
        assert_is_stripe_object({**event, "type": "checkout.session.done"})


def test_bracketed_names_become_objects_and_arrays() -> None:
    form = {"a[0][b]": "1", "a[0][c][0]": "x", "a[1][b]": "2", "d": "e"}

    assert decoded(form) == {"a": [{"b": "1", "c": ["x"]}, {"b": "2"}], "d": "e"}
    assert decoded({"a[]": "1", "b[c][]": "2"}) == {"a": ["1"], "b": {"c": ["2"]}}


@pytest.mark.parametrize(
    "form",
    [
        {"colour": "red"},
        {"mode": "gift"},
        {"line_items[0][quantity]": "many"},
        {"line_items[0][price_data][unit_amount]": "49.00"},
        {"shipping_address_collection[allowed_countries][0]": "XX"},
    ],
)
def test_a_request_stripe_would_refuse_is_caught(form: dict[str, str]) -> None:
    with pytest.raises(AssertionError, match="not as Stripe has it"):
        assert_is_stripe_request("POST", "/v1/checkout/sessions", form)


def test_an_address_stripe_does_not_have_is_caught() -> None:
    with pytest.raises(AssertionError, match="Stripe has no GET /v1/orders"):
        assert_is_stripe_request("GET", "/v1/orders", {})
