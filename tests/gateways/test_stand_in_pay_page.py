"""The hosted pay page, as a buyer without scripts meets it."""

import pytest
import requests
import stripe

from storefront.payments.stand_in.thread import StandInServer

from .conftest import SHOP, Open, again, types
from .pay_pages import PAYS, PayPage, visit


def test_the_page_says_what_it_is_and_what_is_bought(pay_page: PayPage) -> None:
    assert pay_page.status == 200
    assert "This is not Stripe, and no money moves." in pay_page.text
    assert "QL Claw 2 \N{MULTIPLICATION SIGN} $49.00 $98.00" in pay_page.text
    assert "Total $112.50" in pay_page.text
    assert pay_page.button == "Pay $112.50"
    (back,) = pay_page.soup.select("main a")
    assert (back.get_text(), back["href"]) == ("Back", f"{SHOP}/cart")


def test_the_page_is_one_document_with_landmarks_and_no_script(pay_page: PayPage) -> None:
    assert [len(pay_page.soup.select(each)) for each in ("header", "main", "h1")] == [1, 1, 1]
    assert pay_page.soup.select("script, style, [style], [onclick]") == []
    assert pay_page.answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action 'self' {SHOP}"
    )
    assert pay_page.answer.headers["Cache-Control"] == "no-store"


def test_the_buyer_is_filled_in_and_plainly_nobody(pay_page: PayPage) -> None:
    labels = ("Email", "Name", "Address line 1", "City", "State (optional)", "Postal code")

    assert [pay_page.field(label)["value"] for label in labels] == [
        "buyer@example.com",
        "Demo Buyer",
        "1 Example Street",
        "Denver",
        "CO",
        "80202",
    ]
    assert pay_page.values()["country"] == "US"
    assert [pay_page.field(label)["value"] for label in ("Card number", "Expiry", "CVC")] == [
        ""
    ] * 3


def test_the_shops_own_email_stands_there_when_it_gave_one(open_session: Open) -> None:
    pay_page = visit(str(open_session(customer_email="ada@example.org").url))

    assert pay_page.field("Email")["value"] == "ada@example.org"


@pytest.mark.parametrize(
    ("typed", "label", "message"),
    [
        ({"card_number": ""}, "Card number", "Enter a card number."),
        (
            {"card_number": "4242 4242 4242 4241"},
            "Card number",
            "This card number is invalid: check its digits.",
        ),
        (
            {"card_number": "4111 1111 1111 1111"},
            "Card number",
            "This stand-in only knows test cards. Never type a real card number here.",
        ),
        ({"expiry": ""}, "Expiry", "Enter the expiry as month and year, like 12 / 34."),
        ({"expiry": "13/34"}, "Expiry", "Enter the expiry as month and year, like 12 / 34."),
        ({"expiry": "12/20"}, "Expiry", "This card's expiry date is in the past."),
        ({"cvc": ""}, "CVC", "Enter the 3 digits of the CVC."),
        ({"cvc": "12"}, "CVC", "Enter the 3 digits of the CVC."),
        ({"email": "ada"}, "Email", "Enter an email address like name@example.com."),
        ({"email": ""}, "Email", "Enter an email address."),
        ({"name": " "}, "Name", "Enter a name."),
        ({"country": "AQ"}, "Country", "Choose a country from the list."),
    ],
)
def test_a_mistake_is_shown_beside_its_field_and_all_is_kept(
    sdk: stripe.StripeClient, pay_page: PayPage, typed: dict[str, str], label: str, message: str
) -> None:
    card = {"card_number": PAYS, "expiry": "12 / 34", "cvc": "123", "city": "Boulder"}

    shown = pay_page.send(**{**card, **typed})

    assert shown.status == 422
    assert shown.error(label) == message
    assert len(shown.soup.select("[aria-invalid]")) == 1
    assert shown.field("City")["value"] == "Boulder"
    if label != "Card number":
        assert shown.field("Card number")["value"] == PAYS
    assert types(sdk) == []


@pytest.mark.parametrize("expiry", ["1234", "12/2034", "12-34", "12 34", "1/35"])
def test_an_expiry_may_be_written_in_several_ways(pay_page: PayPage, expiry: str) -> None:
    sent = pay_page.send(card_number="4242424242424242", expiry=expiry, cvc="123")

    assert sent.status == 303


def test_an_american_express_card_has_four_digits(pay_page: PayPage) -> None:
    card = {"card_number": "3782 822463 10005", "expiry": "12/34"}

    assert pay_page.send(**card, cvc="123").error("CVC") == "Enter the 4 digits of the CVC."
    assert pay_page.send(**card, cvc="1234").status == 303


def test_a_paid_session_cannot_be_opened_again(pay_page: PayPage) -> None:
    pay_page.pay(PAYS)

    closed = visit(pay_page.answer.url)

    assert closed.status == 410
    assert "This order is already completed" in closed.text
    assert closed.soup.select("form") == []


def test_an_expired_session_says_so_and_takes_no_payment(
    stand_in: StandInServer, sdk: stripe.StripeClient, pay_page: PayPage
) -> None:
    stand_in.advance(25 * 3600)

    for closed in (visit(pay_page.answer.url), pay_page.pay(PAYS)):
        assert closed.status == 410
        assert "This payment page has expired" in closed.text
        assert closed.soup.select_one("main a")["href"] == f"{SHOP}/cart"  # type: ignore[index]
    assert types(sdk) == ["checkout.session.expired"]


def test_a_page_that_never_was_is_a_404(stand_in: StandInServer) -> None:
    assert visit(f"{stand_in.base}/c/pay/cs_test_none").status == 404


def test_other_shipping_is_paid_only_after_its_total_was_shown(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    rates = [
        {
            "shipping_rate_data": {
                "type": "fixed_amount",
                "display_name": name,
                "fixed_amount": {"amount": amount, "currency": "usd"},
            }
        }
        for name, amount in (("Post", 500), ("Express", 1500))
    ]
    checkout = open_session(shipping_options=rates)
    pay_page = visit(str(checkout.url))
    assert pay_page.button == "Pay $54.00"
    express = str(pay_page.field("Express, $15.00")["value"])

    changed = pay_page.pay(PAYS, shipping_rate=express)
    assert (changed.status, changed.button) == (422, "Pay $64.00")
    assert again(sdk, checkout).status == "open"

    assert changed.pay(PAYS).status == 303
    paid = again(sdk, checkout)
    assert (paid.amount_total, paid.shipping_cost.shipping_rate) == (6400, express)
    assert paid.payment_intent.amount == 6400


def test_consent_is_asked_for_and_kept(sdk: stripe.StripeClient, open_session: Open) -> None:
    asked = {"terms_of_service": "required", "promotions": "auto"}
    checkout = open_session(consent_collection=asked)
    pay_page = visit(str(checkout.url))
    without = {key: value for key, value in pay_page.values().items() if key != "terms"}
    card = {"card_number": PAYS, "expiry": "12/34", "cvc": "123"}
    answer = requests.post(pay_page.answer.url, data={**without, **card}, timeout=5)
    assert PayPage(answer).error("I agree to the terms of service").startswith("Agree")

    assert pay_page.pay(PAYS).status == 303

    consent = again(sdk, checkout).consent
    assert (consent.terms_of_service, consent.promotions) == ("accepted", "opt_out")


def test_a_phone_is_kept_when_it_is_asked_for(sdk: stripe.StripeClient, open_session: Open) -> None:
    checkout = open_session(phone_number_collection={"enabled": True})

    visit(str(checkout.url)).pay(PAYS, phone="+1 303 555 0199")

    assert again(sdk, checkout).customer_details.phone == "+1 303 555 0199"


def test_what_the_buyer_types_is_shown_as_text(pay_page: PayPage) -> None:
    shown = pay_page.send(name='"><script>alert(1)</script>')

    assert shown.field("Name")["value"] == '"><script>alert(1)</script>'
    assert shown.soup.select("script") == []
