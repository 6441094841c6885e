"""Adding units to a paid order: a draft that follows it, is paid by a link and ships with it."""

import pytest
from sqlalchemy import func, select

from models import Order, OrderLine, OrderStatus, Role
from storefront.payments.outcome import waiting_for
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.features.refunding import buy, order_page
from tests.features.test_checkout import come_back
from tests.features.test_staff_drafts import go_to_pay
from tests.staff import sign_in
from tests.stripe import PAYS, pay

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def order(client, session):
    product = make_product(session, handle="tool", title="The tool")
    make_variant(session, product=product, on_hand=10, price_minor=8900, sku="TOOL")
    make_variant(session, on_hand=10, price_minor=1000, sku="MAT")
    found = buy(client, session, 2)
    sign_in(client, session, Role.SUPPORT)
    return found


def more(client, session, order, units="", **typed):
    line = session.scalars(select(OrderLine.id).filter_by(order_id=order.id)).one()
    page = visit(client, f"/staff/orders/{order.number}/edit")
    fields = {f"more-{name}": value for name, value in typed.items()}
    return page.submit("Write the draft", **{f"more-{line}-units": units, **fields})


def now_of(session, number):
    session.expire_all()
    return session.scalars(select(Order).filter_by(number=number)).one()


def test_the_buyer_pays_what_is_added_and_the_order_waits_for_it(client, session, order):
    page = more(client, session, order, "1", sku="MAT", quantity="2")

    number = page.heading.removeprefix("Draft ")
    draft = now_of(session, number)
    assert (draft.status, draft.follows_id) == (OrderStatus.DRAFT, order.id)
    assert (draft.total.minor, draft.shipping_minor) == (8900 + 2000, 0)
    first = now_of(session, order.number)
    assert (draft.email, draft.shipping_address) == (first.email, first.shipping_address)
    assert first.attention == waiting_for(number)
    shown = order_page(client, order)
    assert f"Added to it: {number}" in shown.text
    assert f"1 of TOOL, 2 of MAT by {number}" in shown.text
    assert "Mark the order as checked first" in shown.text
    assert f"Added to {order.number}" in order_page(client, draft).text

    come_back(client, pay(go_to_pay(client, draft).location, PAYS))

    assert now_of(session, number).status is OrderStatus.PAID
    first = now_of(session, order.number)
    assert first.attention is None
    first.attention = waiting_for(number)
    session.commit()
    assert problems(session) == [f"{order.number}: waits for {number}, which is paid"]
    first.attention = None
    session.commit()


def test_an_order_whose_addition_is_cancelled_goes_on(client, session, order):
    page = more(client, session, order, "1")
    assert now_of(session, order.number).attention

    page.submit("Mark as cancelled")

    assert now_of(session, order.number).attention is None


def test_an_order_need_not_wait(client, session, order):
    more(client, session, order, "1", waits="")

    assert now_of(session, order.number).attention is None


@pytest.mark.parametrize(
    ("typed", "error"),
    [
        ({}, "Enter units of a line, or a SKU with units."),
        ({"units": "-1"}, "Enter a whole number"),
        ({"units": "1000"}, "999"),
        ({"sku": "NO", "quantity": "1"}, "No product has this SKU."),
        ({"sku": "MAT", "quantity": "9" * 100_000}, "999"),
        ({"sku": "\0😀<script>", "quantity": "1"}, "No product has this SKU."),
        ({"units": "1", "sku": "TOOL", "quantity": "1"}, "It stands above already."),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_written(
    client, session, order, typed, error
):
    page = more(client, session, order, **typed)

    assert page.status == 422
    assert any(error in it for it in page.errors()), page.errors()
    assert session.scalar(select(func.count(Order.id))) == 1
    assert now_of(session, order.number).attention is None
