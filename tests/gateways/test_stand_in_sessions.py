"""Checkout Sessions over the real SDK: made, read, expired."""

import time
from typing import Any

import pytest
import stripe

from storefront.payments.stand_in.thread import StandInServer

from .conftest import SHOP, Open, line, refusal
from .pay_pages import PAYS, visit

HOUR = 3600


def test_a_new_session_is_open_unpaid_and_has_a_page(
    stand_in: StandInServer, open_session: Open
) -> None:
    session = open_session(line_items=[line(4900, 2), line(1450)])

    assert session.id.startswith("cs_test_")
    assert (session.status, session.payment_status, session.mode) == ("open", "unpaid", "payment")
    assert (session.amount_subtotal, session.amount_total, session.currency) == (
        11250,
        11250,
        "usd",
    )
    assert session.total_details.to_dict() == {
        "amount_discount": 0,
        "amount_shipping": 0,
        "amount_tax": 0,
    }
    assert session.url == f"{stand_in.base}/c/pay/{session.id}"
    assert session.success_url == f"{SHOP}/checkout/return?session_id={{CHECKOUT_SESSION_ID}}"
    assert session.payment_intent is None
    assert session.metadata.to_dict() == {"order": "1001"}
    assert session.client_reference_id == "1001"
    assert session.expires_at - session.created == 24 * HOUR


def test_the_options_of_a_session_are_given_back(open_session: Open) -> None:
    session = open_session(
        customer_email="ada@example.org",
        locale="en",
        submit_type="pay",
        billing_address_collection="required",
        phone_number_collection={"enabled": True},
        consent_collection={"terms_of_service": "required", "promotions": "auto"},
        after_expiration={"recovery": {"enabled": True}},
        custom_text={"submit": {"message": "We ship on weekdays."}},
    )

    assert session.customer_email == "ada@example.org"
    assert session.customer_details.email == "ada@example.org"
    assert (session.locale, session.submit_type) == ("en", "pay")
    assert session.billing_address_collection == "required"
    assert session.phone_number_collection.enabled is True
    assert session.consent_collection.terms_of_service == "required"
    assert session.after_expiration.recovery.enabled is True
    assert session.custom_text.submit.message == "We ship on weekdays."
    assert session.adaptive_pricing.enabled is False
    assert session.shipping_address_collection.allowed_countries == ["US", "CA"]


def test_the_first_shipping_option_is_in_the_total(open_session: Open) -> None:
    session = open_session(shipping_options=[shipping(500, "Post"), shipping(1500, "Express")])

    assert (session.amount_subtotal, session.amount_total) == (4900, 5400)
    assert session.total_details.amount_shipping == 500
    assert session.shipping_cost.amount_total == 500
    assert [each.shipping_amount for each in session.shipping_options] == [500, 1500]


def shipping(amount: int, name: str) -> dict[str, Any]:
    rate = {
        "type": "fixed_amount",
        "display_name": name,
        "fixed_amount": {"amount": amount, "currency": "usd"},
        "delivery_estimate": {"maximum": {"unit": "business_day", "value": 5}},
    }
    return {"shipping_rate_data": rate}


def test_a_session_is_read_again_with_its_lines(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    made = open_session(line_items=[line(4900, 2, "QL Claw"), line(1450, 1, "Bag")])

    session = sdk.v1.checkout.sessions.retrieve(made.id, params={"expand": ["line_items"]})

    lines = session.line_items.data
    assert [(each.description, each.quantity, each.amount_total) for each in lines] == [
        ("QL Claw", 2, 9800),
        ("Bag", 1, 1450),
    ]
    assert lines[0].price.unit_amount == 4900
    assert lines[0].price.tax_behavior == "exclusive"


def test_a_session_is_found_by_its_payment(sdk: stripe.StripeClient, open_session: Open) -> None:
    open_session()
    paid = open_session()
    visit(paid.url).pay(PAYS)
    intent = sdk.v1.checkout.sessions.retrieve(paid.id).payment_intent

    found = sdk.v1.checkout.sessions.list(params={"payment_intent": str(intent)})

    assert [each.id for each in found.data] == [paid.id]


def test_a_total_below_the_minimum_is_too_small(open_session: Open) -> None:
    error = refusal(open_session, line_items=[line(49)])

    assert error.code == "amount_too_small"
    assert error.user_message == (
        "The Checkout Session's total amount due must add up to at least $0.50 usd"
    )


def test_the_minimum_itself_is_enough(open_session: Open) -> None:
    assert open_session(line_items=[line(50)]).amount_total == 50


def test_yen_have_no_cents(open_session: Open) -> None:
    yen = line(5000)
    yen["price_data"]["currency"] = "jpy"

    session = open_session(line_items=[yen])

    assert (session.amount_total, session.currency) == (5000, "jpy")
    assert visit(session.url).button == "Pay ¥5,000"


def test_a_hundred_lines_are_taken_and_one_more_is_not(open_session: Open) -> None:
    assert open_session(line_items=[line()] * 100).amount_total == 490000

    assert refusal(open_session, line_items=[line()] * 101).param == "line_items"


def test_two_currencies_in_one_session_are_refused(open_session: Open) -> None:
    euro = line()
    euro["price_data"]["currency"] = "eur"

    assert "same currency" in refusal(open_session, line_items=[line(), euro]).user_message


@pytest.mark.parametrize(
    ("seconds", "message"),
    [
        (
            30 * 60 - 5,
            "must be at least 30 minutes from Checkout Session creation.",
        ),
        (
            24 * HOUR + 5,
            "must be less than 24 hours from Checkout Session creation.",
        ),
    ],
)
def test_an_expiry_out_of_bounds_is_refused(open_session: Open, seconds: int, message: str) -> None:
    error = refusal(open_session, expires_at=int(time.time()) + seconds)

    assert error.param == "expires_at"
    assert error.user_message == f"The `expires_at` timestamp {message}"


def test_a_session_expires_by_the_clock_and_says_so(
    stand_in: StandInServer, sdk: stripe.StripeClient, open_session: Open
) -> None:
    session = open_session(expires_at=int(time.time()) + 31 * 60)

    stand_in.advance(30 * 60)
    assert sdk.v1.checkout.sessions.retrieve(session.id).status == "open"
    stand_in.advance(2 * 60)

    expired = sdk.v1.checkout.sessions.retrieve(session.id)
    assert (expired.status, expired.url, expired.payment_status) == ("expired", None, "unpaid")
    (event,) = sdk.v1.events.list(params={"type": "checkout.session.expired"}).data
    assert event.data.object["id"] == session.id
    assert event["request"]["id"] is None


def test_expiring_a_session_ends_it_once(sdk: stripe.StripeClient, open_session: Open) -> None:
    session = open_session()

    expired = sdk.v1.checkout.sessions.expire(session.id)

    assert expired.status == "expired"
    with pytest.raises(stripe.InvalidRequestError) as caught:
        sdk.v1.checkout.sessions.expire(session.id)
    assert caught.value.user_message == (
        'Only Checkout Sessions with a status in ["open"] can be expired. '
        "This Checkout Session has a status of `expired`."
    )
    (event,) = sdk.v1.events.list(params={"type": "checkout.session.expired"}).data
    assert str(event["request"]["id"]).startswith("req_")


def test_a_paid_session_cannot_be_expired(sdk: stripe.StripeClient, open_session: Open) -> None:
    session = open_session()
    visit(session.url).pay(PAYS)

    with pytest.raises(stripe.InvalidRequestError, match="status of `complete`"):
        sdk.v1.checkout.sessions.expire(session.id)

    assert sdk.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
