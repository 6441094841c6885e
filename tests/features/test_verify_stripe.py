"""Stripe's books against the shop's, on the shop's own database and on older copies of it."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
import stripe
from sqlalchemy import func, select, update

from models import (
    Discrepancy,
    DiscrepancyKind,
    Job,
    Mail,
    Order,
    OrderEvent,
    Payment,
    PaymentStatus,
    Refund,
    Stock,
    Verification,
    now,
)
from storefront.jobs import queue
from storefront.jobs.worker import Worker
from storefront.payments.stand_in import StandInSettings
from storefront.payments.stand_in.thread import StandInServer
from tests.conftest import WEBHOOK_SECRET
from tests.factories import make_product, make_staff, make_variant
from tests.features.observing import started
from tests.features.test_checkout import check_out, come_back, fill_cart
from tests.stripe import pay

HOUR = timedelta(hours=1)
CLEAN = (0, "Everything adds up.\n", "")


@pytest.fixture
def empty_stand_in(tmp_path):
    """A Stripe that knows of no other test's payments."""
    chosen = StandInSettings(database=tmp_path / "empty.sqlite3", webhook_secret=WEBHOOK_SECRET)
    with StandInServer(chosen, background=False) as server:
        yield server


@pytest.fixture
def app(settings, empty_stand_in, database_url):
    chosen = replace(settings, stripe_api_base=empty_stand_in.base)
    with started(replace(chosen, database_url=database_url)) as app:
        yield app


@pytest.fixture
def verify(app):
    """Run ``flask verify``; return its exit code, what it printed, and what it complained of."""

    def run(*options):
        done = app.test_cli_runner().invoke(args=["verify", *options])
        return done.exit_code, done.stdout, done.stderr

    return run


@pytest.fixture
def variant(session):
    return make_variant(session, product=make_product(session, handle="tool"), on_hand=10)


@contextmanager
def an_hour_ago(empty_stand_in, session):
    """Let what happens meanwhile have happened an hour ago, at Stripe and here."""
    empty_stand_in.advance(-HOUR.total_seconds())
    try:
        yield
    finally:
        empty_stand_in.advance(HOUR.total_seconds())
    session.expire_all()
    for payment in session.scalars(select(Payment)).all():
        payment.created_at -= HOUR
        payment.paid_at = payment.paid_at and payment.paid_at - HOUR
    session.flush()


def buy(app, *, returns):
    """Order and pay, and come back to the shop or not; no webhook comes."""
    client = app.test_client()
    fill_cart(client)
    url = check_out(client)
    paid = pay(url)
    if returns:
        come_back(client, paid)
    return url


def stripe_of(empty_stand_in):
    return stripe.StripeClient("sk_test_shop", base_addresses={"api": empty_stand_in.base})


def first_session(session):
    return session.scalars(select(Payment).order_by(Payment.id)).first()


def live_on(session):
    """Let the shop give a sign of life now, as its worker does."""
    session.add(Job(kind="beat", key="beat", done_at=now()))
    session.flush()


def test_what_both_know_adds_up(app, session, empty_stand_in, verify, variant):
    with an_hour_ago(empty_stand_in, session):
        buy(app, returns=True)
    live_on(session)

    assert verify() == CLEAN


def test_money_of_which_no_order_knows_is_listed(app, session, empty_stand_in, verify, variant):
    with an_hour_ago(empty_stand_in, session):
        buy(app, returns=False)
    live_on(session)

    payment = first_session(session)
    number = session.scalars(select(Order.number)).one()
    line = f"{payment.session_id}: Stripe was paid 89.00 USD for {number}; no order has it."
    assert verify() == (1, f"{line}\n", "")
    assert verify("--without-stripe") == CLEAN


def test_a_payment_whose_order_was_lost_is_listed(app, session, empty_stand_in, verify, variant):
    with an_hour_ago(empty_stand_in, session):
        for _ in range(3):
            buy(app, returns=True)
        lost = session.scalars(select(Payment).order_by(Payment.id)).all()[1]
    name = lost.session_id
    session.execute(update(Payment).where(Payment.id == lost.id).values(session_id="cs_test_other"))
    live_on(session)

    code, printed, _ = verify()

    assert code == 1
    assert [line.split(": ")[0] for line in printed.splitlines()] == [name, "cs_test_other"]


def test_what_was_paid_a_moment_ago_may_still_be_on_its_way(app, session, verify, variant):
    buy(app, returns=False)
    live_on(session)

    assert verify() == CLEAN


def test_what_was_paid_after_a_copy_was_made_is_of_a_later_time(
    app, session, empty_stand_in, verify, variant
):
    """The copy's last sign of life is two hours old; the page was paid an hour ago."""
    with an_hour_ago(empty_stand_in, session):
        buy(app, returns=False)
        buy(app, returns=False)
    past = now() - 2 * HOUR
    session.execute(update(Payment).values(created_at=past))
    session.execute(update(OrderEvent).values(created_at=past))
    second = session.scalars(select(Payment).order_by(Payment.id)).all()[1]
    session.execute(update(Payment).where(Payment.id == second.id).values(session_id="cs_test_x"))

    assert verify() == CLEAN


def test_an_order_that_stripe_was_not_paid_for_is_listed(
    app, session, empty_stand_in, verify, variant
):
    with an_hour_ago(empty_stand_in, session):
        buy(app, returns=True)
    name = first_session(session).session_id
    session.execute(update(Payment).values(session_id="cs_test_invented"))
    number = session.scalars(select(Order.number)).one()

    code, printed, _ = verify()
    assert (code, printed.splitlines()) == (
        1,
        [
            f"{name}: Stripe was paid 89.00 USD for {number}; no order has it.",
            f"cs_test_invented: {number} counts 89.00 USD as paid; Stripe does not.",
        ],
    )


def test_a_refund_that_the_shop_does_not_know_is_listed(
    app, session, empty_stand_in, verify, variant
):
    with an_hour_ago(empty_stand_in, session):
        buy(app, returns=True)
        intent = first_session(session).payment_intent_id
        made = stripe_of(empty_stand_in).v1.refunds.create(
            {"payment_intent": intent, "amount": 100}
        )
    live_on(session)

    line = f"{made.id}: Stripe gave 1.00 USD back; the shop does not know of it."
    assert verify() == (1, f"{line}\n", "")


def test_a_stripe_that_does_not_answer_is_said_and_the_rest_decides(
    session, empty_stand_in, verify, variant
):
    empty_stand_in.faults.set(api=[{"kind": "500"}])
    said = "Stripe did not answer: its books were not compared.\n"

    assert verify() == (0, "Everything adds up.\n", said)
    session.execute(update(Stock).values(on_hand=9))
    assert verify() == (1, f"{variant.sku}: 9 on hand, 10 in the ledger\n", said)


def test_verifying_writes_nothing(app, session, verify, variant):
    session.execute(update(Stock).values(on_hand=9))

    verify()

    for table in (Verification, Mail, Discrepancy, Job):
        assert session.scalar(select(func.count()).select_from(table)) == 0


def run_job(app, worker, key="verify:1"):
    with app.extensions["sessions"].write.begin() as writer:
        queue.enqueue(writer, "verify", key, {})
    worker.work_off()


def newest(session):
    return session.scalars(select(Verification).order_by(Verification.id.desc())).first()


def test_the_worker_writes_down_that_all_is_well(app, session, worker, variant):
    make_staff(session)

    run_job(app, worker)

    assert (newest(session).problems, newest(session).asked_stripe) == ([], False)
    assert session.scalar(select(func.count(Mail.id))) == 0


def test_owners_are_told_once_of_each_new_list(app, session, worker, variant):
    owner = make_staff(session)
    session.execute(update(Stock).values(on_hand=9))
    run_job(app, worker, "verify:1")
    run_job(app, worker, "verify:2")
    session.execute(update(Stock).values(on_hand=8))
    run_job(app, worker, "verify:3")

    line = f"{variant.sku}: 8 on hand, 10 in the ledger"
    assert newest(session).problems == [line]
    assert session.scalar(select(func.count(Verification.id))) == 3
    mails = session.scalars(select(Mail).order_by(Mail.id)).all()
    assert [it.recipient for it in mails] == [owner.email, owner.email]
    assert line in mails[1].text


def test_open_discrepancies_are_told_and_resolved_ones_are_not(app, session, worker, variant):
    kind = DiscrepancyKind.MONEY_WITHOUT_ORDER
    session.add(Discrepancy(kind=kind, reference="cs_test_1", note="Nobody has it."))
    session.add(Discrepancy(kind=kind, reference="cs_test_2", resolved_at=now()))
    session.add(Job(kind="reconcile", key="reconcile:1", done_at=now()))
    session.flush()

    run_job(app, worker)

    assert newest(session).problems == ["cs_test_1: Nobody has it."]
    assert newest(session).asked_stripe


def test_old_results_are_forgotten(app, session, worker, variant):
    session.add(Verification(problems=[], created_at=now() - timedelta(days=31)))
    session.add(Verification(problems=[], created_at=now() - timedelta(days=29)))
    session.flush()

    run_job(app, worker)

    assert session.scalar(select(func.count(Verification.id))) == 2


def test_a_long_list_is_cut_in_the_mail(app, session, worker):
    for number in range(103):
        make_variant(session, sku=f"TOOL-{number:03}", on_hand=1)
    session.execute(update(Stock).values(on_hand=2))

    run_job(app, worker)

    lines = newest(session).problems
    assert lines[0] == "TOOL-000: 2 on hand, 1 in the ledger"
    assert lines[-1] == "And 3 more: flask --app app verify lists all."
    assert len(lines) == 101


def test_a_worker_that_starts_verifies_at_once_and_then_every_few_minutes(app, session):
    handlers = app.extensions["handlers"]
    for _ in range(2):
        Worker(app.extensions["sessions"], handlers, {"verify": 10**9})._beat()
        session.execute(update(Job).where(Job.id == 0).values(run_at=now() - HOUR))
    running = Worker(app.extensions["sessions"], handlers, {"verify": 10**9})
    running._has_begun = True
    running._beat()

    assert session.scalar(select(func.count(Job.id)).where(Job.kind == "verify")) == 2


def test_a_refund_that_stripe_does_not_know_is_listed(
    app, session, empty_stand_in, verify, variant
):
    with an_hour_ago(empty_stand_in, session):
        buy(app, returns=True)
    payment = first_session(session)
    made = Refund(
        payment_id=payment.id,
        key="k",
        refund_id="re_invented",
        status="succeeded",
        amount=payment.amount,
        actor="test",
        created_at=now() - HOUR,
        settled_at=now() - HOUR,
    )
    session.add(made)
    session.execute(update(Payment).values(refunded_minor=8900))
    session.flush()
    assert payment.status is PaymentStatus.PAID

    line = "re_invented: The shop counts 89.00 USD as given back; Stripe does not."
    unnoted = "refund k: 8900 went back, its credit note is of 0"
    assert verify()[:2] == (1, f"{unnoted}\n{line}\n")
