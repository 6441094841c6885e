"""What is lost, comes late or in another order: the worker asks, and nothing final is undone."""

import socket
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urljoin

import pytest
import requests
from sqlalchemy import func, select, update

from models import Job, Order, OrderStatus, Payment, Reservation, now
from storefront.cli import PERIODIC_S
from storefront.jobs.worker import Worker
from storefront.mail.mailer import Mailer
from storefront.verify import problems
from tests.browser import visit
from tests.features.test_checkout import come_back, stock_of, the_order
from tests.payments.steps import (
    adds_up,
    api,
    buy,
    can_be_paid,
    dispute_of,
    events_about,
    hurry,
    mails,
    movements,
    order,
    order_page,
    payment,
    reconcile,
    refund_at_stripe,
    refunds,
    return_to,
    sold,
    told,
)
from tests.stripe import ASKS, deliver, pay, session_id_of


def test_a_worker_that_starts_asks_for_what_was_paid_while_none_was_here(
    app, client, session, variant
):
    """Also where the round of these three minutes was done before the last one stopped."""
    sessions, handlers = app.extensions["sessions"], app.extensions["handlers"]
    before = Worker(sessions, handlers, PERIODIC_S)
    before._beat()
    before.work_off()
    buy(client)
    session.execute(update(Payment).values(created_at=now() - timedelta(minutes=3)))

    after = Worker(sessions, handlers, PERIODIC_S)
    after._beat()
    after.work_off()

    assert the_order(session).status is OrderStatus.PAID
    assert (stock_of(session, variant), mails(session)) == ((9, 0), ["order_paid"])


def test_one_round_finds_payment_refund_and_dispute_of_which_no_event_came(
    app, client, session, stand_in, worker, variant
):
    buy(client, "4000000000001976")  # an inquiry is opened at once
    url = session.scalars(select(Payment.url)).one()
    refund_at_stripe(stand_in, url, 900)

    job = reconcile(app, session, worker)

    found = the_order(session)
    assert job.done_at is not None
    assert found.status is OrderStatus.PAID
    assert refunds(session) == [(900, "succeeded")]
    assert found.attention.startswith("The buyer's bank disputes 89.00 USD.")
    assert mails(session) == ["order_paid", "order_refunded"]
    adds_up(session, stand_in)


def test_what_stripe_no_longer_knows_does_not_stop_the_round_for_the_others(
    app, client, session, stand_in, worker, variant
):
    sold(client, stand_in, "4000000000000259")
    told(client, stand_in, session.scalars(select(Payment.url)).one(), "charge.dispute.created")
    session.connection().exec_driver_sql("UPDATE disputes SET dispute_id = 'du_of_an_old_account'")
    session.execute(update(Payment).values(session_id="cs_test_of_an_old_account", status="open"))
    buy(app.test_client())

    job = reconcile(app, session, worker)

    assert (job.attempts, job.error) == (1, "")
    assert job.done_at is not None
    newest = session.scalars(select(Order).order_by(Order.id.desc()).limit(1)).one()
    assert newest.status is OrderStatus.PAID


def test_a_round_in_which_stripe_is_away_comes_again(
    app, client, session, stand_in, worker, variant
):
    buy(client)
    stand_in.faults.set(api=[{"kind": "429"}])

    job = reconcile(app, session, worker)

    assert (job.done_at, job.error) == (None, "GatewayUnavailableError: RateLimitError")
    assert the_order(session).status is OrderStatus.PENDING
    stand_in.faults.clear()
    hurry(session, "reconcile")
    worker.work_off()
    assert the_order(session).status is OrderStatus.PAID


def test_while_stripe_is_silent_no_units_are_given_back(client, session, stand_in, worker, variant):
    url = order(client, quantity=3)
    hurry(session, "expire-order")
    session.execute(update(Reservation).values(expires_at=now() - timedelta(hours=1)))
    stand_in.faults.set(api=[{"kind": "500", "path": "*/expire"}])

    worker.work_off()

    assert the_order(session).status is OrderStatus.PENDING
    assert stock_of(session, variant) == (10, 3)
    pay(url)  # which is still possible
    stand_in.faults.clear()
    hurry(session, "expire-order")
    worker.work_off()
    assert the_order(session).status is OrderStatus.PAID
    assert stock_of(session, variant) == (7, 0)
    assert problems(session) == []


def test_a_page_of_an_account_that_is_no_more_is_for_staff_and_keeps_its_units(
    client, session, worker, variant
):
    order(client)
    session.execute(update(Payment).values(session_id="cs_test_of_an_old_account"))
    hurry(session, "expire-order")

    worker.work_off()

    assert the_order(session).attention.startswith("Stripe does not know this order's payment page")
    assert (the_order(session).status, stock_of(session, variant)) == (OrderStatus.PENDING, (10, 1))


def test_an_order_whose_expiry_gave_up_ends_when_stripes_own_clock_ends_its_page(
    app, client, session, stand_in, worker, variant
):
    """After two hours without Stripe the job is dead; the units are not."""
    order(client)
    session.execute(update(Job).where(Job.kind == "expire-order").values(is_dead=True))
    stand_in.advance(41 * 60)

    reconcile(app, session, worker)

    assert (the_order(session).status, stock_of(session, variant)) == (
        OrderStatus.CANCELLED,
        (10, 0),
    )


def test_a_refund_whose_job_gave_up_is_asked_for_by_the_next_round(
    app, client, session, stand_in, worker, variant
):
    url = order(client)
    end_at_stripe_unnoticed(session)
    pay(url)
    told(client, stand_in, url, "checkout.session.completed")
    session.execute(update(Job).where(Job.kind == "refund").values(is_dead=True))
    worker.work_off()
    assert refunds(session) == [(8900, "requested")]

    reconcile(app, session, worker)
    reconcile(app, session, worker)

    assert refunds(session) == [(8900, "succeeded")]
    adds_up(session, stand_in)


def end_at_stripe_unnoticed(session):
    """End the order here, as if its page had been unpayable."""
    from storefront.payments.outcome import cancel

    assert cancel(session, the_order(session), actor="test", note="ended")
    session.flush()


def test_an_abandoned_checkout_ends_without_a_mail_and_without_the_word_failed(
    client, session, stand_in, worker, variant
):
    url = order(client, quantity=4, email="ada@example.org")
    hurry(session, "expire-order")

    worker.work_off()
    assert told(client, stand_in, url, "checkout.session.expired") == [200]

    assert (the_order(session).status, mails(session)) == (OrderStatus.CANCELLED, [])
    assert (stock_of(session, variant), movements(session, "released")) == ((10, 0), 1)
    assert not can_be_paid(url)
    page = order_page(client, session)
    assert "Nothing was charged." in page
    assert "failed" not in page


def test_the_time_of_the_hold_does_not_end_an_order_during_3d_secure(
    client, session, stand_in, worker, variant, monkeypatch
):
    url = order(client)
    asked = pay(url, ASKS)
    answer_page = urljoin(url, asked.headers["Location"])
    assert "Is this you?" in requests.get(answer_page, timeout=10).text
    session.execute(update(Reservation).values(expires_at=now() - timedelta(hours=1)))
    hurry(session, "expire-order")
    seen = []

    def confirm_before_the_end(kind, payload):
        if kind == "request" and payload["path"].endswith("/expire") and not seen:
            seen.append(
                requests.post(answer_page, data={"answer": "complete"}, allow_redirects=False)
            )

    monkeypatch.setattr(stand_in.stand_in, "observe", confirm_before_the_end)
    worker.work_off()

    assert len(seen) == 1
    assert the_order(session).status is OrderStatus.PAID
    assert stock_of(session, variant) == (9, 0)


def test_3d_secure_that_comes_after_the_end_cannot_pay_any_more(
    client, session, stand_in, worker, variant
):
    url = order(client)
    answer_page = urljoin(url, pay(url, ASKS).headers["Location"])
    hurry(session, "expire-order")
    worker.work_off()

    requests.post(answer_page, data={"answer": "complete"}, allow_redirects=False)

    found = api(stand_in).v1.checkout.sessions.retrieve(session_id_of(url))
    assert (found.status, found.payment_status) == ("expired", "unpaid")
    assert the_order(session).status is OrderStatus.CANCELLED
    assert stock_of(session, variant) == (10, 0)


def test_money_after_the_end_goes_back_once_however_often_it_is_told(
    app, client, session, stand_in, worker, variant
):
    url = order(client)
    end_at_stripe_unnoticed(session)
    pay(url)

    for number in range(3):
        (event,) = events_about(stand_in, url, "checkout.session.completed")
        deliver(client, {**event, "id": f"evt_{number}"})
        return_to(client, url)
        worker.work_off()
        reconcile(app, session, worker)

    assert (the_order(session).status, refunds(session)) == (
        OrderStatus.CANCELLED,
        [(8900, "succeeded")],
    )
    assert (stock_of(session, variant), mails(session)) == ((10, 0), ["order_refunded"])
    assert payment(session).refundable.minor == 0
    adds_up(session, stand_in)


def test_a_mail_server_that_is_down_changes_nothing_for_buyer_or_stripe(
    app, client, session, stand_in, settings, variant
):
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        port = bound.getsockname()[1]
    mailer = Mailer(replace(settings, mail_url=f"smtp://127.0.0.1:{port}"))
    handlers = app.extensions["handlers"] | {"send-mail": mailer.send}
    url = buy(client)

    assert told(client, stand_in, url, "checkout.session.completed") == [200]
    Worker(app.extensions["sessions"], handlers).work_off()

    assert the_order(session).status is OrderStatus.PAID
    assert "Your payment has arrived" in order_page(client, session)
    assert "Cart (0 items)" in visit(client, "/cart").html.get_text()
    waiting = select(func.count(Job.id)).where(Job.kind == "send-mail", Job.done_at.is_(None))
    assert session.scalar(waiting) == 1


@pytest.mark.parametrize("late", ["checkout.session.expired", "payment_intent.payment_failed"])
def test_nothing_that_comes_late_takes_back_what_was_paid(
    app, client, session, stand_in, variant, late
):
    url = order(client)
    pay(url, "4000000000000002")
    pay(url)
    told(client, stand_in, url, "checkout.session.completed")

    (event,) = events_about(stand_in, url, "checkout.session.completed")
    kind = {} if late.startswith("checkout") else {"data": failed(stand_in, url)}
    answer = deliver(client, {**event, "id": "evt_late", "type": late, **kind})

    assert answer.status_code == 200
    assert (the_order(session).status, stock_of(session, variant)) == (OrderStatus.PAID, (9, 0))
    assert mails(session) == ["order_paid"]


def failed(stand_in, url):
    return events_about(stand_in, url, "payment_intent.payment_failed")[0]["data"]


def test_an_address_that_staff_corrected_is_not_overwritten_by_a_late_event(
    app, client, session, stand_in, worker, variant
):
    url = sold(client, stand_in)
    session.execute(update(Order).values(name="Corrected", email="right@example.com"))

    (event,) = events_about(stand_in, url, "checkout.session.completed")
    deliver(client, {**event, "id": "evt_again"})
    return_to(client, url)

    found = the_order(session)
    assert (found.name, found.email) == ("Corrected", "right@example.com")


def test_a_declined_card_leaves_no_order_pending_for_ever(
    client, session, stand_in, worker, variant
):
    url = order(client)
    pay(url, "4000000000000002")
    assert told(client, stand_in, url, "payment_intent.payment_failed") == [200]
    assert the_order(session).status is OrderStatus.PENDING
    hurry(session, "expire-order")

    worker.work_off()

    assert (the_order(session).status, stock_of(session, variant)) == (
        OrderStatus.CANCELLED,
        (10, 0),
    )


def test_a_dispute_told_before_the_payment_is_found_by_the_next_round(
    app, client, session, stand_in, worker, variant
):
    url = buy(client, "4000000000000259")
    assert told(client, stand_in, url, "charge.dispute.created") == [200]
    assert the_order(session).status is OrderStatus.PENDING

    reconcile(app, session, worker)

    assert the_order(session).status is OrderStatus.PAID
    assert "disputes 89.00 USD" in the_order(session).attention
    assert dispute_of(stand_in, url).status == "needs_response"


def test_a_buyer_who_comes_back_after_the_webhook_sees_her_paid_order(
    client, session, stand_in, variant
):
    url = order(client)
    paid = pay(url)
    told(client, stand_in, url, "checkout.session.completed")

    page = come_back(client, paid)

    assert page.heading == f"Order {the_order(session).number}"
    assert "Your payment has arrived" in page.text
