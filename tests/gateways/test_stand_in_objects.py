"""What Stripe's own clients use besides sessions: customers, methods, prices, intents."""

from typing import Any

import pytest
import requests
import stripe

from storefront.payments.stand_in.thread import StandInServer

from .conftest import Open, again, line, refusal, types
from .pay_pages import PAYS, visit


def intent(sdk: stripe.StripeClient, method: str, **more: Any) -> stripe.PaymentIntent:
    params: Any = {"amount": 4900, "currency": "usd", "payment_method": method, "confirm": True}
    return sdk.v1.payment_intents.create(params={**params, **more})


def test_a_customer_is_found_by_email(sdk: stripe.StripeClient) -> None:
    for name in ("ada", "eve"):
        sdk.v1.customers.create(params={"email": f"{name}@example.org", "name": name.title()})

    (found,) = sdk.v1.customers.list(params={"email": "eve@example.org"}).data

    assert (found.name, found.email) == ("Eve", "eve@example.org")
    assert sdk.v1.customers.retrieve(found.id).address is None
    assert types(sdk) == ["customer.created"] * 2


def test_the_customer_of_a_session_is_on_everything_it_leads_to(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    ada = sdk.v1.customers.create(params={"email": "ada@example.org"}).id
    session = open_session(customer=ada)
    page = visit(session.url)
    assert page.field("Email")["value"] == "ada@example.org"

    page.pay(PAYS)

    payment = again(sdk, session).payment_intent
    refund = sdk.v1.refunds.create(params={"payment_intent": payment.id})
    assert {payment.customer, payment.latest_charge.customer, refund.customer} == {ada}
    assert [each.id for each in sdk.v1.checkout.sessions.list(params={"customer": ada}).data] == [
        session.id
    ]


def test_a_customer_and_an_email_are_not_both_taken(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    ada = sdk.v1.customers.create(params={"email": "ada@example.org"}).id

    both = refusal(open_session, customer=ada, customer_email="ada@example.org")

    assert "only specify one" in both.user_message
    assert refusal(open_session, customer="cus_none").code == "resource_missing"


def test_a_price_sells_its_product(sdk: stripe.StripeClient, open_session: Open) -> None:
    product = sdk.v1.products.create(params={"name": "QL Claw"})
    price = sdk.v1.prices.create(
        params={"product": product.id, "currency": "usd", "unit_amount": 4900}
    )

    session = open_session(line_items=[{"price": price.id, "quantity": 2}])

    assert session.amount_total == 9800
    (item,) = sdk.v1.checkout.sessions.line_items.list(session.id).data
    assert (item.description, item.price.id) == ("QL Claw", price.id)
    assert [each.id for each in sdk.v1.prices.list(params={"product": product.id}).data] == [
        price.id
    ]


@pytest.mark.parametrize(
    ("sold", "message"),
    [
        ({"price": "price_none", "quantity": 1}, "No such price: 'price_none'"),
        ({**line(), "price": "price_1"}, "You may only specify one of these parameters"),
        ({"price": "price_1"}, "Missing required param: line_items[0][quantity]."),
    ],
)
def test_a_line_names_one_price_that_is_there(
    open_session: Open, sold: dict[str, Any], message: str
) -> None:
    assert refusal(open_session, line_items=[sold]).user_message.startswith(message)


def test_a_product_that_is_not_there_has_no_price(sdk: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="No such product"):
        sdk.v1.prices.create(
            params={"product": "prod_none", "currency": "usd", "unit_amount": 4900}
        )


def test_a_payment_method_shows_a_card_and_never_its_number(sdk: stripe.StripeClient) -> None:
    method = sdk.v1.payment_methods.create(
        params={
            "type": "card",
            "card": {"token": "tok_visa"},
            "billing_details": {"email": "ada@example.org"},
        }
    )

    assert method.card is not None
    assert (method.card.brand, method.card.last4) == ("visa", "4242")
    assert method.billing_details.email == "ada@example.org"
    assert "4242424242424242" not in str(method)
    with pytest.raises(stripe.InvalidRequestError, match="No such token"):
        sdk.v1.payment_methods.create(params={"type": "card", "card": {"token": "tok_none"}})


def test_an_intent_is_paid_at_once(sdk: stripe.StripeClient) -> None:
    paid = intent(sdk, "pm_card_visa", metadata={"order": "1001"})

    assert (paid.status, paid.amount_received) == ("succeeded", 4900)
    assert sdk.v1.charges.retrieve(str(paid.latest_charge)).payment_method == paid.payment_method
    assert types(sdk) == ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


def test_an_intent_may_wait(sdk: stripe.StripeClient) -> None:
    waiting = sdk.v1.payment_intents.create(params={"amount": 4900, "currency": "usd"})

    assert (waiting.status, waiting.latest_charge) == ("requires_payment_method", None)


@pytest.mark.parametrize(
    ("method", "code", "decline_code"),
    [
        ("pm_card_visa_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_visa_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", None),
    ],
)
def test_a_declined_card_is_an_error_that_is_kept(
    sdk: stripe.StripeClient, method: str, code: str, decline_code: str | None
) -> None:
    with pytest.raises(stripe.CardError) as caught:
        intent(sdk, method)

    assert caught.value.http_status == 402
    assert caught.value.code == code
    assert getattr(caught.value.error, "decline_code", None) == decline_code
    (kept,) = sdk.v1.payment_intents.list().data
    assert kept.status == "requires_payment_method"
    assert types(sdk)[-1] == "payment_intent.payment_failed"


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({"amount": 49}, "Amount must add up to at least"),
        ({"amount": 0}, "Amount must add up to at least"),
        ({"amount": 5005, "currency": "kwd"}, "must be a multiple of 10"),
        ({"method": "pm_none"}, "No such PaymentMethod: 'pm_none'"),
        ({"capture_method": "manual"}, "Invalid capture_method"),
        ({"method": "pm_card_authenticationRequired"}, "does not do this: 3-D Secure"),
    ],
)
def test_an_intent_that_cannot_be_is_refused(
    sdk: stripe.StripeClient, fault: dict[str, Any], message: str
) -> None:
    wanted = {"method": "pm_card_visa", **fault}
    with pytest.raises(stripe.InvalidRequestError, match=message):
        intent(sdk, **wanted)

    assert sdk.v1.payment_intents.list().data == []


def confirm(stand_in: StandInServer, session_id: str, **form: Any) -> requests.Response:
    address = f"{stand_in.base}/v1/payment_pages/{session_id}/confirm"
    return requests.post(address, data=form, auth=("sk_test_1", ""), timeout=5)


def test_a_page_is_confirmed_only_for_the_amount_expected(
    stand_in: StandInServer, sdk: stripe.StripeClient, open_session: Open
) -> None:
    session = open_session(automatic_tax={"enabled": True})

    wrong = confirm(stand_in, session.id, payment_method="pm_card_visa", expected_amount=4900)

    assert wrong.json()["error"]["code"] == "checkout_amount_mismatch"
    assert again(sdk, session).status == "open"
    confirm(stand_in, session.id, payment_method="pm_card_visa", expected_amount=5390)
    paid = again(sdk, session)
    assert (paid.payment_status, paid.amount_total) == ("paid", 5390)
    closed = confirm(stand_in, session.id, payment_method="pm_card_visa")
    assert closed.json()["error"]["message"] == "This Checkout Session is complete."


def test_a_session_may_offer_a_bank_debit_alone(open_session: Open) -> None:
    page = visit(open_session(payment_method_types=["us_bank_account"]).url)

    assert "Card number" not in page.text
    assert page.send().status == 303


def test_a_method_that_cannot_pay_in_the_currency_is_refused(open_session: Open) -> None:
    assert refusal(open_session, payment_method_types=["sepa_debit"]).param == (
        "payment_method_types"
    )
