"""Refunds between the shop and Stripe: silence, refusals, several hands at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
import stripe
from sqlalchemy import select, update

from models import Mail, Order, OrderStatus, Payment, PaymentStatus
from storefront.payments.stand_in.cards import REFUND_FAILS, REFUND_PENDING
from tests.factories import make_product, make_variant
from tests.features.refunding import (
    buy,
    left_of,
    money_of,
    order_page,
    refund,
    refunds_of,
    usd,
)
from tests.features.test_checkout import check_out, come_back, fill_cart, stock_of, the_order
from tests.staff import sign_in
from tests.stripe import deliver, pay

pytestmark = pytest.mark.usefixtures("adds_up")

DISPUTED = "4000000000000259"
FORM = {"reason": "Many hands", "statement": "requested_by_customer"}


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10, price_minor=8900)


@pytest.fixture
def faults(stand_in):
    """Stripe's bad days, over when the test is."""
    yield stand_in.faults
    stand_in.faults.clear()


def at_stripe(stand_in, session, order):
    """Return what Stripe gave back of an order, refund by refund."""
    client = stripe.StripeClient("sk_test_shop", base_addresses={"api": stand_in.base})
    intent = session.scalar(select(Payment.payment_intent_id).filter_by(order_id=order.id))
    found = client.v1.refunds.list({"payment_intent": intent}).data
    return sorted(it.amount for it in found if it.status != "failed")


def deliver_newest(client, stand_in, type_):
    sdk = stripe.StripeClient("sk_test_shop", base_addresses={"api": stand_in.base})
    assert deliver(client, sdk.v1.events.list({"type": type_, "limit": 1}).data[0].to_dict())


@pytest.mark.parametrize("kind", ["500", "429", "drop", "lost"])
def test_where_stripe_is_silent_the_job_gives_it_back_once(
    client, session, stand_in, worker, variant, faults, kind
):
    order = buy(client, session)
    sign_in(client, session)
    faults.set(api=[{"path": "/v1/refunds", "kind": kind}])

    page = refund(client, order, "20.00")
    waiting = money_of(session, order), refunds_of(session, order)
    faults.clear()
    worker.work_off()

    assert page.status == 200
    assert "$20.00 is to go back, but Stripe did not answer." in page.text
    assert "On its way back" in page.text
    assert waiting == (
        (8900, 0, 2000, "partly refunded", "to ship"),
        [(usd(2000), "requested", False)],
    )
    assert money_of(session, order) == (8900, 2000, 0, "partly refunded", "to ship")
    assert at_stripe(stand_in, session, order) == [2000]


def test_a_second_click_while_stripe_is_silent_asks_for_nothing_more(
    client, session, stand_in, worker, variant, faults
):
    order = buy(client, session)
    sign_in(client, session)
    faults.set(api=[{"path": "/v1/refunds", "kind": "lost"}])
    form = order_page(client, order)

    for _ in range(2):
        form.submit("Refund", amount="20.00", reason="Clicked twice")
    faults.clear()
    worker.work_off()

    assert refunds_of(session, order) == [(usd(2000), "succeeded", False)]
    assert at_stripe(stand_in, session, order) == [2000]


def test_a_refund_that_takes_days_is_on_its_way_until_stripe_says_more(
    client, session, stand_in, variant
):
    order = buy(client, session, card=REFUND_PENDING)
    sign_in(client, session)

    page = refund(client, order, "89.00")
    before = money_of(session, order)
    stand_in.advance(11)
    deliver_newest(client, stand_in, "refund.updated")

    assert "$89.00 is on its way back." in page.text
    assert before == (8900, 0, 8900, "refunded", "to ship")
    assert money_of(session, order) == (8900, 8900, 0, "refunded", "to ship")


def test_a_refund_that_comes_back_is_told_to_staff_and_can_be_given_again(
    client, session, stand_in, variant
):
    order = buy(client, session, card=REFUND_FAILS)
    sign_in(client, session)
    refund(client, order, "89.00")
    assert left_of(session, order) == usd(0)

    stand_in.advance(11)
    deliver_newest(client, stand_in, "refund.failed")
    page = order_page(client, order)

    assert left_of(session, order) == usd(8900)
    assert "A refund of 89.00 USD failed. Ask the buyer how to pay it." in page.text
    assert "It failed: expired or canceled card." in page.text
    assert page.main.find(id="amount")["value"] == "89.00"


def test_what_the_bank_took_already_is_not_refunded_as_well(client, session, stand_in, variant):
    order = buy(client, session, card=DISPUTED)
    sign_in(client, session)
    form = order_page(client, order)
    deliver_newest(client, stand_in, "charge.dispute.created")

    page = form.submit("Refund", reason="She asked for it")

    assert page.status == 409
    assert "Nothing is left to give back: it went back meanwhile, or the buyer's bank" in page.text
    assert page.main.find("button", string="Refund") is None
    assert "disputed, needs response" in page.text
    assert money_of(session, order) == (8900, 0, 0, "charged back", "to ship")
    assert refunds_of(session, order) == []
    assert at_stripe(stand_in, session, order) == []


def test_a_refund_that_stripe_refuses_says_so_and_counts_for_nothing(
    client, session, stand_in, variant
):
    order = buy(client, session)
    sdk = stripe.StripeClient("sk_test_shop", base_addresses={"api": stand_in.base})
    intent = session.scalar(select(Payment.payment_intent_id))
    sdk.v1.refunds.create({"payment_intent": intent})  # in the dashboard; nobody has told
    sign_in(client, session)

    page = refund(client, order, "89.00")
    refused = refunds_of(session, order), left_of(session, order)
    deliver_newest(client, stand_in, "charge.refunded")

    assert "$89.00 did not go back: Stripe refused it." in page.text
    assert "It failed: charge already refunded." in page.text
    assert refused == ([(usd(8900), "failed", False)], usd(8900))
    assert [status for _, status, _ in refunds_of(session, order)] == ["failed", "succeeded"]
    assert money_of(session, order) == (8900, 8900, 0, "refunded", "to ship")
    assert at_stripe(stand_in, session, order) == [8900]


def test_money_of_a_wrong_amount_goes_back_and_ends_the_order(client, session, variant):
    fill_cart(client)
    url = check_out(client)
    paid = pay(url)
    session.execute(update(Payment).values({"amount_minor": 9999}))
    come_back(client, paid)
    order = the_order(session)
    sign_in(client, session)

    shown = order_page(client, order)
    page = refund(client, order, "89.00")

    assert "The buyer paid $89.00, but $99.99 was asked for." in shown.text
    assert shown.main.find("button", string="Cancel order") is None
    assert page.status == 200
    assert the_order(session).status is OrderStatus.CANCELLED
    assert session.scalar(select(Payment.status)) is PaymentStatus.HELD
    assert stock_of(session, variant) == (10, 0)
    assert money_of(session, order) == (8900, 8900, 0, "refunded", "not shipped")


def at_once(app, session, form, data):
    """Send forms in the same moment, each from a browser of its own that is signed in."""
    clients = []
    for _ in data:
        clients.append(app.test_client())
        sign_in(clients[-1], session)
    start = Barrier(len(data))

    def send(client, typed):
        start.wait()
        return client.post(form, data=typed, headers={"Origin": "http://localhost"}).status_code

    with ThreadPoolExecutor(len(data)) as pool:
        return sorted(pool.map(send, clients, data))


def test_four_hands_that_refund_all_of_it_at_once_give_it_back_once(
    app, client, session, stand_in, variant
):
    order = buy(client, session)
    typed = FORM | {"payment": f"{order.number}-1", "amount": "89.00"}

    answers = at_once(
        app,
        session,
        f"/staff/orders/{order.number}/refunds",
        [{**typed, "key": str(place) * 32} for place in range(4)],
    )

    assert answers == [303, 409, 409, 409]
    assert refunds_of(session, order) == [(usd(8900), "succeeded", False)]
    assert at_stripe(stand_in, session, order) == [8900]


def test_one_form_sent_four_times_at_once_is_one_refund(app, client, session, stand_in, variant):
    order = buy(client, session)
    typed = FORM | {"payment": f"{order.number}-1", "amount": "10.00", "key": "a" * 32}

    answers = at_once(app, session, f"/staff/orders/{order.number}/refunds", [typed] * 4)

    assert answers == [303, 303, 303, 303]
    assert refunds_of(session, order) == [(usd(1000), "succeeded", False)]
    assert at_stripe(stand_in, session, order) == [1000]
    mails = session.scalars(select(Mail.key).where(Mail.key.like("order_refunded%"))).all()
    assert len(mails) == 1


def test_a_number_that_is_no_order_gives_nothing_back(client, session):
    sign_in(client, session)

    assert client.post("/staff/orders/QL-00000000/refunds").status_code == 404
    assert session.scalars(select(Order)).all() == []
