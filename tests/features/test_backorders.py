"""Selling what is not here yet: the promise goes from the product page to the parcel."""

import pytest
from sqlalchemy import select

from models import (
    Mail,
    Order,
    OrderLine,
    OrderStatus,
    Reservation,
    ReservationState,
    Selling,
    Stock,
)
from models.inventory import FIGURES, adjust
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.features.refunding import refund, units_field
from tests.features.test_checkout import check_out, come_back, the_order
from tests.staff import rows, sign_in
from tests.stripe import pay, session_of

PROMISE = "Ships in about 2 weeks"


def make_tool(session, *, on_hand, selling=Selling.BACKORDER, promise=PROMISE):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(
        session, product=product, sku="TOOL", on_hand=on_hand, selling=selling, promise=promise
    )


def figures(session, variant):
    stock = session.get_one(Stock, variant.id, populate_existing=True)
    return [getattr(stock, figure) for figure in FIGURES]


def buy(client, quantity=1):
    visit(client, "/products/tool").submit("Add to cart", quantity=quantity)
    return come_back(client, pay(check_out(client)))


def ship(client, order):
    page = visit(client, f"/staff/orders/{order.number}")
    return page.submit("Mark as shipped", tracking_number="T1")


def test_the_promise_stands_beside_the_button_and_in_the_cart(client, session):
    make_tool(session, on_hand=0)

    shown = visit(client, "/products/tool")
    cart = shown.submit("Add to cart", quantity=2)

    assert f"Not in stock. {PROMISE}." in shown.text
    assert "Sold out" not in shown.text
    button = shown.main.find("button", string="Add to cart")
    assert PROMISE in shown.main.find(id=button["aria-describedby"]).get_text()
    assert "Ships later" in visit(client, "/collections/all").main.find("article").get_text()
    assert PROMISE in cart.text


def test_the_promise_is_copied_to_the_order_and_stands_in_its_mail(
    client, session, worker, stand_in
):
    variant = make_tool(session, on_hand=0)

    visit(client, "/products/tool").submit("Add to cart", quantity=2)
    url = check_out(client)
    (line,) = session_of(stand_in.base, url)["line_items"]["data"]
    assert line["description"] == f"The tool (Red). {PROMISE}"
    thanks = come_back(client, pay(url))
    worker.work_off()

    assert "Not all of your order is here yet" in thanks.text
    assert PROMISE in thanks.text
    assert figures(session, variant) == [0, 0, 0, 2, 0]
    assert session.scalars(select(OrderLine.promise)).one() == PROMISE
    mail = session.scalars(select(Mail)).one()
    for text in (mail.text, mail.html):
        assert PROMISE in text
        assert "Not all of it is here yet" in text
    assert problems(session) == []


def test_an_order_ships_when_its_units_have_come_and_promises_no_more(client, session):
    variant = make_tool(session, on_hand=0)
    buy(client, 2)
    order = the_order(session)
    sign_in(client, session)
    waiting = visit(client, f"/staff/orders/{order.number}")
    visit(client, "/staff/inventory/TOOL").submit("Receive stock", quantity=3, reference="DN 1")
    assert figures(session, variant) == [3, 0, 0, 2, 0]

    shipped = ship(client, order)

    assert f"Promised: {PROMISE}" in waiting.text
    assert "These have not arrived yet: TOOL The tool, 2 needed, 0 free." in waiting.text
    assert shipped.status == 200
    assert figures(session, variant) == [1, 0, 0, 0, 0]
    assert the_order(session).status is OrderStatus.SHIPPED
    assert session.scalars(select(Reservation.state)).all() == [ReservationState.SOLD]
    late = session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()
    assert (PROMISE in late.text, "is on its way" in late.subject) == (False, True)
    assert PROMISE not in visit(client, f"/orders/{order.number}?token={order.token}").text
    assert problems(session) == []


def test_an_order_does_not_ship_before_its_units_have_come(client, session):
    variant = make_tool(session, on_hand=0)
    buy(client, 2)
    order = the_order(session)
    sign_in(client, session)
    visit(client, "/staff/inventory/TOOL").submit("Receive stock", quantity=1, reference="DN 1")

    page = ship(client, order)

    assert page.status == 409
    assert "Not all of this order has arrived" in page.main.find(role="alert").get_text()
    assert "TOOL The tool, 2 needed, 1 free." in page.text
    assert page.main.find(id="tracking_number")["value"] == "T1"
    assert the_order(session).status is OrderStatus.PAID
    assert figures(session, variant) == [1, 0, 0, 2, 0]
    assert session.scalars(select(Mail.key)).all() == [f"order_paid:{order.number}"]
    assert problems(session) == []


def test_a_preorder_says_so_and_is_paid_at_once(client, session):
    make_tool(session, on_hand=0, selling=Selling.PREORDER, promise="Ships in May.")

    shown = visit(client, "/products/tool")
    assert "Pre-order. Ships in May." in shown.text
    assert "Pre-order" in visit(client, "/search?q=tool").text
    assert "Pre-order" in visit(client, "/collections/all").text

    thanks = buy(client)
    assert "Ships in May." in thanks.text
    assert the_order(session).status is OrderStatus.PAID
    assert problems(session) == []


def test_without_words_of_the_shop_the_buyer_is_told_that_she_waits(client, session):
    make_tool(session, on_hand=0, promise="")

    shown = visit(client, "/products/tool")
    cart = shown.submit("Add to cart")

    assert "Not in stock. Ships when it is here." in shown.text
    assert "Ships when it is here" in cart.text


def test_who_orders_more_than_is_there_is_told_that_all_of_it_waits(client, session):
    variant = make_tool(session, on_hand=2)

    shown = visit(client, "/products/tool")
    assert "Only 2 left" in shown.text
    assert (
        "2 can ship at once. Order more, and all of them wait: ships in about 2 weeks."
        in shown.text
    )

    two = shown.submit("Add to cart", quantity=2)
    assert PROMISE not in two.text
    three = two.submit("Update cart", quantity=3)
    assert PROMISE in three.text
    check_out(client)
    assert figures(session, variant) == [2, 0, 0, 3, 0]
    assert session.scalars(select(Reservation.is_backorder)).all() == [True]
    assert problems(session) == []


def test_units_that_vanish_before_checkout_are_no_backorder_that_nobody_chose(client, session):
    variant = make_tool(session, on_hand=1)
    cart = visit(client, "/products/tool").submit("Add to cart")
    assert PROMISE not in cart.text
    adjust(session, variant.id, -1, reason="broken", actor="test")
    session.flush()

    asked = cart.submit("Check out", follow=False)

    assert asked.status == 409
    assert "Your cart has changed since you saw it." in asked.text
    assert PROMISE in asked.text
    assert session.scalars(select(Order.id)).all() == []
    assert figures(session, variant) == [0, 0, 0, 0, 0]

    accepted = asked.submit("Check out", follow=False)
    assert accepted.status == 303
    assert figures(session, variant) == [0, 0, 0, 1, 0]


def test_who_waits_longest_comes_before_who_buys_now(app, client, session):
    variant = make_tool(session, on_hand=0)
    buy(client, 3)
    staff = app.test_client()
    sign_in(staff, session)
    visit(staff, "/staff/inventory/TOOL").submit("Receive stock", quantity=3, reference="DN 1")

    shown = visit(app.test_client(), "/products/tool")
    listed = visit(staff, "/staff/inventory/TOOL")

    assert "Not in stock" in shown.text
    numbers = [it.get_text() for it in listed.main.find_all("dd")]
    assert numbers == ["3", "0", "0", "3", "0", "0"]
    order = the_order(session)
    assert [row[::2] for row in rows(listed)] == [[order.number, "3", "Yes"]]
    assert rows(listed)[0][3] == "Paid"
    visit(staff, "/staff/inventory/TOOL").submit("Receive stock", quantity=1, reference="DN 2")
    assert "Only 1 left" in visit(app.test_client(), "/products/tool").text
    assert figures(session, variant) == [4, 0, 0, 3, 0]


def test_of_two_orders_that_wait_the_older_one_is_served_first(app, session):
    make_tool(session, on_hand=0)
    for quantity in (2, 2):
        buy(app.test_client(), quantity)
    first, second = session.scalars(select(Order.number).order_by(Order.id)).all()
    staff = app.test_client()
    sign_in(staff, session)

    page = visit(staff, "/staff/inventory/TOOL").submit(
        "Receive stock", quantity=3, reference="DN 1"
    )

    assert [(row[0], row[4]) for row in rows(page)] == [(first, "Yes"), (second, "Not yet")]


@pytest.mark.parametrize("selling", [Selling.BACKORDER, Selling.PREORDER])
def test_an_order_that_is_not_paid_in_time_waits_no_longer(client, session, selling):
    variant = make_tool(session, on_hand=0, selling=selling)
    visit(client, "/products/tool").submit("Add to cart", quantity=2)
    check_out(client)
    assert figures(session, variant) == [0, 0, 0, 2, 0]
    visit(client, "/cart").submit("Update cart", quantity=1)

    check_out(client)  # the order of two is replaced

    assert figures(session, variant) == [0, 0, 0, 1, 0]
    assert problems(session) == []


def test_what_is_set_to_be_sold_from_stock_alone_is_sold_out_without_any(client, session):
    variant = make_tool(session, on_hand=0, selling=Selling.IN_STOCK)

    shown = visit(client, "/products/tool")
    answer = client.post("/cart/add", data={"id": variant.id})

    assert shown.main.find("button", string="Sold out").has_attr("disabled")
    assert PROMISE not in shown.text
    assert answer.status_code == 409
    assert client.get("/products/tool.js").json["available"] is False


def test_a_script_is_told_that_a_backorder_can_be_had(client, session):
    make_tool(session, on_hand=0)

    told = client.get("/products/tool.js").json

    assert told["available"] is True
    assert [variant["available"] for variant in told["variants"]] == [True]


def test_units_refunded_before_they_came_are_no_longer_owed(client, session):
    variant = make_tool(session, on_hand=0)
    buy(client, 3)
    order = the_order(session)
    sign_in(client, session)

    refund(client, order, "89.00", **{units_field(session, order): "1"})
    owed = figures(session, variant)
    adjust(session, variant.id, 2, reason="came", actor="test")
    session.commit()
    shipped = ship(client, order)

    assert owed == [0, 0, 0, 2, 0]
    assert shipped.status == 200
    assert figures(session, variant) == [0, 0, 0, 0, 0]
    assert the_order(session).status is OrderStatus.SHIPPED
    assert problems(session) == []


@pytest.mark.parametrize(
    ("selling", "shown"),
    [
        (Selling.IN_STOCK, "0 Sold out"),
        (Selling.BACKORDER, "0 Backorder"),
        (Selling.PREORDER, "0 Preorder"),
    ],
)
def test_staff_see_what_becomes_of_a_variant_that_is_not_there(client, session, selling, shown):
    make_tool(session, on_hand=0, selling=selling)
    sign_in(client, session)

    assert rows(visit(client, "/staff/inventory"))[0][7] == shown
