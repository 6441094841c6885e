"""Bundles: made of parts, sold from their stock, and never more of them than the parts make."""

import pytest
from sqlalchemy import select, update

from models import BundlePart, Order, OrderLine, Payment, ProductStatus, Reservation, Selling, Stock
from models.inventory import FIGURES, adjust
from storefront.payments.refunded_units import WantedRefund
from storefront.payments.refunds import request
from storefront.staff.orders.queries import order as loaded
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_bundle, make_product, make_variant
from tests.features.test_checkout import check_out, come_back, the_order
from tests.staff import sign_in
from tests.stripe import pay


@pytest.fixture
def tool(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, sku="TOOL", on_hand=5, price_minor=8900)


@pytest.fixture
def mat(session):
    product = make_product(session, handle="mat", title="The mat")
    return make_variant(session, product=product, sku="MAT", on_hand=7, price_minor=3000)


@pytest.fixture
def bundle(session, tool, mat):
    """One tool and two mats, for less than they cost apart."""
    product = make_product(session, handle="set", title="The set")
    return make_bundle(session, {tool: 1, mat: 2}, product=product, sku="SET", price_minor=12900)


def figures(session, *variants):
    """On hand and reserved of each."""
    found = [session.get_one(Stock, it.id, populate_existing=True) for it in variants]
    return [(stock.on_hand, stock.reserved) for stock in found]


def add(client, handle, quantity=1):
    return visit(client, f"/products/{handle}").submit("Add to cart", quantity=quantity)


def test_the_page_says_what_is_in_it_and_what_it_saves(client, bundle):
    page = visit(client, "/products/set")

    parts = [" ".join(it.get_text(" ").split()) for it in page.main.select(".bundle__part")]
    assert parts == ["2 × The mat, Red $60.00", "1 × The tool, Red $89.00"]
    assert "Bought apart they cost $149.00. You save $20.00." in page.text
    assert "Only 3 left" in page.text
    assert page.main.find("a", string="The mat, Red")["href"].startswith("/products/mat?variant=")


def test_a_part_that_visitors_cannot_buy_has_neither_link_nor_price(client, session, tool, mat):
    secret = make_product(session, title="A strap", status=ProductStatus.DRAFT)
    strap = make_variant(session, product=secret, price_minor=100)
    product = make_product(session, handle="set")
    make_bundle(session, {tool: 1, strap: 1}, product=product, price_minor=100)

    page = visit(client, "/products/set")

    assert "1 × A strap, Red" in page.text
    assert page.main.find("a", string="A strap, Red") is None
    assert "You save" not in page.text


def test_a_bundle_is_sold_out_with_the_scarcest_of_its_parts(client, session, mat, bundle):
    adjust(session, mat.id, -6, reason="broken", actor="test")
    session.flush()

    assert "Sold out" in visit(client, "/products/set").text
    assert "Sold out" in visit(client, "/search?q=set").text
    assert client.get("/products/set.js").json["available"] is False
    assert client.post("/cart/add", data={"id": bundle.id}).status_code == 409


def test_a_bought_bundle_takes_its_parts_off_the_shelf(client, session, tool, mat, bundle):
    add(client, "set", 2)
    url = check_out(client)
    assert figures(session, tool, mat) == [(5, 2), (7, 4)]

    come_back(client, pay(url))

    assert figures(session, tool, mat) == [(3, 0), (3, 0)]
    line = session.scalars(select(OrderLine)).one()
    assert (line.sku, line.quantity) == ("SET", 2)
    assert line.units_of_one == {tool.id: 1, mat.id: 2}
    assert session.get(Stock, bundle.id) is None
    assert problems(session) == []


def test_a_bundle_and_its_part_share_the_stock_within_one_cart(client, session, tool, mat, bundle):
    add(client, "tool", 3)

    refused = add(client, "set", 3)
    assert refused.status == 409
    assert "Only 2 left" in refused.text
    add(client, "set", 2)
    more = add(client, "tool", 1)

    assert more.status == 409
    check_out(client)
    assert figures(session, tool, mat) == [(5, 5), (7, 4)]
    held = select(Reservation.variant_id, Reservation.quantity).order_by(Reservation.variant_id)
    assert [tuple(row) for row in session.execute(held)] == [(tool.id, 5), (mat.id, 4)]
    assert problems(session) == []


def test_when_parts_vanish_the_cart_is_corrected_and_asked_again(client, session, tool, bundle):
    add(client, "tool", 3)
    cart = add(client, "set", 2)
    adjust(session, tool.id, -1, reason="broken", actor="test")
    session.flush()

    asked = cart.submit("Check out", follow=False)

    assert asked.status == 409
    assert "Only 1 left: you asked for 2." in asked.text
    assert session.scalars(select(Order.id)).all() == []
    assert asked.submit("Check out", follow=False).status == 303
    assert figures(session, tool) == [(4, 4)]
    assert problems(session) == []


def test_a_buyer_of_the_last_bundle_is_not_in_her_own_way(app, client, session, tool, mat, bundle):
    add(client, "set", 3)
    first = check_out(client)

    hers, theirs = (visit(it, "/products/set").text for it in (client, app.test_client()))
    again = check_out(client)
    fewer = visit(client, "/cart").submit("Update cart", quantity=2)

    assert "Only 3 left" in hers
    assert "Sold out" in theirs
    assert again == first
    assert fewer.status == 200
    check_out(client)
    assert figures(session, tool, mat) == [(5, 2), (7, 4)]
    assert problems(session) == []


def test_a_part_that_can_wait_lets_its_bundle_wait(client, session, tool, mat, bundle):
    tool.selling, tool.promise = Selling.BACKORDER, "Ships in a week"
    session.flush()
    adjust(session, tool.id, -5, reason="broken", actor="test")
    session.flush()

    shown = visit(client, "/products/set")
    add(client, "set", 3)
    page = come_back(client, pay(check_out(client)))

    assert "Not in stock. Ships in a week." in shown.text
    assert "Ships in a week" in page.text
    stocks = [session.get_one(Stock, it.id, populate_existing=True) for it in (tool, mat)]
    found = [[getattr(stock, figure) for figure in FIGURES] for stock in stocks]
    assert found == [[0, 0, 0, 3, 0], [1, 0, 0, 0, 0]]
    assert client.post("/cart/add", data={"id": bundle.id}).status_code == 409  # one mat is left
    sign_in(client, session)
    order = the_order(session)
    staff = visit(client, f"/staff/orders/{order.number}")
    assert "These have not arrived yet: TOOL The tool, 3 needed, 0 free." in staff.text
    assert problems(session) == []


def test_a_refund_that_restocks_puts_the_parts_back(app, client, session, tool, mat, bundle):
    add(client, "set", 2)
    come_back(client, pay(check_out(client)))
    payment = session.scalars(select(Payment)).one()
    changed = update(BundlePart).where(BundlePart.part_id == mat.id)
    session.execute(changed.values(quantity=5))  # what she bought had two

    with app.extensions["sessions"].write() as writer:
        order = loaded(writer, the_order(session).number)
        line = order.lines[0]
        money = line.unit_price
        request(
            writer, order, WantedRefund(payment.id, money, "k", lines={line.id: 1}, restock=True)
        )
        writer.commit()

    assert figures(session, tool, mat) == [(4, 0), (5, 0)]
    assert problems(session) == []
