"""What happens when the buyer presses Pay: paid, declined, asked again, paid later."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import stripe

from storefront.payments.stand_in.thread import StandInServer

from .conftest import SHOP, Open, again, line, types
from .pay_pages import CHALLENGED, DECLINED, PAYS, PayPage, visit

DENVER = {
    "city": "Denver",
    "country": "US",
    "line1": "1 Example Street",
    "line2": None,
    "postal_code": "80202",
    "state": "CO",
}


def test_a_good_card_pays_and_sends_the_buyer_on(
    sdk: stripe.StripeClient, checkout: Any, pay_page: PayPage
) -> None:
    sent_on = pay_page.pay(PAYS)

    assert sent_on.status == 303
    assert sent_on.goes_to == f"{SHOP}/checkout/return?session_id={checkout.id}"
    paid = again(sdk, checkout)
    assert (paid.status, paid.payment_status, paid.url) == ("complete", "paid", None)
    assert paid.customer_details.email == "buyer@example.com"
    assert paid.collected_information.shipping_details.to_dict() == {
        "name": "Demo Buyer",
        "address": DENVER,
    }


def test_the_payment_behind_it_is_complete(
    sdk: stripe.StripeClient, checkout: Any, pay_page: PayPage
) -> None:
    pay_page.pay(PAYS)

    intent = again(sdk, checkout).payment_intent
    charge = intent.latest_charge
    assert (intent.status, intent.amount, intent.amount_received) == ("succeeded", 11250, 11250)
    assert intent.metadata.to_dict() == charge.metadata.to_dict() == {"order": "1001"}
    assert (charge.status, charge.paid, charge.amount, charge.currency) == (
        "succeeded", True, 11250, "usd",
    )  # fmt: skip
    assert charge.billing_details.name == "Demo Buyer"
    assert charge.payment_method == intent.payment_method
    method = sdk.v1.payment_methods.retrieve(intent.payment_method)
    assert (method.card.last4, method.billing_details.name) == ("4242", "Demo Buyer")
    card = charge.payment_method_details.card
    assert (card.brand, card.last4, card.exp_month, card.exp_year) == ("visa", "4242", 12, 2034)
    assert types(sdk) == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_without_a_shipping_address_asked_none_is_given(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    checkout = open_session(shipping_address_collection={"allowed_countries": ["CA"]})
    pay_page = visit(str(checkout.url))
    assert pay_page.values()["country"] == "CA"

    pay_page.pay(PAYS, line1="2 Maple Road", phone="not asked for")

    details = again(sdk, checkout).customer_details
    assert (details.address.line1, details.address.country) == ("2 Maple Road", "CA")
    assert details.phone is None


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (DECLINED, ("card_declined", "generic_decline", "Your card was declined.")),
        (
            "4000000000009995",
            ("card_declined", "insufficient_funds", "Your card has insufficient funds."),
        ),
        ("4000 0000 0000 0069", ("expired_card", None, "Your card has expired.")),
        ("4000 0000 0000 0127", ("incorrect_cvc", None, "Your card's security code is incorrect.")),
    ],
)
def test_a_decline_says_so_and_leaves_the_session_open(
    sdk: stripe.StripeClient,
    checkout: Any,
    pay_page: PayPage,
    number: str,
    expected: tuple[str, str | None, str],
) -> None:
    refused = pay_page.pay(number, name="Ada Lovelace")

    assert refused.status == 402
    assert refused.alert == f"{expected[2]} Nothing was charged: try another card."
    assert refused.field("Card number")["value"] == number
    assert refused.field("Name")["value"] == "Ada Lovelace"
    now = again(sdk, checkout)
    assert (now.status, now.payment_status) == ("open", "unpaid")
    error = now.payment_intent.last_payment_error.to_dict()
    assert error["type"] == "card_error"
    assert (error["code"], error.get("decline_code"), error["message"]) == expected
    assert types(sdk) == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
    ]


def test_another_card_after_a_decline_pays_on_the_same_payment(
    sdk: stripe.StripeClient, checkout: Any, pay_page: PayPage
) -> None:
    refused = pay_page.pay(DECLINED)
    first = again(sdk, checkout).payment_intent.id

    assert refused.pay(PAYS).status == 303

    paid = again(sdk, checkout)
    assert (paid.payment_status, paid.payment_intent.id) == ("paid", first)
    assert paid.payment_intent.last_payment_error is None
    charges = sdk.v1.charges.list(params={"payment_intent": first})
    assert [each.status for each in charges.data] == ["succeeded", "failed"]


@pytest.mark.parametrize("number", [CHALLENGED, "4000 0000 0000 3220"])
def test_three_d_secure_pays_after_the_bank_has_asked(
    sdk: stripe.StripeClient, checkout: Any, pay_page: PayPage, number: str
) -> None:
    to_the_bank = pay_page.pay(number)
    assert to_the_bank.status == 303
    assert again(sdk, checkout).payment_intent.status == "requires_action"
    question = visit(to_the_bank.goes_to)
    assert [each.get_text() for each in question.soup.select("button")] == [
        "Complete authentication",
        "Fail authentication",
    ]

    sent_on = question.send(answer="complete")

    assert sent_on.goes_to == f"{SHOP}/checkout/return?session_id={checkout.id}"
    charge = again(sdk, checkout).payment_intent.latest_charge
    assert charge.payment_method_details.card.three_d_secure.result == "authenticated"
    assert question.send(answer="complete").goes_to == sent_on.goes_to
    assert types(sdk).count("charge.succeeded") == 1


def test_three_d_secure_that_fails_charges_nothing(
    sdk: stripe.StripeClient, checkout: Any, pay_page: PayPage
) -> None:
    question = visit(pay_page.pay(CHALLENGED, city="Boulder").goes_to)

    refused = question.send(answer="fail")

    assert refused.status == 402
    assert refused.alert.startswith("We are unable to authenticate your payment method.")
    assert refused.field("City")["value"] == "Boulder"
    intent = again(sdk, checkout).payment_intent
    assert (intent.status, intent.latest_charge) == ("requires_payment_method", None)
    assert intent.last_payment_error.code == "payment_intent_authentication_failure"
    assert types(sdk)[-2:] == ["payment_intent.requires_action", "payment_intent.payment_failed"]
    assert question.send(answer="complete").goes_to == str(checkout.url)


def test_a_session_that_ends_during_three_d_secure_is_not_paid(
    sdk: stripe.StripeClient, checkout: Any, pay_page: PayPage
) -> None:
    question = visit(pay_page.pay(CHALLENGED).goes_to)
    sdk.v1.checkout.sessions.expire(checkout.id)

    closed = question.send(answer="complete")

    assert closed.status == 410
    assert again(sdk, checkout).payment_intent.status == "canceled"
    assert "charge.succeeded" not in types(sdk)


def test_a_double_submit_pays_once(
    sdk: stripe.StripeClient, checkout: Any, pay_page: PayPage
) -> None:
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: pay_page.pay(PAYS), range(4)))

    assert {answer.goes_to for answer in answers} == {
        f"{SHOP}/checkout/return?session_id={checkout.id}"
    }
    assert types(sdk).count("charge.succeeded") == 1
    assert types(sdk).count("checkout.session.completed") == 1


def test_a_bank_debit_needs_no_card_and_pays_later(
    stand_in: StandInServer,
    sdk: stripe.StripeClient,
    checkout: Any,
    pay_page: PayPage,
) -> None:
    assert pay_page.send(method="bank").status == 303
    unpaid = again(sdk, checkout)
    assert (unpaid.status, unpaid.payment_status) == ("complete", "unpaid")
    assert unpaid.payment_intent.status == "processing"
    stand_in.advance(9)
    assert again(sdk, checkout).payment_status == "unpaid"

    stand_in.advance(2)

    paid = again(sdk, checkout)
    assert (paid.payment_status, paid.payment_intent.status) == ("paid", "succeeded")
    assert types(sdk) == [
        "payment_intent.created",
        "charge.pending",
        "payment_intent.processing",
        "checkout.session.completed",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.async_payment_succeeded",
    ]


@pytest.mark.parametrize(("currency", "kind"), [("usd", "us_bank_account"), ("eur", "sepa_debit")])
def test_the_account_of_a_bank_debit_can_be_read(
    sdk: stripe.StripeClient, open_session: Open, currency: str, kind: str
) -> None:
    goods = line(5000)
    goods["price_data"]["currency"] = currency
    checkout = open_session(line_items=[goods])

    visit(str(checkout.url)).send(method="bank")

    method = sdk.v1.payment_methods.retrieve(again(sdk, checkout).payment_intent.payment_method)
    assert method.type == kind
    assert method.billing_details.email == "buyer@example.com"


def test_a_bank_debit_can_fail_later(
    stand_in: StandInServer,
    sdk: stripe.StripeClient,
    checkout: Any,
    pay_page: PayPage,
) -> None:
    pay_page.send(method="bank", bank_outcome="fails")
    stand_in.advance(11)

    failed = again(sdk, checkout)
    assert (failed.status, failed.payment_status) == ("complete", "unpaid")
    assert failed.payment_intent.latest_charge.status == "failed"
    assert types(sdk)[-3:] == [
        "charge.failed",
        "payment_intent.payment_failed",
        "checkout.session.async_payment_failed",
    ]


def test_a_currency_without_a_bank_debit_offers_none(open_session: Open) -> None:
    yen = line(5000)
    yen["price_data"]["currency"] = "jpy"
    pay_page = visit(str(open_session(line_items=[yen]).url))

    assert "Bank debit" not in pay_page.text
    assert pay_page.send(method="bank").error("Card number") == "Enter a card number."


def test_an_order_that_costs_nothing_needs_no_payment(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    checkout = open_session(line_items=[line(0)])
    pay_page = visit(str(checkout.url))
    assert pay_page.button == "Complete order"

    assert pay_page.send().status == 303

    done = again(sdk, checkout)
    assert (done.status, done.payment_status) == ("complete", "no_payment_required")
    assert done.payment_intent is None
    assert types(sdk) == ["checkout.session.completed"]
