"""Changing a paid order before it ships: its address, and fewer units, to the cent."""

import pytest
from sqlalchemy import select, update

from models import (
    Document,
    Fulfilment,
    FulfilmentLine,
    Order,
    OrderEvent,
    OrderLine,
    OrderStatus,
    Refund,
    Role,
    Stock,
    TaxRate,
)
from tests.browser import visit
from tests.factories import make_discount, make_product, make_variant
from tests.features.refunding import buy, ledger_of, money_of, order_page, refunds_of, usd
from tests.staff import sign_in

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def variants(session):
    product = make_product(session, handle="tool", title="The tool")
    tool = make_variant(session, product=product, on_hand=10, price_minor=8900, sku="TOOL")
    mat = make_variant(session, on_hand=10, price_minor=1000, sku="MAT")
    return tool, mat


@pytest.fixture
def order(client, session, variants):
    client.post("/cart/add", data={"id": variants[1].id, "quantity": 2})
    found = buy(client, session, 3)
    sign_in(client, session, Role.SUPPORT)
    return found


def edit_page(client, order):
    return visit(client, f"/staff/orders/{order.number}/edit")


def units_of(session, order, **units):
    """The fields that keep so many units of each SKU."""
    found = session.execute(select(OrderLine.sku, OrderLine.id).filter_by(order_id=order.id))
    return {f"line-{line_id}-units": units[sku] for sku, line_id in found if sku in units}


def take_away(client, session, order, page=None, **units):
    typed = {"reason": "She changed her mind", **units_of(session, order, **units)}
    return (page or edit_page(client, order)).submit("Take away and refund", **typed)


def edits(session, order):
    found = select(OrderEvent.note).where(
        OrderEvent.order_id == order.id, OrderEvent.kind == "edited"
    )
    return session.scalars(found).all()


def state_of(session, order):
    session.expire_all()
    found = session.get_one(Order, order.id)
    address = (found.name, dict(found.shipping_address or {}), found.attention)
    events = session.scalars(select(OrderEvent.id).filter_by(order_id=order.id)).all()
    return address, events, ledger_of(session, order), refunds_of(session, order)


def test_an_address_is_changed_and_the_history_has_before_and_after(client, session, order):
    page = order_page(client, order).follow("Edit this order")

    done = page.submit("Save", name="Ann <b>", line1="2 Side Street", city="Denver", country="US")

    assert f"The address of {order.number} is saved." in done.html.get_text()
    assert "2 Side Street" in done.text
    [note] = edits(session, order)
    assert note.startswith("Address: ")
    assert "before" in note
    assert "Ann <b>, 2 Side Street" in note


def test_of_two_who_change_an_address_the_second_is_told_and_keeps_her_words(
    client, session, order
):
    first, second = edit_page(client, order), edit_page(client, order)
    typed = {"name": "Ann", "city": "Denver"}
    first.submit("Save", line1="1 First Street", **typed)
    before = state_of(session, order)

    page = second.submit("Save", line1="2 Second Street", **typed)

    assert page.status == 409
    assert "1 First Street" in page.text
    assert page.main.find(id="line1")["value"] == "2 Second Street"
    assert state_of(session, order) == before
    assert page.submit("Save").status == 200
    assert edits(session, order)[-1].count("2 Second Street") == 1


def test_an_address_with_another_tax_is_held_for_staff(client, session, variants):
    session.add(TaxRate(country="US", title="Tax", rate_ppm=100_000))
    session.add(TaxRate(country="US", region="CO", title="Tax", rate_ppm=50_000))
    session.commit()
    order = buy(client, session)
    sign_in(client, session)

    edit_page(client, order).submit(
        "Save", name="Ann", line1="1 Street", city="Denver", state="CO", country="US"
    )

    assert (
        state_of(session, order)[0][2]
        == "Its tax was reckoned for United States, but it goes to CO."
    )


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": ""}, "Enter a name."),
        ({"line1": ""}, "Enter a street and number."),
        ({"line1": "a" * 100_000}, "Enter at most 200 characters."),
        ({"city": "a\0b"}, "Remove the characters that cannot be read."),
        ({"country": "XX"}, "Not a valid choice."),
    ],
)
def test_an_address_that_cannot_be_is_refused_beside_the_field(
    client, session, order, typed, message
):
    before = state_of(session, order)
    right = {"name": "Ann", "line1": "1 Street", "city": "Denver", "country": "US"}

    page = edit_page(client, order).submit("Save", **{**right, **typed})

    assert page.status == 422
    assert message in page.errors()
    assert state_of(session, order) == before


def test_fewer_units_give_back_what_they_cost_and_go_on_the_shelf(client, session, order, variants):
    page = take_away(client, session, order, TOOL=1, MAT=0)

    assert f"{order.number} is changed. $198.00 went back to the buyer." in page.html.get_text()
    assert refunds_of(session, order) == [(usd(19800), "succeeded", True)]
    on_hand = [session.get_one(Stock, it.id, populate_existing=True).on_hand for it in variants]
    assert on_hand == [9, 10]
    assert edits(session, order) == [
        "TOOL: 3 before, 1 now. MAT: 2 before, 0 now. She changed her mind"
    ]
    kinds = session.scalars(select(Document.kind).order_by(Document.id)).all()
    assert [kind.value for kind in kinds] == ["invoice", "credit note"]
    assert money_of(session, order)[0] == 28700


def test_with_discount_and_tax_what_goes_back_is_exact(client, session, variants):
    make_discount(session)
    session.add(TaxRate(country="US", title="Sales tax", rate_ppm=82_500))
    session.commit()
    order = buy(client, session, 3)
    sign_in(client, session)

    take_away(client, session, order, TOOL=2)
    take_away(client, session, order, TOOL=1)

    assert [amount.minor for amount, *_ in refunds_of(session, order)] == [8670, 8671]


def test_two_clicks_take_away_once(client, session, order):
    page = edit_page(client, order)
    take_away(client, session, order, page, TOOL=2)
    before = state_of(session, order)

    again = take_away(client, session, order, page, TOOL=2)

    assert again.status == 200
    assert state_of(session, order) == before
    assert len(session.scalars(select(Refund)).all()) == 1


@pytest.mark.parametrize(
    ("units", "status", "words"),
    [
        ({"TOOL": 4}, 422, "Enter a whole number from 0 to 3."),
        ({"TOOL": -1}, 422, "Enter a whole number from 0 to 3."),
        ({"TOOL": "2**63"}, 422, "Enter a whole number from 0 to 3."),
        ({}, 422, "Enter fewer units of a line than it has."),
        ({"TOOL": 0, "MAT": 0}, 409, "No unit would be left."),
    ],
)
def test_what_cannot_be_taken_away_is_refused(client, session, order, units, status, words):
    before = state_of(session, order)

    page = take_away(client, session, order, **units)

    assert page.status == status
    assert words in page.text
    assert state_of(session, order) == before


def test_units_that_have_shipped_stay(client, session, order):
    line = session.scalars(select(OrderLine).filter_by(sku="TOOL")).one()
    line.shipped_quantity = 2
    left = FulfilmentLine(order_line_id=line.id, quantity=2)
    session.add(Fulfilment(order_id=order.id, actor="test", lines=[left]))
    session.commit()
    before = state_of(session, order)

    page = take_away(client, session, order, TOOL=1)

    assert page.errors() == ["Enter a whole number from 2 to 3."]
    assert state_of(session, order) == before
    assert take_away(client, session, order, TOOL=2).status == 200


def test_an_order_that_shipped_meanwhile_is_not_changed(client, session, order):
    page = edit_page(client, order)
    order_page(client, order)
    session.execute(update(Order).where(Order.id == order.id).values(status=OrderStatus.SHIPPED))
    session.execute(update(OrderLine).values(shipped_quantity=0))
    session.commit()
    before = state_of(session, order)

    units = take_away(client, session, order, page, TOOL=1)
    address = page.submit("Save", name="Ann", line1="1 Street", city="Denver", country="US")

    assert (units.status, address.status) == (409, 409)
    assert "can no longer be changed" in units.text
    assert state_of(session, order) == before
    assert edit_page(client, order).heading == f"Order {order.number}"
