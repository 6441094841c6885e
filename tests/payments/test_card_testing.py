"""Stolen cards cannot be tested here: attempts and failures are limited, counted to the last."""

import pytest
from sqlalchemy import func, select, update

from models import AttemptCount, Order, OrderStatus
from storefront.config import CHECKOUT_LIMITS, _limits
from storefront.payments.attempts import SCOPES, Guard
from storefront.verify import problems
from tests.browser import visit
from tests.features.test_checkout import check_out, fill_cart, stock_of, the_order
from tests.payments.steps import at_once, can_be_paid, events_about, order, told
from tests.stripe import deliver, pay

DECLINES = "4000000000000002"
FAILED = "payment_intent.payment_failed"
DAY = 86_400  # a window that no test sees the end of


@pytest.fixture
def limit(app, monkeypatch):
    """Set the limits of this test, such as ``limit("cart=2/86400")``."""

    def set_to(text):
        guard = Guard(_limits(text), app.config["SETTINGS"].secret_key)
        monkeypatch.setitem(app.extensions, "guard", guard)

    return set_to


def press(client, address="192.0.2.1", **typed):
    """Press *Check out* from an address; returns the answer."""
    return client.post("/checkout", data=typed, environ_overrides={"REMOTE_ADDR": address})


def a_buyer(app, variant):
    client = app.test_client()
    assert client.post("/cart/add", data={"id": variant.id}).status_code == 303
    return client


def counts(session):
    """What was counted, by scope."""
    found = select(AttemptCount.scope, func.sum(AttemptCount.count)).group_by(AttemptCount.scope)
    return {scope: int(count) for scope, count in session.execute(found)}


def test_the_limits_are_on_by_default_and_name_every_scope(settings):
    assert set(settings.checkout_limits) == set(SCOPES)
    assert settings.checkout_limits == _limits(CHECKOUT_LIMITS)


def test_who_presses_too_often_gets_a_readable_429_and_keeps_her_cart(
    app, client, session, variant, limit
):
    limit(f"cart=2/{DAY}")
    order(client, quantity=3)
    assert press(client).status_code == 303

    answer = press(client)

    assert answer.status_code == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= DAY
    assert "Wait a moment" in answer.text
    assert "Nothing was charged, and your cart is as it was." in answer.text
    assert "3" in visit(client, "/cart").html.find("input", {"name": "quantity"})["value"]
    assert session.scalar(select(func.count(Order.id))) == 1
    assert stock_of(session, variant) == (10, 3)
    assert press(a_buyer(app, variant)).status_code == 303


def test_one_address_is_limited_over_all_its_carts_and_another_is_not(app, session, variant, limit):
    limit(f"address=2/{DAY}")

    answers = [press(a_buyer(app, variant)).status_code for _ in range(3)]

    assert answers == [303, 303, 429]
    assert press(a_buyer(app, variant), "192.0.2.2").status_code == 303
    assert stock_of(session, variant) == (10, 3)


def test_an_ipv6_customer_is_her_network_and_not_each_of_its_addresses(app, variant, limit):
    limit(f"address=2/{DAY}")
    addresses = ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", "2001:db8:1:2::3", "2001:db8:1:3::1")

    answers = [press(a_buyer(app, variant), it).status_code for it in addresses]

    assert answers == [303, 303, 429, 303]


def test_all_together_are_limited_too(app, variant, limit):
    limit(f"overall=2/{DAY}")
    buyers = [a_buyer(app, variant) for _ in range(3)]

    answers = [press(it, f"192.0.2.{place}").status_code for place, it in enumerate(buyers)]

    assert answers == [303, 303, 429]


def test_parallel_attempts_are_counted_to_the_last_and_the_refused_not_at_all(
    app, session, variant, limit
):
    limit(f"address=5/{DAY},overall=100/{DAY}")
    buyers = [a_buyer(app, variant) for _ in range(12)]

    answers = at_once(*[lambda it=it: press(it).status_code for it in buyers])

    assert (answers.count(303), answers.count(429)) == (5, 7)
    assert counts(session) == {"address": 5, "overall": 5}
    assert session.scalar(select(func.count(Order.id))) == 5
    assert stock_of(session, variant) == (10, 5)
    assert problems(session) == []


def test_a_buyer_who_was_told_sold_out_has_not_tested_a_card(app, client, session, limit, variant):
    limit(f"cart=1/{DAY}")
    fill_cart(client, quantity=10)
    order(app.test_client(), quantity=10)

    assert press(client).status_code == 409
    assert counts(session) == {"cart": 1}


def test_a_tester_who_changes_the_cart_each_time_is_counted_each_time(
    client, session, variant, limit
):
    """Each change makes a new payment page: it must not be free."""
    limit(f"cart=3/{DAY}")
    fill_cart(client)

    answers = [press(client, email=f"{it}@example.com").status_code for it in range(5)]

    assert answers == [303, 303, 303, 429, 429]
    assert counts(session) == {"cart": 3}
    assert session.scalar(select(func.count(Order.id))) == 3
    assert stock_of(session, variant) == (10, 1)


def test_pay_now_on_the_orders_page_is_an_attempt_too(client, session, variant, limit):
    limit(f"cart=2/{DAY}")
    order(client)
    found = the_order(session)
    page = visit(client, f"/orders/{found.number}?token={found.token}")

    assert page.submit("Pay now", follow=False).status == 303
    assert page.submit("Pay now", follow=False).status == 429


def test_each_declined_card_is_counted_once_however_often_it_is_told(
    app, client, session, stand_in, variant, limit
):
    limit(f"failed-cart=100/{DAY},failed-address=100/{DAY},failed-overall=100/{DAY}")
    url = order(client)
    for _ in range(3):
        pay(url, DECLINES)
    events = events_about(stand_in, url, FAILED)
    assert len(events) == 3

    at_once(*[lambda it=it: deliver(app.test_client(), it).status_code for it in events * 3])

    assert counts(session) == {"failed-cart": 3, "failed-address": 3, "failed-overall": 3}
    assert the_order(session).status is OrderStatus.PENDING


def test_too_many_declined_cards_close_the_page_and_the_till_for_this_cart(
    app, client, session, stand_in, worker, variant, limit
):
    limit(f"failed-cart=3/{DAY}")
    url = order(client)
    for _ in range(3):
        pay(url, DECLINES)
    assert told(client, stand_in, url, FAILED) == [200] * 3

    worker.work_off()

    assert not can_be_paid(url)
    assert (the_order(session).status, stock_of(session, variant)) == (
        OrderStatus.CANCELLED,
        (10, 0),
    )
    refused = press(client)
    assert (refused.status_code, session.scalar(select(func.count(Order.id)))) == (429, 1)
    assert press(a_buyer(app, variant)).status_code == 303


def test_declined_cards_of_many_carts_close_the_till_for_their_address(
    app, session, stand_in, variant, limit
):
    limit(f"failed-address=2/{DAY}")
    for _ in range(2):
        client = a_buyer(app, variant)
        url = press(client).headers["Location"]
        pay(url, DECLINES)
        told(client, stand_in, url, FAILED)

    assert press(a_buyer(app, variant)).status_code == 429
    assert press(a_buyer(app, variant), "192.0.2.2").status_code == 303


def test_a_buyer_below_the_limit_pays_with_her_second_card(
    client, session, stand_in, worker, variant, limit
):
    limit(f"failed-cart=2/{DAY}")
    url = order(client)
    pay(url, DECLINES)
    told(client, stand_in, url, FAILED)
    worker.work_off()

    assert check_out(client) == url
    pay(url)
    told(client, stand_in, url, "checkout.session.completed")
    assert the_order(session).status is OrderStatus.PAID


def test_failures_told_after_the_payment_count_and_take_nothing_back(
    client, session, stand_in, worker, variant, limit
):
    limit(f"failed-cart=2/{DAY}")
    url = order(client)
    for card in (DECLINES, DECLINES, "4242424242424242"):
        pay(url, card)
    told(client, stand_in, url, "checkout.session.completed")

    told(client, stand_in, url, FAILED)
    worker.work_off()

    assert counts(session) == {"failed-cart": 2}
    assert (the_order(session).status, stock_of(session, variant)) == (OrderStatus.PAID, (9, 0))


def test_when_the_window_has_ended_the_till_is_open_again(
    client, session, stand_in, worker, variant, limit
):
    limit(f"cart=1/{DAY},failed-cart=1/{DAY}")
    url = order(client)
    pay(url, DECLINES)
    told(client, stand_in, url, FAILED)
    worker.work_off()
    assert press(client).status_code == 429

    earlier = session.scalars(select(AttemptCount.window_start)).first()
    session.execute(update(AttemptCount).values(window_start=earlier.replace(year=2025)))

    assert press(client).status_code == 303


def test_checkout_limits_off_sets_no_limit_and_counts_nothing(
    client, session, stand_in, variant, limit
):
    limit("off")
    url = order(client)
    pay(url, DECLINES)

    assert told(client, stand_in, url, FAILED) == [200]
    assert {press(client).status_code for _ in range(40)} == {303}
    assert counts(session) == {}


def test_neither_an_address_nor_a_cart_is_kept_in_clear(client, session, variant, limit):
    limit(f"cart=9/{DAY},address=9/{DAY}")
    fill_cart(client)
    press(client, "192.0.2.77")

    subjects = session.scalars(select(AttemptCount.subject)).all()

    assert len(subjects) == 2
    assert {len(it) for it in subjects} == {64}
    assert not [it for it in subjects if "192.0.2" in it]
