"""Stripe's books against the shop's: what differs is written for staff, and resolved truly."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from models import Discrepancy, Dispute, Job, Payment, Refund, now
from storefront.jobs import queue
from storefront.jobs.queue import LEASE
from tests.payments.steps import buy, reconcile, refund_at_stripe, sold, told

HOUR = timedelta(hours=1)  # what Stripe was told just now may still be on its way


@pytest.fixture
def without_order(app, client, session, stand_in, worker, variant):
    """A page that was paid, and of whose order the shop knows nothing any more."""
    stand_in.advance(-HOUR.total_seconds())
    url = buy(client)
    stand_in.advance(HOUR.total_seconds())
    lost = {"session_id": "cs_test_lost", "status": "expired", "created_at": now() - HOUR}
    session.execute(update(Payment).values(**lost))
    reconcile(app, session, worker)
    return url


def test_when_all_is_well_there_is_nothing_to_look_at(
    app, client, session, stand_in, worker, variant
):
    url = sold(client, stand_in)
    refund_at_stripe(stand_in, url, 100)
    told(client, stand_in, url, "charge.refunded")

    reconcile(app, session, worker)

    assert found_of(session, url) == []


def found_of(session, url):
    """What was found about one payment: the stand-in has those of other tests as well."""
    references = [
        *session.scalars(select(Payment.session_id)),
        *session.scalars(select(Refund.refund_id)),
        *session.scalars(select(Dispute.dispute_id)),
    ]
    rows = session.scalars(select(Discrepancy).where(Discrepancy.reference.in_(references)))
    return [(it.kind.value, it.amount_minor) for it in rows]


def money_without_order(session, url):
    session_id = url.rsplit("/", 1)[1]
    wanted = select(Discrepancy).where(Discrepancy.reference == session_id)
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def test_money_without_an_order_is_written_once_and_stays_until_it_is_settled(
    app, session, worker, without_order
):
    for _ in range(2):
        reconcile(app, session, worker)

    row = money_without_order(session, without_order)
    assert (row.kind.value, row.amount_minor, row.resolved_at) == (
        "money without order",
        8900,
        None,
    )


def test_what_agrees_again_is_resolved_and_open_again_when_it_does_not(
    app, session, worker, without_order
):
    session.execute(
        text("UPDATE payments SET status = 'paid', session_id = :id"),
        {"id": without_order.rsplit("/", 1)[1]},
    )
    reconcile(app, session, worker)
    row = money_without_order(session, without_order)
    assert (row.resolved_by, row.resolution) == ("worker", "Stripe and the shop agree again.")

    session.execute(text("UPDATE payments SET status = 'expired', session_id = 'cs_test_lost'"))
    reconcile(app, session, worker)

    assert money_without_order(session, without_order).resolved_at is None


def test_what_staff_settled_stays_settled(app, session, worker, without_order):
    session.execute(update(Discrepancy).values(resolved_at=now(), resolved_by="ada@example.org"))

    reconcile(app, session, worker)

    assert money_without_order(session, without_order).resolved_by == "ada@example.org"


def test_what_the_books_no_longer_show_has_not_been_resolved(
    app, session, stand_in, worker, without_order
):
    """A day later Stripe is no longer asked for this page: that is not agreement."""
    with app.extensions["sessions"].write.begin() as writer:
        queue.enqueue(writer, "reconcile", "reconcile:short", {"hours": 0})
    worker.work_off()

    assert money_without_order(session, without_order).resolved_at is None


def test_a_round_that_takes_long_is_not_taken_over_by_a_second_worker(app, session):
    sessions = app.extensions["sessions"]
    with sessions.write.begin() as writer:
        for kind in ("reconcile", "send-mail"):
            queue.enqueue(writer, kind, kind, {}, run_at=now() - timedelta(seconds=9))
    for _ in range(2):
        with sessions.write.begin() as writer:
            queue.take(writer)

    leases = dict(session.execute(select(Job.kind, Job.lease_until)).all())

    assert leases["send-mail"] <= now() + LEASE
    assert leases["reconcile"] > now() + timedelta(minutes=9)
