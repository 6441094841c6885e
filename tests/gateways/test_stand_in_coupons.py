"""Coupons: made, taken off a session once, used up, deleted."""

import time
from typing import Any

import pytest
import stripe

from storefront.payments.stand_in.thread import StandInServer

from .conftest import Open, again, line, refusal, types
from .pay_pages import PAYS, visit

Coupon = dict[str, Any]
TEN_OFF: Coupon = {"amount_off": 1000, "currency": "usd", "name": "Ten off"}


def coupon(sdk: stripe.StripeClient, **params: Any) -> str:
    made: Any = {"duration": "once", **params}
    return sdk.v1.coupons.create(params=made).id


def with_coupon(sdk: stripe.StripeClient, open_session: Open, off: Coupon, **more: Any) -> Any:
    return open_session(discounts=[{"coupon": coupon(sdk, **off)}], **more)


def test_a_coupon_is_read_again_as_it_was_made(sdk: stripe.StripeClient) -> None:
    made = coupon(sdk, id="SPRING", percent_off="12.5", name="Spring", max_redemptions=2)

    found = sdk.v1.coupons.retrieve(made)

    assert (found.id, found.name, found.percent_off, found.valid) == (
        "SPRING",
        "Spring",
        12.5,
        True,
    )
    assert (found.times_redeemed, found.max_redemptions, found.amount_off) == (0, 2, None)
    assert [each.id for each in sdk.v1.coupons.list().data] == ["SPRING"]
    assert types(sdk) == ["coupon.created"]


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ({}, "either percent_off or amount_off"),
        ({"percent_off": "10", "amount_off": 100, "currency": "usd"}, "and not both"),
        ({"amount_off": 100}, "You must pass currency when passing amount_off."),
        ({"percent_off": "0"}, "Invalid decimal: 0"),
        ({"percent_off": "100.5"}, "Invalid decimal: 100.5"),
        ({"amount_off": 1005, "currency": "kwd"}, "must be a multiple of 10"),
        ({"percent_off": "10", "duration": "forever"}, "Invalid duration"),
    ],
)
def test_a_coupon_that_says_nothing_clear_is_refused(
    sdk: stripe.StripeClient, fault: Coupon, message: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError, match=message):
        coupon(sdk, **fault)

    assert sdk.v1.coupons.list().data == []


def test_the_same_id_twice_is_refused(sdk: stripe.StripeClient) -> None:
    coupon(sdk, id="SPRING", percent_off="10")

    with pytest.raises(stripe.InvalidRequestError) as caught:
        coupon(sdk, id="SPRING", percent_off="20")

    assert caught.value.code == "resource_already_exists"
    assert sdk.v1.coupons.retrieve("SPRING").percent_off == 10


def test_a_deleted_coupon_is_gone_but_for_those_who_have_it(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    session = with_coupon(sdk, open_session, {**TEN_OFF, "id": "SPRING"})

    assert sdk.v1.coupons.delete("SPRING").deleted is True

    with pytest.raises(stripe.InvalidRequestError, match="No such coupon: 'SPRING'"):
        sdk.v1.coupons.retrieve("SPRING")
    assert visit(session.url).button == "Pay $39.00"
    assert refusal(open_session, discounts=[{"coupon": "SPRING"}]).code == "resource_missing"
    assert coupon(sdk, id="SPRING", percent_off="10") == "SPRING"


def test_a_name_can_be_changed_and_an_amount_cannot(sdk: stripe.StripeClient) -> None:
    made = coupon(sdk, **TEN_OFF)

    assert sdk.v1.coupons.update(made, params={"name": "Autumn"}).name == "Autumn"
    amount: Any = {"amount_off": 2000}
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: amount_off"):
        sdk.v1.coupons.update(made, params=amount)


def test_an_amount_comes_off_the_goods(sdk: stripe.StripeClient, open_session: Open) -> None:
    session = with_coupon(
        sdk, open_session, TEN_OFF, line_items=[line(4900), line(2450, name="Bag")]
    )

    assert (session.amount_subtotal, session.amount_total) == (7350, 6350)
    assert session.total_details.amount_discount == 1000
    assert session.discounts[0].coupon.startswith(sdk.v1.coupons.list().data[0].id)
    lines = sdk.v1.checkout.sessions.line_items.list(session.id).data
    assert [(each.amount_discount, each.amount_total) for each in lines] == [
        (666, 4234),
        (334, 2116),
    ]


def test_the_page_names_the_discount_and_charges_what_is_left(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    session = with_coupon(sdk, open_session, TEN_OFF)
    page = visit(session.url)
    assert "Ten off -$10.00" in page.text
    assert page.button == "Pay $39.00"

    page.pay(PAYS)

    assert again(sdk, session).payment_intent.amount_received == 3900


@pytest.mark.parametrize(
    ("percent", "amount", "discount"),
    [("10", 4900, 490), ("12.5", 4900, 613), ("50", 101, 51), ("33.33", 10000, 3333)],
)
def test_a_part_of_a_hundred_is_rounded_half_up(
    sdk: stripe.StripeClient, open_session: Open, percent: str, amount: int, discount: int
) -> None:
    session = with_coupon(sdk, open_session, {"percent_off": percent}, line_items=[line(amount)])

    assert session.total_details.amount_discount == discount
    assert session.amount_total == amount - discount


@pytest.mark.parametrize("off", [{"percent_off": "100"}, {"amount_off": 9900, "currency": "usd"}])
def test_no_discount_goes_below_nothing_and_nothing_needs_no_payment(
    sdk: stripe.StripeClient, open_session: Open, off: Coupon
) -> None:
    session = with_coupon(sdk, open_session, off)
    assert (session.amount_total, session.total_details.amount_discount) == (0, 4900)
    page = visit(session.url)
    assert page.button == "Complete order"
    assert "Card number" not in page.text

    assert page.send(line1="").error("Address line 1") == "Enter the first line of the address."
    assert page.send().status == 303

    done = again(sdk, session)
    assert (done.payment_status, done.payment_intent) == ("no_payment_required", None)
    assert done.collected_information.shipping_details.address.city == "Denver"


def test_a_rest_below_the_minimum_is_too_small(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    off = coupon(sdk, amount_off=4851, currency="usd")

    assert refusal(open_session, discounts=[{"coupon": off}]).code == "amount_too_small"


def test_a_coupon_is_used_up_by_completed_sessions(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    off = coupon(sdk, **TEN_OFF, max_redemptions=1)
    session = open_session(discounts=[{"coupon": off}])
    assert sdk.v1.coupons.retrieve(off).times_redeemed == 0

    visit(session.url).pay(PAYS)

    used = sdk.v1.coupons.retrieve(off)
    assert (used.times_redeemed, used.valid) == (1, False)
    assert refusal(open_session, discounts=[{"coupon": off}]).code == "coupon_expired"


def test_a_coupon_ends_by_the_clock(
    stand_in: StandInServer, sdk: stripe.StripeClient, open_session: Open
) -> None:
    off = coupon(sdk, **TEN_OFF, redeem_by=int(time.time()) + 60)
    open_session(discounts=[{"coupon": off}])

    stand_in.advance(61)

    assert refusal(open_session, discounts=[{"coupon": off}]).code == "coupon_expired"


def test_an_amount_of_another_currency_is_refused(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    off = coupon(sdk, amount_off=100, currency="eur")

    assert (
        "cannot be applied to usd"
        in refusal(open_session, discounts=[{"coupon": off}]).user_message
    )


def test_one_discount_and_no_promotion_codes_beside_it(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    off = {"coupon": coupon(sdk, **TEN_OFF)}

    assert refusal(open_session, discounts=[off, off]).param == "discounts"
    both = refusal(open_session, discounts=[off], allow_promotion_codes=False)
    assert both.user_message.startswith("You may only specify one of these parameters")
