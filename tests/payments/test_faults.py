"""Stripe slow, refusing or cut off, at each step: a readable page, and nothing by halves."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from models import Discount, DiscountKind, Order, OrderStatus, Payment, PaymentStatus
from storefront.payments import stripe_gateway
from storefront.payments.stripe_gateway import StripeGateway
from storefront.verify import problems
from tests.browser import visit
from tests.features.test_checkout import check_out, fill_cart, stock_of, the_order
from tests.payments.steps import (
    api,
    can_be_paid,
    mails,
    order,
    payment,
    reconcile,
    return_to,
    told,
)
from tests.stripe import pay

SESSIONS = "/v1/checkout/sessions"
KINDS = ["429", "500", "drop", "lost"]


def press(client, **typed):
    return visit(client, "/cart").submit("Check out", follow=False, **typed)


def assert_unavailable(answer):
    """A page that says what is so, and when to come again."""
    assert answer.status == 503
    assert answer.response.headers["Retry-After"] == "30"
    assert answer.heading == "Payment is not available right now"
    assert "Nothing was charged, and your cart is as it was." in answer.text


def assert_cart_holds(client, quantity):
    field = visit(client, "/cart").html.find("input", {"name": "quantity"})
    assert field["value"] == str(quantity)


def sessions_of(stand_in, number):
    """The payment pages that Stripe has of an order."""
    found = api(stand_in).v1.checkout.sessions.list({"limit": 100}).data
    return [it.id for it in found if it.client_reference_id == number]


@pytest.mark.parametrize("kind", KINDS)
def test_a_payment_page_that_does_not_open_is_a_readable_503_and_the_next_click_opens_one(
    client, session, stand_in, variant, kind
):
    fill_cart(client, quantity=2)
    stand_in.faults.set(api=[{"kind": kind, "path": SESSIONS, "method": "POST"}])

    assert_unavailable(press(client))

    assert_cart_holds(client, 2)
    assert (the_order(session).status, stock_of(session, variant)) == (OrderStatus.PENDING, (10, 2))
    assert (payment(session).session_id, payment(session).url) == (None, None)
    assert problems(session) == []
    stand_in.faults.clear()
    url = check_out(client)
    assert sessions_of(stand_in, the_order(session).number) == [payment(session).session_id]
    pay(url)
    told(client, stand_in, url, "checkout.session.completed")
    assert (the_order(session).status, stock_of(session, variant)) == (OrderStatus.PAID, (8, 0))
    assert problems(session) == []


@pytest.mark.parametrize("kind", ["500", "drop", "lost"])
def test_a_fault_that_passes_is_not_even_noticed_and_makes_one_page(
    client, session, stand_in, variant, kind
):
    stand_in.faults.set(api=[{"kind": kind, "path": SESSIONS, "method": "POST", "times": 2}])

    url = order(client)

    assert can_be_paid(url)
    assert sessions_of(stand_in, the_order(session).number) == [payment(session).session_id]


def test_an_answer_that_was_lost_thrice_is_the_same_page_at_the_next_click_and_one_charge(
    client, session, stand_in, variant
):
    fill_cart(client)
    stand_in.faults.set(api=[{"kind": "lost", "path": SESSIONS, "method": "POST"}])
    assert_unavailable(press(client))
    (made,) = sessions_of(stand_in, the_order(session).number)

    stand_in.faults.clear()
    url = check_out(client)
    pay(url)
    return_to(client, url)

    assert payment(session).session_id == made
    charges = (
        api(stand_in).v1.charges.list({"payment_intent": payment(session).payment_intent_id}).data
    )
    assert [it.amount for it in charges] == [8900]
    assert sessions_of(stand_in, the_order(session).number) == [made]


def test_a_coupon_whose_answer_was_lost_is_made_once(client, session, stand_in, variant):
    session.add(Discount(title="Ten", kind=DiscountKind.PERCENTAGE, percent_ppm=100_000))
    session.flush()
    before = {it.id for it in api(stand_in).v1.coupons.list({"limit": 100}).data}
    fill_cart(client)
    stand_in.faults.set(api=[{"kind": "lost", "path": "/v1/coupons"}])
    assert_unavailable(press(client))
    stand_in.faults.clear()

    url = check_out(client)

    made = {it.id for it in api(stand_in).v1.coupons.list({"limit": 100}).data} - before
    assert len(made) == 1
    found = api(stand_in).v1.checkout.sessions.retrieve(payment(session).session_id)
    assert found.amount_total == 8010
    assert can_be_paid(url)


@pytest.mark.parametrize("kind", KINDS)
def test_an_order_that_cannot_be_replaced_now_stays_as_it_was_and_can_be_paid(
    client, session, stand_in, variant, kind
):
    old = order(client)
    fill_cart(client, quantity=2)
    stand_in.faults.set(api=[{"kind": kind, "path": f"{SESSIONS}/*"}])

    assert_unavailable(press(client))

    assert_cart_holds(client, 3)
    assert session.scalars(select(Order.status)).all() == [OrderStatus.PENDING]
    assert stock_of(session, variant) == (10, 1)
    stand_in.faults.clear()
    if kind != "lost":  # what was lost had been done: the old page is closed
        assert can_be_paid(old)
    new = check_out(client)
    assert not can_be_paid(old)
    assert stock_of(session, variant) == (10, 3)
    pay(new)
    told(client, stand_in, new, "checkout.session.completed")
    statuses = session.scalars(select(Payment.status).order_by(Payment.id)).all()
    assert statuses == [PaymentStatus.EXPIRED, PaymentStatus.PAID]
    assert problems(session) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_return_without_an_answer_of_stripe_shows_the_order_and_is_settled_later(
    app, client, session, stand_in, worker, variant, kind
):
    url = order(client)
    pay(url)
    stand_in.faults.set(api=[{"kind": kind}])

    answer = return_to(client, url)

    found = the_order(session)
    assert answer.headers["Location"] == f"/orders/{found.number}?token={found.token}"
    page = visit(client, answer.headers["Location"])
    assert "If you have just paid, this page will say so in a moment" in page.text
    assert (found.status, stock_of(session, variant)) == (OrderStatus.PENDING, (10, 1))
    stand_in.faults.clear()
    reconcile(app, session, worker)
    assert (the_order(session).status, mails(session)) == (OrderStatus.PAID, ["order_paid"])
    assert problems(session) == []


@pytest.mark.parametrize("kind", KINDS)
def test_pay_now_without_stripe_is_a_readable_503_too(client, session, stand_in, variant, kind):
    fill_cart(client)
    stand_in.faults.set(api=[{"kind": kind, "path": SESSIONS}])
    assert_unavailable(press(client))
    found = the_order(session)
    page = visit(client, f"/orders/{found.number}?token={found.token}")

    assert_unavailable(page.submit("Pay now", follow=False))

    stand_in.faults.clear()
    assert can_be_paid(page.submit("Pay now", follow=False).location)
    assert session.scalar(select(func.count(Order.id))) == 1


def test_a_stripe_that_is_slow_is_waited_for_only_so_long(
    app, client, session, stand_in, settings, variant, monkeypatch
):
    monkeypatch.setattr(stripe_gateway, "TIMEOUT_S", (1, 0.2))
    monkeypatch.setitem(app.extensions, "gateway", StripeGateway(settings))
    fill_cart(client)
    stand_in.faults.set(api=[{"kind": "slow", "seconds": 0.6, "path": SESSIONS}])

    assert_unavailable(press(client))

    stand_in.faults.clear()
    assert can_be_paid(check_out(client))
    assert sessions_of(stand_in, the_order(session).number) == [payment(session).session_id]
    assert stock_of(session, variant) == (10, 1)


def test_a_stripe_that_is_merely_slow_still_opens_the_page(client, session, stand_in, variant):
    stand_in.faults.set(api=[{"kind": "slow", "seconds": 0.5}])

    assert can_be_paid(order(client))


def test_a_wrong_key_is_ours_to_mend_and_a_readable_503(
    app, client, session, settings, variant, monkeypatch
):
    wrong = replace(settings, stripe_secret_key="rk_nobody")
    monkeypatch.setitem(app.extensions, "gateway", StripeGateway(wrong))
    fill_cart(client)

    assert_unavailable(press(client))

    assert (the_order(session).status, stock_of(session, variant)) == (OrderStatus.PENDING, (10, 1))


def test_every_call_has_a_time_limit_and_is_tried_again_by_the_library():
    assert stripe_gateway.TIMEOUT_S == (3, 10)
    assert stripe_gateway.RETRIES == 2


def test_whoever_sends_events_twice_late_and_mixed_up_changes_nothing(
    app, client, session, stand_in, worker, variant
):
    """All that Stripe has to tell of a payment that was declined, paid, refunded; backwards."""
    from tests.payments.steps import adds_up, events_about, refund_at_stripe, refunds
    from tests.stripe import deliver

    url = order(client)
    pay(url, "4000000000000002")
    pay(url)
    refund_at_stripe(stand_in, url, 100)
    refund_at_stripe(stand_in, url, 200)
    types = (
        *("refund.created", "charge.refunded", "checkout.session.completed"),
        *("payment_intent.payment_failed", "payment_intent.succeeded", "charge.succeeded"),
    )
    events = events_about(stand_in, url, *types)

    answers = [deliver(client, it).status_code for it in [*events, *reversed(events), *events]]

    assert set(answers) == {200}
    assert sorted(refunds(session)) == [(100, "succeeded"), (200, "succeeded")]
    assert (the_order(session).status, stock_of(session, variant)) == (OrderStatus.PAID, (9, 0))
    assert mails(session) == ["order_paid", "order_refunded", "order_refunded"]
    adds_up(session, stand_in)
