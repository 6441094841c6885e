"""Refunds, asked for here or made in Stripe's dashboard: each once, to the cent, whatever comes."""

from uuid import uuid4

import pytest
from sqlalchemy import select, update

from models import Money, Order, OrderLine, OrderStatus, Refund
from storefront.payments.refunded_units import WantedRefund
from storefront.payments.refunds import TooMuchError, request
from tests.features.test_checkout import pay_by_bank, stock_of, the_order
from tests.payments.steps import (
    adds_up,
    api,
    at_once,
    events_about,
    hurry,
    mails,
    order,
    order_page,
    payment,
    reconcile,
    refund_at_stripe,
    refunds,
    sold,
    told,
)
from tests.stripe import deliver

PENDING, FAILS = "4000000000007726", "4000000000005126"


@pytest.fixture
def url(client, stand_in, variant):
    """The payment page of a paid order of $89.00."""
    return sold(client, stand_in)


def ask(app, session, minor, key=None, **over):
    """Write a refund as staff do; the worker asks for it."""
    with app.extensions["sessions"].write.begin() as writer:
        found = writer.get_one(Order, the_order(session).id)
        writer.refresh(found, ["lines", "discounts"])
        wanted = WantedRefund(
            payment(session).id,
            Money(minor, "USD"),
            key or f"form-{uuid4()}",
            actor="ada@example.org",
            **over,
        )
        return request(writer, found, wanted)


def ids(session):
    return session.scalars(select(Refund.refund_id).order_by(Refund.id)).all()


@pytest.mark.parametrize("types", [("charge.refunded",), ("refund.created", "charge.refunded")])
def test_a_refund_of_the_dashboard_reaches_the_shop_by_whichever_event(
    client, session, stand_in, url, types
):
    made = refund_at_stripe(stand_in, url, 1000)

    assert set(told(client, stand_in, url, *types)) == {200}
    assert set(told(client, stand_in, url, *types)) == {200}

    assert (refunds(session), ids(session)) == ([(1000, "succeeded")], [made.id])
    assert mails(session) == ["order_paid", "order_refunded"]
    assert (the_order(session).status, the_order(session).attention) == (OrderStatus.PAID, None)
    page = order_page(client, session)
    assert "$10.00" in page
    adds_up(session, stand_in)


def test_a_full_refund_after_a_partial_one_works_and_stops_the_parcel(
    client, session, stand_in, url
):
    refund_at_stripe(stand_in, url, 1000)
    told(client, stand_in, url, "charge.refunded")
    refund_at_stripe(stand_in, url)
    told(client, stand_in, url, "charge.refunded")

    assert refunds(session) == [(1000, "succeeded"), (7900, "succeeded")]
    assert payment(session).refundable.minor == 0
    assert the_order(session).attention == "Refunded in full in Stripe's dashboard: do not ship it."
    adds_up(session, stand_in)


def test_a_refund_of_ours_after_one_of_the_dashboard_takes_the_rest_and_no_more(
    app, client, session, stand_in, worker, url
):
    refund_at_stripe(stand_in, url, 8000)
    told(client, stand_in, url, "charge.refunded")

    with pytest.raises(TooMuchError) as refused:
        ask(app, session, 901)
    assert refused.value.left == Money(900, "USD")
    ask(app, session, 900)
    worker.work_off()

    assert refunds(session) == [(8000, "succeeded"), (900, "succeeded")]
    adds_up(session, stand_in)


def test_two_partial_refunds_at_once_cannot_exceed_what_came(
    app, client, session, stand_in, worker, url
):
    ready = [payment(session), the_order(session)]  # looked at before the race
    answers = at_once(press_with(app, ready), press_with(app, ready), press_with(app, ready))
    worker.work_off()

    assert sorted(answers) == ["too much", "too much", "written"]
    assert refunds(session) == [(5000, "succeeded")]
    adds_up(session, stand_in)


def press_with(app, ready):
    settled, found = ready

    def press():
        with app.extensions["sessions"].write() as writer:
            wanted = WantedRefund(settled.id, Money(5000, "USD"), f"form-{uuid4()}")
            try:
                request(writer, writer.get_one(Order, found.id), wanted)
            except TooMuchError:
                return "too much"
            writer.commit()
        return "written"

    return press


def test_one_form_sent_four_times_at_once_is_one_refund(
    app, client, session, stand_in, worker, url
):
    settled, key = payment(session), f"form-{uuid4()}"

    def press():
        with app.extensions["sessions"].write.begin() as writer:
            wanted = WantedRefund(settled.id, Money(4000, "USD"), key)
            return request(writer, writer.get_one(Order, settled.order_id), wanted).id

    assert len(set(at_once(press, press, press, press))) == 1
    worker.work_off()
    assert refunds(session) == [(4000, "succeeded")]
    adds_up(session, stand_in)


def test_a_request_that_crosses_a_refund_of_the_dashboard_gives_up_and_nobody_is_told_of_it(
    app, client, session, stand_in, worker, url
):
    line = session.scalars(select(OrderLine.id)).one()
    ask(app, session, 8900, lines={line: 1})
    refund_at_stripe(stand_in, url, 4000)
    told(client, stand_in, url, "charge.refunded")
    worker.work_off()

    assert refunds(session) == [(8900, "failed"), (4000, "succeeded")]
    assert session.scalars(select(Refund.failure).order_by(Refund.id)).first() == "no longer fits"
    assert session.scalars(select(OrderLine.refunded_quantity)).one() == 0
    assert mails(session) == ["order_paid", "order_refunded"]
    adds_up(session, stand_in)


def test_a_request_that_stripe_refuses_has_failed_and_gives_its_amount_back(
    app, client, session, stand_in, worker, url
):
    ask(app, session, 8900)
    refund_at_stripe(stand_in, url, 4000)  # of which no event came yet

    worker.work_off()

    assert refunds(session) == [(8900, "failed")]
    assert payment(session).refundable.minor == 8900
    assert "A refund of 89.00 USD failed." in the_order(session).attention
    told(client, stand_in, url, "charge.refunded")
    adds_up(session, stand_in)


def test_a_refund_that_is_pending_is_neither_done_nor_failed_until_it_is(
    app, client, session, stand_in, worker, variant
):
    url = sold(client, stand_in, PENDING)
    ask(app, session, 900)
    worker.work_off()
    assert refunds(session) == [(900, "pending")]
    assert payment(session).refundable.minor == 8000

    stand_in.advance(11)
    assert told(client, stand_in, url, "refund.updated") == [200]

    assert refunds(session) == [(900, "succeeded")]
    assert mails(session) == ["order_paid", "order_refunded"]
    adds_up(session, stand_in)


def test_a_refund_of_a_bank_debit_of_which_no_event_came_is_asked_for(
    app, client, session, stand_in, worker, variant
):
    url = order(client)
    pay_by_bank(url, succeeds=True)
    stand_in.advance(11)
    told(client, stand_in, url, "checkout.session.async_payment_succeeded")
    ask(app, session, 900)
    worker.work_off()
    assert refunds(session) == [(900, "pending")]
    stand_in.advance(11)

    reconcile(app, session, worker)

    assert refunds(session) == [(900, "succeeded")]


@pytest.mark.parametrize("teller", ["webhook", "reconciliation"])
def test_a_refund_that_fails_later_gives_its_amount_back_and_is_for_staff(
    app, client, session, stand_in, worker, variant, teller
):
    url = sold(client, stand_in, FAILS)
    ask(app, session, 8900)
    worker.work_off()
    assert refunds(session) == [(8900, "succeeded")]
    stand_in.advance(11)

    if teller == "webhook":
        assert set(told(client, stand_in, url, "refund.failed", "refund.updated")) == {200}
    else:
        reconcile(app, session, worker)

    assert refunds(session) == [(8900, "failed")]
    assert payment(session).refundable.minor == 8900
    assert the_order(session).attention == (
        "A refund of 89.00 USD failed. Ask the buyer how to pay it."
    )
    adds_up(session, stand_in)


def test_what_was_asked_before_a_refund_failed_does_not_bring_it_back(
    app, client, session, stand_in, worker, variant
):
    """A webhook that asked Stripe, and then waited, writes after the one that came later."""
    from storefront.payments import refund_notes
    from storefront.payments.gateway import ToldRefund

    url = sold(client, stand_in, FAILS)
    ask(app, session, 8900)
    worker.work_off()
    old = app.extensions["gateway"].refunds_of(payment(session).payment_intent_id)
    stand_in.advance(11)
    told(client, stand_in, url, "refund.failed")

    with app.extensions["sessions"].write.begin() as writer:
        for each in old:
            assert isinstance(each, ToldRefund)
            refund_notes.note(writer, each, app.extensions["letters"])

    assert refunds(session) == [(8900, "failed")]
    assert payment(session).refunded_minor == 0


def test_a_refund_whose_answer_was_lost_is_asked_for_again_and_made_once(
    app, client, session, stand_in, worker, url
):
    ask(app, session, 1000)
    stand_in.faults.set(api=[{"kind": "lost", "path": "/v1/refunds", "method": "POST"}])
    worker.work_off()
    assert (refunds(session), ids(session)) == ([(1000, "requested")], [None])

    stand_in.faults.clear()
    hurry(session, "refund")
    worker.work_off()

    made = api(stand_in).v1.refunds.list({"payment_intent": payment(session).payment_intent_id})
    assert [it.id for it in made.data] == ids(session)
    assert refunds(session) == [(1000, "succeeded")]
    adds_up(session, stand_in)


def test_a_refund_is_known_by_its_id_though_we_died_before_we_wrote_it(
    app, client, session, stand_in, worker, url
):
    ask(app, session, 1000)
    sessions, handlers = app.extensions["sessions"], app.extensions["handlers"]
    refund_id = session.scalars(select(Refund.id)).one()
    handlers["refund"](sessions, {"refund_id": refund_id})  # and is killed before it is written

    (event,) = events_about(stand_in, url, "charge.refunded")
    assert deliver(client, event).status_code == 200

    assert refunds(session) == [(1000, "succeeded")]
    assert None not in ids(session)
    adds_up(session, stand_in)


def test_units_go_back_to_the_shelf_with_their_money_once(
    app, client, session, stand_in, worker, variant
):
    sold(client, stand_in, quantity=3)
    line = session.scalars(select(OrderLine.id)).one()
    key = f"form-{uuid4()}"

    for _ in range(2):
        ask(app, session, 8900, key, lines={line: 1}, restock=True)
    worker.work_off()

    assert stock_of(session, variant) == (8, 0)
    assert session.scalars(select(OrderLine.refunded_quantity)).one() == 1
    adds_up(session, stand_in)


def test_a_refund_of_nothing_or_less_is_refused(app, client, session, url):
    for minor in (0, -1, 2**40):
        with pytest.raises(TooMuchError):
            ask(app, session, minor)

    assert refunds(session) == []


def test_a_refund_of_another_integration_is_answered_and_ignored(client, session, stand_in, url):
    session.execute(update(Order).values(attention=None))
    made = api(stand_in).v1.payment_intents.create(
        {"amount": 500, "currency": "usd", "confirm": True, "payment_method": "pm_card_visa"}
    )
    api(stand_in).v1.refunds.create({"payment_intent": made.id})
    event = api(stand_in).v1.events.list({"type": "charge.refunded", "limit": 1}).data[0]

    answer = deliver(client, event.to_dict())

    assert (answer.status_code, answer.text) == (200, "ignored: another's\n")
    assert refunds(session) == []
