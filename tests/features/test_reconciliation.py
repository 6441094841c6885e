"""What Stripe knows and never told: the worker asks."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from models import Job, Mail, OrderStatus, Payment, now
from storefront.jobs import queue
from tests.factories import make_product, make_variant
from tests.features.test_checkout import (
    check_out,
    come_back,
    fill_cart,
    pay_by_bank,
    stock_of,
    the_order,
)
from tests.stripe import pay


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10)


def reconcile(app, session, worker):
    """Let the round begin that asks for what was waited for in the last minutes."""
    session.execute(update(Payment).values(created_at=now() - timedelta(minutes=3)))
    with app.extensions["sessions"].write.begin() as writer:
        key = f"reconcile:{writer.scalar(select(func.count(Job.id)))}"
        queue.enqueue(writer, "reconcile", key, {})
    worker.work_off()


def test_a_payment_of_which_no_event_came_is_found(app, client, session, worker, variant):
    fill_cart(client)
    pay(check_out(client))  # the tab is closed, and the webhook never comes

    reconcile(app, session, worker)
    reconcile(app, session, worker)

    assert the_order(session).status is OrderStatus.PAID
    assert stock_of(session, variant) == (9, 0)
    assert session.scalars(select(Mail.key)).all() == [f"order_paid:{the_order(session).number}"]


@pytest.mark.parametrize(
    ("succeeds", "status", "stock"),
    [(True, OrderStatus.PAID, (9, 0)), (False, OrderStatus.CANCELLED, (10, 0))],
)
def test_no_order_waits_for_ever_for_its_bank(
    app, client, session, stand_in, worker, variant, succeeds, status, stock
):
    fill_cart(client)
    come_back(client, pay_by_bank(check_out(client), succeeds=succeeds))
    reconcile(app, session, worker)
    assert the_order(session).status is OrderStatus.PROCESSING
    stand_in.advance(11)

    reconcile(app, session, worker)

    assert the_order(session).status is status
    assert stock_of(session, variant) == stock


def test_a_page_that_is_still_open_stays_open(app, client, session, worker, variant):
    fill_cart(client)
    url = check_out(client)

    reconcile(app, session, worker)

    assert the_order(session).status is OrderStatus.PENDING
    assert stock_of(session, variant) == (10, 1)
    come_back(client, pay(url))
    assert the_order(session).status is OrderStatus.PAID
