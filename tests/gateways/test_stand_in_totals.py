"""What a session adds up to: shipping, tax, and the steps of a currency."""

from typing import Any

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from storefront.payments.stand_in.totals import spread

from .conftest import Open, again, line, refusal
from .pay_pages import DECLINED, PAYS, visit

TAX = {"automatic_tax": {"enabled": True}}


def shipping(amount: int, name: str = "Post", tax_behavior: str = "exclusive") -> dict[str, Any]:
    return {
        "shipping_rate_data": {
            "type": "fixed_amount",
            "display_name": name,
            "fixed_amount": {"amount": amount, "currency": "usd"},
            "tax_behavior": tax_behavior,
        }
    }


def priced(amount: int, behavior: str = "exclusive", currency: str = "usd") -> dict[str, Any]:
    made = line(amount)
    made["price_data"] |= {"tax_behavior": behavior, "currency": currency}
    return made


def test_at_most_five_ways_of_shipping(open_session: Open) -> None:
    five = [shipping(amount) for amount in range(500, 1000, 100)]

    assert len(open_session(shipping_options=five).shipping_options) == 5
    assert refusal(open_session, shipping_options=[*five, five[0]]).param == "shipping_options"


def test_another_way_of_shipping_changes_the_total_before_it_is_paid(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    session = open_session(shipping_options=[shipping(500), shipping(1500, "Express")])
    page = visit(session.url)
    assert "Post $5.00" in page.text
    express = session.shipping_options[1].shipping_rate

    asked_again = page.pay(PAYS, shipping_rate=express)

    assert (asked_again.status, asked_again.button) == (422, "Pay $64.00")
    assert again(sdk, session).amount_total == 5400
    assert asked_again.pay(PAYS).status == 303
    paid = again(sdk, session)
    assert (paid.amount_total, paid.total_details.amount_shipping) == (6400, 1500)
    assert paid.shipping_cost.shipping_rate == express


def test_the_tax_is_added_once_the_address_is_known(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    session = open_session(
        line_items=[priced(4900), priced(1005)], shipping_options=[shipping(500)], **TAX
    )
    assert session.automatic_tax.status == "requires_location_inputs"
    assert (session.amount_total, session.total_details.amount_tax) == (6405, 0)
    page = visit(session.url)
    assert "Tax (10 %) $6.41" in page.text
    assert page.button == "Pay $70.46"
    assert again(sdk, session).amount_total == 6405

    page.pay(PAYS)

    paid = again(sdk, session)
    assert paid.automatic_tax.to_dict() == {
        "enabled": True,
        "liability": {"type": "self"},
        "provider": "stripe",
        "status": "complete",
    }
    assert paid.total_details.amount_tax == 490 + 101 + 50
    assert (paid.amount_total, paid.payment_intent.amount_received) == (7046, 7046)
    assert (paid.shipping_cost.amount_tax, paid.shipping_cost.amount_total) == (50, 550)
    lines = sdk.v1.checkout.sessions.line_items.list(session.id).data
    assert [(each.amount_tax, each.amount_total) for each in lines] == [(490, 5390), (101, 1106)]


def test_the_tax_may_be_in_the_prices_already(sdk: stripe.StripeClient, open_session: Open) -> None:
    session = open_session(
        line_items=[priced(4900, "inclusive")],
        shipping_options=[shipping(500, tax_behavior="inclusive")],
        **TAX,
    )
    page = visit(session.url)
    assert "Tax (10 %, included) $4.90" in page.text

    page.pay(PAYS)

    paid = again(sdk, session)
    assert (paid.amount_total, paid.total_details.amount_tax) == (5400, 445 + 45)


def test_what_the_discount_takes_off_is_not_taxed(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    params: Any = {"amount_off": 900, "currency": "usd", "duration": "once"}
    coupon = sdk.v1.coupons.create(params=params)
    session = open_session(discounts=[{"coupon": coupon.id}], **TAX)

    visit(session.url).pay(PAYS)

    paid = again(sdk, session)
    assert (paid.amount_total, paid.total_details.amount_tax) == (4400, 400)


def test_a_declined_card_leaves_the_tax_that_was_found(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    session = open_session(**TAX)

    refused = visit(session.url).pay(DECLINED)

    now = again(sdk, session)
    assert (now.status, now.automatic_tax.status, now.amount_total) == ("open", "complete", 5390)
    assert refused.pay(PAYS).status == 303


@pytest.mark.parametrize(
    ("fault", "param"),
    [
        ({"line_items": [priced(4900, "unspecified")]}, "line_items"),
        ({"shipping_options": [shipping(500, tax_behavior="unspecified")]}, "shipping_options"),
    ],
)
def test_a_price_that_does_not_say_whether_the_tax_is_in_it_is_refused(
    open_session: Open, fault: dict[str, Any], param: str
) -> None:
    assert refusal(open_session, **TAX, **fault).param == param
    assert open_session(**fault).automatic_tax.enabled is False


def test_three_decimals_are_taken_in_tens(sdk: stripe.StripeClient, open_session: Open) -> None:
    error = refusal(open_session, line_items=[priced(5124, currency="kwd")])
    assert error.param == "line_items[0][price_data][unit_amount]"

    session = open_session(line_items=[priced(5150, currency="kwd")], **TAX)
    page = visit(session.url)

    assert page.button == "Pay KWD5.670"
    page.pay(PAYS)
    intent = again(sdk, session).payment_intent
    assert intent.amount == 5670
    with pytest.raises(stripe.InvalidRequestError, match="must be a multiple of 10"):
        sdk.v1.refunds.create(params={"payment_intent": intent.id, "amount": 1005})


def test_yen_are_taxed_in_whole_yen(sdk: stripe.StripeClient, open_session: Open) -> None:
    session = open_session(line_items=[priced(4905, currency="jpy")], **TAX)

    visit(session.url).pay(PAYS)

    assert again(sdk, session).amount_total == 4905 + 491


@pytest.mark.parametrize(
    ("currency", "least"), [("usd", 50), ("eur", 50), ("gbp", 30), ("jpy", 50), ("hkd", 400)]
)
def test_each_currency_has_its_least_charge(open_session: Open, currency: str, least: int) -> None:
    assert open_session(line_items=[priced(least, currency=currency)]).amount_total == least

    error = refusal(open_session, line_items=[priced(least - 1, currency=currency)])
    assert error.code == "amount_too_small"


def test_no_way_of_shipping_may_make_the_total_too_small(open_session: Open) -> None:
    options = [shipping(500), shipping(20, "Pigeon")]

    assert refusal(open_session, line_items=[line(0)], shipping_options=options).code == (
        "amount_too_small"
    )


@pytest.mark.parametrize(
    ("amount", "over", "parts"),
    [
        (100, [1, 1, 1], [33, 33, 34]),
        (1, [1, 1, 1], [0, 0, 1]),
        (7, [0, 7], [0, 7]),
        (0, [5], [0]),
        (0, [0], [0]),
        (5, [3, 2], [3, 2]),
    ],
)
def test_spreading_loses_nothing(amount: int, over: list[int], parts: list[int]) -> None:
    assert spread(amount, over) == parts


@given(over=st.lists(st.integers(0, 10**8), min_size=1, max_size=100), data=st.data())
def test_no_part_is_more_than_what_it_is_a_part_of(over: list[int], data: st.DataObject) -> None:
    amount = data.draw(st.integers(0, sum(over)))

    parts = spread(amount, over)

    assert sum(parts) == amount
    assert all(0 <= part <= whole for part, whole in zip(parts, over, strict=True))
