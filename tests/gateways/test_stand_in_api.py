"""The manners of the API: keys, errors, pages of a list, expansion."""

from typing import Any

import pytest
import requests
import stripe

from storefront.payments.stand_in.thread import StandInServer

from .conftest import Open, client_of, line, refusal


def test_lines_come_in_pages_in_their_own_order(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    session = open_session(line_items=[line(100 + n, name=f"Part {n}") for n in range(12)])

    first = sdk.v1.checkout.sessions.line_items.list(session.id)
    everything = list(first.auto_paging_iter())

    assert len(first.data) == 10
    assert first.has_more is True
    assert [each.description for each in everything] == [f"Part {n}" for n in range(12)]


def test_the_product_behind_a_line_can_be_expanded(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    lines = sdk.v1.checkout.sessions.line_items.list(
        open_session().id, params={"expand": ["data.price.product"]}
    )

    assert lines.data[0].price.product.metadata.to_dict() == {"sku": "QL-1"}


def test_what_cannot_be_expanded_is_refused(sdk: stripe.StripeClient, open_session: Open) -> None:
    session = open_session()

    with pytest.raises(stripe.InvalidRequestError, match=r"cannot be expanded \(currency\)"):
        sdk.v1.checkout.sessions.retrieve(session.id, params={"expand": ["currency"]})


def test_sessions_are_listed_newest_first_and_by_page(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    ids = [open_session().id for _ in range(3)][::-1]
    sessions = sdk.v1.checkout.sessions

    page = sessions.list(params={"limit": 2})
    after = sessions.list(params={"limit": 2, "starting_after": ids[1]})
    before = sessions.list(params={"limit": 1, "ending_before": ids[2]})

    assert [each.id for each in page.data] == ids[:2]
    assert page.has_more is True
    assert [each.id for each in after.data] == ids[2:]
    assert after.has_more is False
    assert [each.id for each in before.data] == [ids[1]]


def test_a_session_that_is_not_there_is_a_404(sdk: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        sdk.v1.checkout.sessions.retrieve("cs_test_none")

    assert caught.value.http_status == 404
    assert caught.value.code == "resource_missing"
    assert caught.value.param == "session"
    assert caught.value.user_message == "No such checkout.session: 'cs_test_none'"


@pytest.mark.parametrize(
    ("fault", "code", "param"),
    [
        ({"colour": "red"}, "parameter_unknown", "colour"),
        ({"line_items": [{**line(), "size": 1}]}, "parameter_unknown", "line_items[0][size]"),
        ({"line_items": [{"quantity": 1}]}, "parameter_missing", "line_items[0][price_data]"),
        (
            {"line_items": [line(quantity=0)]},
            "parameter_invalid_integer",
            "line_items[0][quantity]",
        ),
        (
            {"line_items": [line(-1)]},
            "parameter_invalid_integer",
            "line_items[0][price_data][unit_amount]",
        ),
        ({"success_url": ""}, "parameter_invalid_empty", "success_url"),
        ({"cancel_url": "cart"}, "url_invalid", "cancel_url"),
        ({"customer_email": "ada"}, "email_invalid", "customer_email"),
        ({"metadata": {"k": "v" * 501}}, None, "metadata[k]"),
        ({"mode": "gift"}, None, "mode"),
    ],
)
def test_a_mistake_in_the_parameters_is_stripes_error(
    open_session: Open, fault: dict[str, Any], code: str | None, param: str
) -> None:
    error = refusal(open_session, **fault)

    assert (error.code, error.param) == (code, param)


def test_an_unknown_parameter_is_named(open_session: Open) -> None:
    error = refusal(open_session, colour="red")

    assert error.user_message == "Received unknown parameter: colour"
    assert error.error.type == "invalid_request_error"


@pytest.mark.parametrize(
    ("wish", "named"),
    [
        ({"discounts": [{"promotion_code": "promo_1"}]}, "discounts[0][promotion_code]=promo_1"),
        ({"custom_fields": [{"key": "gift"}]}, "custom_fields"),
        ({"allow_promotion_codes": True}, "allow_promotion_codes=true"),
        ({"mode": "subscription"}, "mode=subscription"),
    ],
)
def test_what_only_the_real_stripe_does_is_refused_by_name(
    open_session: Open, wish: dict[str, Any], named: str
) -> None:
    error = refusal(open_session, **wish)

    assert error.user_message == f"The local Stripe stand-in does not do this: {named}"


def test_what_is_not_done_may_be_declined(open_session: Open) -> None:
    session = open_session(allow_promotion_codes=False, automatic_tax={"enabled": False})

    assert session.allow_promotion_codes is False
    assert session.automatic_tax.enabled is False


@pytest.mark.parametrize("key", ["sk_live_0123456789", "pk_test_0123456789"])
def test_only_a_secret_test_key_is_let_in(stand_in: StandInServer, key: str) -> None:
    with pytest.raises(stripe.AuthenticationError) as caught:
        client_of(stand_in.base, key).v1.checkout.sessions.list()

    assert caught.value.http_status == 401
    assert caught.value.user_message == f"Invalid API Key provided: {key[:8]}****"


def test_no_key_at_all_is_a_401(stand_in: StandInServer) -> None:
    answer = requests.get(f"{stand_in.base}/v1/events", timeout=5)

    assert answer.status_code == 401
    assert answer.json()["error"]["type"] == "invalid_request_error"


def test_a_key_by_basic_authentication_is_let_in(stand_in: StandInServer) -> None:
    answer = requests.get(f"{stand_in.base}/v1/events", auth=("sk_test_1", ""), timeout=5)

    assert answer.status_code == 200
    assert answer.json() == {"object": "list", "url": "/v1/events", "has_more": False, "data": []}
    assert answer.headers["Request-Id"].startswith("req_")
    assert answer.headers["Stripe-Version"] == "2026-08-26.dahlia"


def test_an_address_that_is_not_there_is_stripes_404(stand_in: StandInServer) -> None:
    answer = requests.get(f"{stand_in.base}/v1/nothing", auth=("sk_test_1", ""), timeout=5)

    assert answer.status_code == 404
    assert answer.json()["error"]["message"].startswith(
        "Unrecognized request URL (GET: /v1/nothing)"
    )
