"""Buyers are asked for a review once, some days after it arrived, and never against their will."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models import (
    Fulfilment,
    Mail,
    MailStop,
    Money,
    OrderLine,
    Payment,
    Refund,
    RefundStatus,
    Return,
    Review,
    ReviewStatus,
    Variant,
    now,
)
from storefront.alerts.invitations import Inviting
from storefront.jobs import queue
from tests.browser import visit
from tests.factories import make_paid_order, make_variant
from tests.features.newsletter import fresh
from tests.staff import sign_in

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def staff(app, session):
    client = app.test_client()
    sign_in(client, session)
    return client


@pytest.fixture
def order(session, staff):
    return shipped(session, staff)


def shipped(session, staff, **over):
    order = make_paid_order(session, variant=make_variant(session), **over)
    page = visit(staff, f"/staff/orders/{order.number}")
    assert page.submit("Mark as shipped", tracking_number="T1").status == 200
    return order


def let_pass(session, days, column=Fulfilment.created_at):
    session.execute(update(Fulfilment).values({column: now() - timedelta(days=days)}))


def round_of(app, worker):
    with app.extensions["sessions"].write.begin() as session:
        queue.enqueue(session, "invite-reviews", f"invite-reviews:{now().timestamp()}", {})
    worker.work_off()


def invited(session):
    return [it for it in fresh(session, Mail) if it.template == "review_invitation"]


def path_in(mail, part):
    (path,) = re.findall(rf"http://localhost(/{part}\S+)", mail.text)
    return path


def test_a_buyer_is_asked_once_and_reviews_by_the_link(app, client, session, worker, order):
    let_pass(session, 13)
    round_of(app, worker)
    assert invited(session) == []
    let_pass(session, 15)
    for _ in range(2):
        round_of(app, worker)

    (mail,) = invited(session)
    assert (mail.recipient, mail.order_id) == (order.email, order.id)
    assert mail.sent_at is not None
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    page = visit(client, path_in(mail, "orders"))
    assert page.status == 200
    assert "review" in page.heading.lower()


def test_the_days_count_from_the_delivery_where_it_is_known(app, session, worker, order):
    let_pass(session, 20)
    let_pass(session, 3, Fulfilment.delivered_at)
    round_of(app, worker)
    assert invited(session) == []
    let_pass(session, 14, Fulfilment.delivered_at)
    round_of(app, worker)
    assert len(invited(session)) == 1


def refunded(session, order):
    payment = session.scalars(select(Payment).filter_by(order_id=order.id)).one()
    values = {"key": "r", "actor": "staff", "status": RefundStatus.SUCCEEDED}
    session.add(Refund(payment_id=payment.id, amount=Money(100, "USD"), **values))
    session.flush()


def returned(session, order):
    session.add(Return(order_id=order.id, actor="staff"))
    session.flush()


def reviewed(session, order):
    product = session.scalar(
        select(Variant.product_id).join(OrderLine).filter_by(order_id=order.id)
    )
    words = {"stars": 5, "text": "Good.", "name": "Ada", "status": ReviewStatus.WAITING}
    session.add(Review(order_id=order.id, product_id=product, **words))
    session.flush()


def stopped(session, order):
    session.add(MailStop(email=order.email, kind="review invitation"))
    session.flush()


def long_ago(session, order):
    let_pass(session, 60)


@pytest.mark.parametrize("happened", [refunded, returned, reviewed, stopped, long_ago])
def test_who_gave_it_back_reviewed_or_said_no_is_not_asked(app, session, worker, order, happened):
    let_pass(session, 15)
    happened(session, order)
    round_of(app, worker)

    assert invited(session) == []


def test_one_click_ends_it_for_every_order_and_zero_days_ask_nobody(
    app, session, worker, staff, order
):
    let_pass(session, 15)
    with app.extensions["sessions"].write.begin() as writer:
        Inviting(app.extensions["alerts"], 0).invite(app.extensions["sessions"], {})(writer)
    assert invited(session) == []
    round_of(app, worker)
    path = path_in(invited(session)[0], "review-invitations")
    assert visit(app.test_client(), path).heading == "Ask me no more"
    for _ in range(2):
        assert app.test_client().post(path, data=ONE_CLICK).status_code == 200
    assert app.test_client().post(f"{path}x", data=ONE_CLICK).status_code == 404

    shipped(session, staff)
    let_pass(session, 15)
    round_of(app, worker)
    assert len(invited(session)) == 1
