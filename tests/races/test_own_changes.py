"""A buyer changes her order just as staff pick or ship it, or in two tabs: one of them is first."""

import pytest
from sqlalchemy import select

from models import Order, OrderLine, Refund, Return, Stock
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.features.refunding import buy
from tests.payments.steps import at_once
from tests.races.desks import Desk, press

ORIGIN = {"Origin": "http://localhost"}


@pytest.fixture
def order(client, session):
    product = make_product(session, handle="tool", title="The tool")
    make_variant(session, product=product, on_hand=10, sku="RED")
    blue = make_variant(session, product=product, on_hand=1, sku="BLUE", options=("Blue",))
    found = buy(client, session, 3)
    found.blue_id = blue.id
    session.commit()
    return found


def tabs(app, order, count):
    """Several tabs of her own with the page on which she changes the order."""
    address = f"/orders/{order.number}/change?token={order.token}"
    return [visit(app.test_client(), address) for _ in range(count)]


def sending(client, path, **data):
    return lambda: client.post(path, data=data, headers=ORIGIN).status_code


def end(session):
    """Return the order's status, what left, what was cancelled, and how many refunds there are."""
    session.rollback()
    line = session.execute(select(OrderLine.shipped_quantity, OrderLine.cancelled_quantity)).one()
    refunds = session.scalars(select(Refund.id)).all()
    status = session.scalar(select(Order.status))
    session.rollback()
    assert problems(session) == []
    session.rollback()
    return status.value, *line, len(refunds)


def test_of_a_buyer_who_cancels_and_staff_who_ship_one_is_first(app, session, order):
    desk = Desk(app, session).browser()
    page = tabs(app, order, 1)[0]

    codes = at_once(
        press(page, "Cancel this order"),
        sending(desk, f"/staff/orders/{order.number}/fulfilments", tracking_number="T1"),
    )

    assert sorted(codes) == [303, 409]
    cancelled, shipped = ("cancelled", 0, 3, 1), ("shipped", 3, 0, 0)
    assert end(session) == (cancelled if codes[0] == 303 else shipped)


def test_of_a_buyer_who_wants_fewer_and_staff_who_print_one_is_first(app, session, order):
    desk = Desk(app, session).browser()
    page = tabs(app, order, 1)[0]
    line_id = session.scalars(select(OrderLine.id)).one()
    session.rollback()

    codes = at_once(
        press(page, "Change the quantities", **{f"line-{line_id}-units": 1}),
        sending(desk, "/staff/pick-list", numbers=order.number),
    )

    assert codes[1] == 200
    assert codes[0] in {303, 409}
    assert end(session) == ("paid", 0, *((2, 1) if codes[0] == 303 else (0, 0)))


def test_an_order_cancelled_in_many_tabs_goes_back_once(app, session, order):
    codes = at_once(*(press(it, "Cancel this order") for it in tabs(app, order, 5)))

    assert sorted(codes) == [303] + [409] * 4
    assert end(session) == ("cancelled", 0, 3, 1)


def test_a_return_withdrawn_as_it_is_accepted_leaves_nothing_set_aside(app, client, session, order):
    desk = Desk(app, session)
    sending(desk.first, f"/staff/orders/{order.number}/fulfilments", tracking_number="T1")()
    line_id = session.scalars(select(OrderLine.id)).one()
    session.rollback()
    form = visit(client, f"/orders/{order.number}/returns/new?token={order.token}")
    asked = {"units": "1", "reason": "fit", "wish": str(order.blue_id)}
    page = form.submit(
        "Ask to send it back", **{f"line-{line_id}-{name}": it for name, it in asked.items()}
    )
    assert page.heading == "Return 1"

    codes = at_once(
        press(page, "Withdraw this return"),
        sending(desk.browser(), "/staff/returns/1/decision", decision="accept"),
    )

    session.rollback()
    assert session.scalars(select(Return.status)).one() == "withdrawn"
    assert codes[0] == 303
    assert codes[1] in {303, 409}
    assert session.scalars(select(Stock.reserved)).all() == [0, 0]
    session.rollback()
    assert problems(session) == []
