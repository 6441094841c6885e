"""An exchange waits a while for what comes back; then its units can be sold, and all are told."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models import Mail, Order, Return, ReturnStatus, Stock, now
from models.goods_return import EXCHANGE_KEPT_FOR
from storefront.formatting import day
from storefront.jobs import queue
from storefront.orders.overdue import KIND
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.features.refunding import buy
from tests.features.test_own_returns import ask, at_the_desk, page_of, told
from tests.features.test_staff_parcels import ship
from tests.payments.steps import at_once
from tests.races.desks import Desk, press
from tests.staff import sign_in

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def blue(client, session):
    """A return of one red tool in exchange for a blue one, accepted; returns the blue one."""
    product = make_product(session, handle="tool", title="The tool")
    make_variant(session, product=product, on_hand=10, sku="RED")
    found = make_variant(session, product=product, on_hand=1, sku="BLUE", options=("Blue",))
    order = buy(client, session, 2)
    sign_in(client, session)
    ship(client, order)
    ask(client, session, order, wish=found.id)
    assert "It waits 30 days for the parcel" in at_the_desk(client, session).submit("Accept").text
    assert reserved(session, found) == 1
    accepted = session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert "is put aside for you for 30 days" in " ".join(accepted.text.split())
    return found


def the_order(session):
    found = select(Order).order_by(Order.id).execution_options(populate_existing=True)
    return session.scalars(found).first()


def exchange(session):
    found = select(Order).order_by(Order.id.desc()).execution_options(populate_existing=True)
    return session.scalars(found).first()


def reserved(session, variant):
    return session.get_one(Stock, variant.id, populate_existing=True).reserved


def let_pass(session, days):
    session.execute(update(Return).values(decided_at=now() - timedelta(days=days)))


def round_of(app, worker):
    with app.extensions["sessions"].write.begin() as session:
        queue.enqueue(session, KIND, f"{KIND}:{now().timestamp()}", {})
    worker.work_off()


def ended_mails(session):
    found = select(Mail).filter_by(template="order_exchange_ended")
    return session.scalars(found).all()


def test_the_page_of_a_return_says_until_when_what_is_exchanged_is_kept(client, session, blue):
    order = the_order(session)
    until = day(session.scalars(select(Return.decided_at)).one() + EXCHANGE_KEPT_FOR)
    said = f"What you get in exchange is put aside for you until {until}."
    assert said in page_of(client, order).follow("Return 1").text

    at_the_desk(client, session).submit("Receive the return")

    assert "put aside for you" not in page_of(client, order).follow("Return 1").text


def test_what_is_set_aside_can_be_sold_again_after_thirty_days_and_the_buyer_is_told_once(
    app, client, session, worker, blue
):
    let_pass(session, EXCHANGE_KEPT_FOR.days - 1)
    round_of(app, worker)
    assert (reserved(session, blue), ended_mails(session)) == (1, [])
    let_pass(session, EXCHANGE_KEPT_FOR.days)

    for _ in range(2):
        round_of(app, worker)

    order, swap = the_order(session), exchange(session)
    assert (swap.status, reserved(session, blue)) == ("cancelled", 0)
    assert session.scalars(select(Return.status)).one() is ReturnStatus.ACCEPTED
    (mail,) = ended_mails(session)
    assert mail.recipient == order.email
    assert mail.subject == f"The exchange for order {order.number} has ended"
    assert f"/orders/{order.number}/returns/1?token=" in mail.text
    assert mail.sent_at is not None
    assert "In exchange for: Blue" in mail.text
    own = page_of(client, order).follow("Return 1").follow("What you get in exchange")
    assert "This exchange has ended, and nothing is on its way to you." in own.text
    assert "What still comes is paid back in money." in at_the_desk(client, session).text
    desk = visit(client, f"/staff/orders/{order.number}").text
    assert "Nothing came back within 30 days." in desk
    assert "can be sold again" in desk


def test_a_parcel_that_comes_afterwards_is_paid_back_in_money(app, client, session, worker, blue):
    let_pass(session, 40)
    round_of(app, worker)

    desk = at_the_desk(client, session).submit("Receive the return")
    desk.follow("Give the money back").submit("Refund", restock="")
    worker.work_off()

    assert exchange(session).status == "cancelled"
    assert session.scalars(select(Return.status)).one() is ReturnStatus.CLOSED
    assert session.scalars(select(Mail.id).filter_by(template="order_refunded")).all()
    assert told(session) == ["requested", "accepted", "received"]


def test_what_has_arrived_was_withdrawn_or_waits_for_a_decision_is_left_alone(
    app, client, session, worker, blue
):
    at_the_desk(client, session).submit("Receive the return")
    assert exchange(session).status == "paid"
    let_pass(session, 400)

    round_of(app, worker)

    assert exchange(session).status == "paid"
    assert ended_mails(session) == []


def test_of_a_parcel_that_is_received_and_the_end_one_is_first(app, session, worker, blue):
    let_pass(session, 31)
    session.rollback()
    desk = Desk(app, session)
    page = visit(desk.browser(), "/staff/returns/1")

    codes = at_once(press(page, "Receive the return"), lambda: round_of(app, worker))

    assert codes[0] == 303
    swap, status = exchange(session), session.scalars(select(Return.status)).one()
    if swap.status == "paid":
        assert (status, len(ended_mails(session))) == (ReturnStatus.CLOSED, 0)
    else:
        assert (swap.status, status) == ("cancelled", ReturnStatus.RECEIVED)
        assert len(ended_mails(session)) == 1
    assert reserved(session, blue) == 0
