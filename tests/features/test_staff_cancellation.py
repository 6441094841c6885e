"""Ending orders: unpaid ones, and paid ones whose money goes back."""

import pytest
import stripe
from sqlalchemy import select

from models import OrderEvent, OrderStatus, Payment, PaymentStatus, Role
from tests.factories import make_product, make_variant
from tests.features.refunding import (
    buy,
    ledger_of,
    left_of,
    money_of,
    newest_order,
    order_page,
    refund,
    refunds_of,
    units_field,
    usd,
)
from tests.features.test_checkout import (
    check_out,
    come_back,
    fill_cart,
    pay_by_bank,
    pay_is_refused,
    stock_of,
    the_order,
)
from tests.staff import sign_in
from tests.stripe import deliver, pay

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10, price_minor=8900)


def state_of(session, order, variant):
    kinds = session.scalars(select(OrderEvent.kind).filter_by(order_id=order.id)).all()
    return newest_order(session).status, kinds, stock_of(session, variant), left_of(session, order)


def test_a_refund_cancels_an_order_that_has_not_shipped(client, session, variant):
    order = buy(client, session, 2)
    person = sign_in(client, session, Role.MANAGER)

    page = order_page(client, order).submit("Refund", reason="She changed her mind", cancel="y")

    assert "It was cancelled, so there is nothing to ship." in page.text
    assert the_order(session).status is OrderStatus.CANCELLED
    assert money_of(session, order) == (17800, 17800, 0, "refunded", "not shipped")
    assert refunds_of(session, order) == [(usd(17800), "succeeded", True)]
    assert ledger_of(session, order) == [("reserved", 0), ("sold", -2), ("returned", 2)]
    assert stock_of(session, variant) == (10, 0)
    event = session.scalars(select(OrderEvent).filter_by(kind="cancelled")).one()
    assert (event.actor, event.note) == (person.email, "She changed her mind")


def test_a_cancelled_order_need_not_bring_its_units_back(client, session, variant):
    order = buy(client, session, 2)
    sign_in(client, session)

    refund(client, order, "178.00", cancel="y")

    assert the_order(session).status is OrderStatus.CANCELLED
    assert stock_of(session, variant) == (8, 0)


def test_what_was_refunded_before_comes_back_once_when_the_rest_is_cancelled(
    client, session, variant
):
    order = buy(client, session, 3)
    sign_in(client, session)
    refund(client, order, "89.00", restock="y", **{units_field(session, order): "1"})
    assert stock_of(session, variant) == (8, 0)

    refund(client, order, "178.00", restock="y", cancel="y")

    assert the_order(session).status is OrderStatus.CANCELLED
    assert stock_of(session, variant) == (10, 0)


def test_an_order_that_is_cancelled_keeps_nothing(client, session, variant):
    order = buy(client, session)
    sign_in(client, session)
    before = state_of(session, order, variant)

    page = refund(client, order, "80.00", cancel="y")

    message = "An order that is cancelled keeps nothing: give all $89.00 back."
    assert (page.status, page.errors()) == (422, [message])
    assert state_of(session, order, variant) == before


def test_an_order_that_has_left_meanwhile_is_not_cancelled_and_nothing_goes_back(
    client, session, variant
):
    order = buy(client, session)
    sign_in(client, session)
    form = order_page(client, order)
    form.submit("Mark as shipped", tracking_number="1Z999")
    before = state_of(session, order, variant)

    page = form.submit("Refund", reason="Too late", cancel="y")

    assert page.status == 409
    assert "This order can no longer be cancelled. Nothing was changed." in page.text
    assert state_of(session, order, variant) == before
    assert refunds_of(session, order) == []


def test_a_shipped_order_is_refunded_and_its_units_come_back(client, session, variant):
    order = buy(client, session, 2)
    sign_in(client, session)
    order_page(client, order).submit("Mark as shipped", tracking_number="1Z999")

    shown = order_page(client, order)
    refund(client, order, "89.00", restock="y", **{units_field(session, order): "1"})

    assert shown.main.find(id="cancel") is None
    assert shown.main.select_one("input[name$=-restock]").get("checked") is None
    assert money_of(session, order) == (17800, 8900, 0, "partly refunded", "shipped")
    assert stock_of(session, variant) == (9, 0)


def test_an_unpaid_order_is_cancelled_and_can_no_longer_be_paid(client, session, variant):
    fill_cart(client)
    url = check_out(client)
    order = the_order(session)
    person = sign_in(client, session)

    page = order_page(client, order).submit("Cancel order")

    assert f"{order.number} is cancelled, and can no longer be paid." in page.text
    assert the_order(session).status is OrderStatus.CANCELLED
    assert session.scalar(select(Payment.status)) is PaymentStatus.EXPIRED
    assert stock_of(session, variant) == (10, 0)
    assert pay_is_refused(url)
    event = session.scalars(select(OrderEvent).filter_by(kind="cancelled")).one()
    assert (event.actor, event.note) == (person.email, "Cancelled by staff.")


def test_what_was_paid_meanwhile_is_not_cancelled_but_an_order(client, session, variant):
    fill_cart(client)
    url = check_out(client)
    sign_in(client, session)
    form = order_page(client, the_order(session))
    pay(url)  # and neither the event nor the buyer has come yet

    page = form.submit("Cancel order")

    assert page.status == 409
    assert "The buyer has paid meanwhile, so it was not cancelled." in page.text
    assert the_order(session).status is OrderStatus.PAID
    assert stock_of(session, variant) == (9, 0)


def test_while_stripe_is_silent_nothing_is_cancelled(client, session, stand_in, variant):
    fill_cart(client)
    check_out(client)
    order = the_order(session)
    sign_in(client, session)
    form = order_page(client, order)
    stand_in.faults.set(api=[{"path": "/v1/checkout/*", "kind": "500"}])
    try:
        page = form.submit("Cancel order")
    finally:
        stand_in.faults.clear()

    assert (page.status, page.response.headers["Retry-After"]) == (503, "30")
    assert "Stripe does not answer" in page.text
    assert the_order(session).status is OrderStatus.PENDING
    assert stock_of(session, variant) == (10, 1)


def test_an_order_that_waits_for_its_bank_is_not_cancelled(client, session, variant):
    fill_cart(client)
    come_back(client, pay_by_bank(check_out(client), succeeds=True))
    order = the_order(session)
    sign_in(client, session)

    shown = order_page(client, order)
    forced = client.post(f"/staff/orders/{order.number}/cancellation")

    assert shown.main.find("button", string="Cancel order") is None
    assert forced.status_code == 409
    assert the_order(session).status is OrderStatus.PROCESSING
    assert stock_of(session, variant) == (10, 1)


def test_a_paid_order_is_not_cancelled_before_its_money_goes_back(client, session, variant):
    order = buy(client, session)
    sign_in(client, session)
    before = state_of(session, order, variant)

    shown = order_page(client, order)
    forced = client.post(f"/staff/orders/{order.number}/cancellation", data={"restock": "y"})

    assert shown.main.find("button", string="Cancel order") is None
    assert forced.status_code == 409
    assert "Give the money back first" in forced.text
    assert state_of(session, order, variant) == before


@pytest.mark.parametrize(("restock", "on_hand"), [("y", 10), (None, 8)])
def test_what_was_refunded_in_stripes_dashboard_is_cancelled_with_its_units(
    client, session, stand_in, variant, restock, on_hand
):
    order = buy(client, session, 2)
    sdk = stripe.StripeClient("sk_test_shop", base_addresses={"api": stand_in.base})
    intent = session.scalar(select(Payment.payment_intent_id))
    sdk.v1.refunds.create({"payment_intent": intent})
    deliver(client, sdk.v1.events.list({"type": "charge.refunded", "limit": 1}).data[0].to_dict())
    sign_in(client, session)

    held = order_page(client, order)
    data = {"restock": restock} if restock else {}
    client.post(f"/staff/orders/{order.number}/cancellation", data=data)
    again = client.post(f"/staff/orders/{order.number}/cancellation", data=data)

    assert "Refunded in full in Stripe's dashboard: do not ship it." in held.text
    assert held.main.find("button", string="Cancel order") is not None
    assert the_order(session).status is OrderStatus.CANCELLED
    assert stock_of(session, variant) == (on_hand, 0)
    assert again.status_code == 409
