"""Shipping an order in parts: what is in each parcel, who is told, and what is still to come."""

import pytest
from sqlalchemy import select

from models import (
    Fulfilment,
    FulfilmentLine,
    Mail,
    Order,
    OrderEvent,
    OrderLine,
    Refund,
    Role,
    Selling,
    Stock,
    balances,
)
from models.inventory import FIGURES, adjust
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_bundle, make_paid_order, make_product, make_variant
from tests.features.refunding import buy, refund, units_field
from tests.features.test_checkout import check_out, come_back, the_order
from tests.staff import counted_statements, sign_in
from tests.stripe import pay


def ship_field(session, order, sku=None):
    """The name of the field for how many units of an order's (only) line are in the parcel."""
    found = select(OrderLine.id).where(OrderLine.order_id == order.id)
    line_id = session.scalars(found.where(OrderLine.sku == sku) if sku else found).one()
    session.rollback()
    return f"ship-{line_id}-units"


def bought(client, session, quantity):
    """An order that was really paid for, so that its money can really go back."""
    make_variant(session, product=make_product(session, handle="tool"), sku="TOOL")
    return buy(client, session, quantity)


def ship(client, order, number="T1", **typed):
    page = visit(client, f"/staff/orders/{order.number}")
    return page.submit("Mark as shipped", tracking_number=number, **typed)


def standing(session, order):
    """Return status, goods, and of each line what was ordered, shipped and cancelled."""
    session.rollback()
    found = session.get_one(Order, order.id, populate_existing=True)
    lines = session.execute(
        select(OrderLine.quantity, OrderLine.shipped_quantity, OrderLine.cancelled_quantity).where(
            OrderLine.order_id == order.id
        )
    ).all()
    goods = balances(session, [found])[order.id].goods.value
    session.rollback()
    return found.status.value, goods, [tuple(line) for line in lines]


def parcels(session):
    """Return tracking number and units of each parcel."""
    rows = session.execute(
        select(Fulfilment.tracking_number, FulfilmentLine.quantity)
        .join(FulfilmentLine, FulfilmentLine.fulfilment_id == Fulfilment.id)
        .order_by(FulfilmentLine.id)
    ).all()
    session.rollback()
    return [tuple(row) for row in rows]


def events(session):
    kinds = session.scalars(select(OrderEvent.kind).order_by(OrderEvent.id)).all()
    session.rollback()
    return kinds


def test_a_parcel_cannot_be_passed_off_as_a_mailed_gift_card(client, session):
    sign_in(client, session)
    order = make_paid_order(session)

    page = ship(client, order, carrier="E-mail")

    assert page.status == 422
    assert page.errors() == ["Gift cards alone go by email: enter who carries the parcel."]
    assert (standing(session, order)[0], parcels(session)) == ("paid", [])


def test_an_order_ships_in_two_parcels_and_each_is_told_of(app, client, session):
    person = sign_in(client, session, Role.FULFILMENT)
    order = make_paid_order(session, quantity=3)
    units = ship_field(session, order)

    first = ship(client, order, "ONE", carrier="UPS", **{units: "2"})

    assert f"A part of {order.number} is shipped, and the customer gets a mail." in first.text
    assert "Partly shipped" in first.text
    assert standing(session, order) == ("paid", "partly shipped", [(3, 2, 0)])
    field = first.main.find(id=units)
    assert field["value"] == "1"
    assert problems(session) == []

    second = ship(client, order, "TWO")

    assert f"{order.number} is marked as shipped" in second.text
    assert standing(session, order) == ("shipped", "shipped", [(3, 3, 0)])
    assert parcels(session) == [("ONE", 2), ("TWO", 1)]
    assert events(session) == ["paid", "partly shipped", "shipped"]
    partly = session.scalars(select(OrderEvent).filter_by(kind="partly shipped")).one()
    assert (partly.actor, partly.note) == (person.email, "2 units. UPS ONE")
    mails = session.scalars(select(Mail).order_by(Mail.id)).all()
    assert [it.subject for it in mails] == [
        f"A part of order {order.number} is on its way",
        f"Order {order.number} is on its way",
    ]
    for text in (mails[0].text, mails[0].html):
        assert "2 × Test tool, Red" in text
        assert "What is still to come" in text
        assert "1 × Test tool, Red" in text
    for text in (mails[1].text, mails[1].html):
        assert "1 × Test tool, Red" in text
        assert "still to come" not in text
    assert problems(session) == []


def test_the_buyer_sees_each_parcel_and_what_is_still_to_come(app, client, session):
    sign_in(client, session)
    order = make_paid_order(session, quantity=3)
    address = f"/orders/{order.number}?token={order.token}"

    ship(
        client,
        order,
        "ONE",
        tracking_url="https://parcels.example/ONE?a=1&b=2",
        **{ship_field(session, order): "2"},
    )
    page = visit(app.test_client(), address)

    assert "A part of your order is on its way, and the rest follows." in page.text
    assert page.link("Follow this parcel") == "https://parcels.example/ONE?a=1&b=2"
    shown = " ".join(page.main.find(id="parcels").parent.get_text(" ").split())
    assert shown.startswith("Your parcels Parcel, tracking number ONE")
    assert "2 × Test tool, Red Still to come 1 × Test tool, Red" in shown

    ship(client, order, "TWO")
    done = visit(app.test_client(), address)
    assert "Your order is on its way." in done.text
    assert "Still to come" not in done.text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"units": "x"}, "Enter a whole number from 0 to 3."),
        ({"units": "4"}, "Enter a whole number from 0 to 3."),
        ({"units": "-1"}, "Enter a whole number from 0 to 3."),
        ({"units": "9" * 100_000}, "Enter a whole number from 0 to 3."),
        ({"tracking_url": "javascript:alert(1)"}, "begins with https://"),
        ({"tracking_url": "//parcels.example"}, "begins with https://"),
        ({"tracking_url": "https://a b"}, "begins with https://"),
        ({"tracking_url": "https://a.example/" + "x" * 500}, "at most 500 characters"),
        ({"tracking_url": "https://a\0b"}, "cannot be read"),
    ],
)
def test_a_parcel_with_a_mistake_is_refused_and_keeps_what_was_typed(client, session, typed, said):
    sign_in(client, session)
    order = make_paid_order(session, quantity=3)
    field = ship_field(session, order)
    sent = {"tracking_number": "KEPT"} | {
        field if name == "units" else name: text for name, text in typed.items()
    }

    answer = client.post(f"/staff/orders/{order.number}/fulfilments", data=sent)

    assert answer.status_code == 422
    assert said in answer.text
    assert 'value="KEPT"' in answer.text
    assert standing(session, order) == ("paid", "to ship", [(3, 0, 0)])
    assert parcels(session) == []


def test_a_parcel_of_nothing_is_refused(client, session):
    sign_in(client, session)
    order = make_paid_order(session, quantity=3)

    page = ship(client, order, **{ship_field(session, order): "0"})

    assert page.status == 422
    assert "Choose at least one unit to ship. Nothing was changed." in page.text
    assert parcels(session) == []


def test_who_ships_units_that_have_left_is_told_by_whom(app, client, session):
    first = sign_in(client, session)
    order = make_paid_order(session, quantity=3)
    field = ship_field(session, order)
    late = visit(client, f"/staff/orders/{order.number}")

    ship(client, order, "ONE", **{field: "2"})
    page = late.submit("Mark as shipped", tracking_number="TWO", **{field: "2"})

    assert page.status == 409
    told = page.main.find(role="alert").get_text()
    assert "Fewer of these units are left to ship than you chose. Nothing was changed." in told
    assert f"Partly shipped by {first.email}" in told
    assert "(2 units. ONE)" in told
    assert page.main.find(id="tracking_number")["value"] == "TWO"
    assert parcels(session) == [("ONE", 2)]
    assert standing(session, order) == ("paid", "partly shipped", [(3, 2, 0)])


def test_what_is_refunded_before_it_leaves_does_not_ship(client, session):
    sign_in(client, session)
    order = bought(client, session, 3)
    field = ship_field(session, order)

    refund(client, order, "89.00", **{units_field(session, order): "1"})
    assert standing(session, order) == ("paid", "to ship", [(3, 0, 1)])
    ship(client, order, "ONE", **{field: "1"})
    refused = ship(client, order, "ONE", **{field: "2"})
    assert refused.status == 409
    ship(client, order, "TWO")

    assert standing(session, order) == ("shipped", "shipped", [(3, 2, 1)])
    assert parcels(session) == [("ONE", 1), ("TWO", 1)]
    assert problems(session) == []


def test_an_order_is_shipped_when_its_last_units_are_refunded(client, session):
    sign_in(client, session)
    order = bought(client, session, 3)
    ship(client, order, **{ship_field(session, order): "2"})

    page = visit(client, f"/staff/orders/{order.number}")
    assert "Cancel the order" not in page.text
    refund(client, order, "89.00", **{units_field(session, order): "1"})

    assert standing(session, order) == ("shipped", "shipped", [(3, 2, 1)])
    event = session.scalars(select(OrderEvent).filter_by(kind="shipped")).one()
    assert event.note == "What was left of it was refunded."
    assert problems(session) == []


def test_an_order_of_which_a_part_has_left_is_not_cancelled_by_a_refund(client, session):
    sign_in(client, session)
    order = make_paid_order(session, quantity=2)
    form = visit(client, f"/staff/orders/{order.number}")
    ship(client, order, **{ship_field(session, order): "1"})

    page = form.submit("Refund", amount="178.00", reason="She asked", cancel="y")

    assert page.status == 409
    assert "can no longer be cancelled" in page.text
    assert standing(session, order) == ("paid", "partly shipped", [(2, 1, 0)])
    assert session.scalars(select(Refund.id)).all() == []


def buy_backordered(client, session, quantity, **over):
    product = make_product(session, handle="tool", title="The tool")
    variant = make_variant(
        session, product=product, sku="TOOL", on_hand=0, selling=Selling.BACKORDER, promise="Soon"
    )
    visit(client, "/products/tool").submit("Add to cart", quantity=quantity)
    come_back(client, pay(check_out(client)))
    return variant, the_order(session)


def figures(session, variant):
    stock = session.get_one(Stock, variant.id, populate_existing=True)
    found = [getattr(stock, figure) for figure in FIGURES]
    session.rollback()
    return found


def test_of_a_backorder_what_is_here_ships_and_the_rest_waits(client, session):
    variant, order = buy_backordered(client, session, 3)
    sign_in(client, session)
    adjust(session, variant.id, 2, reason="came", actor="test")
    session.commit()
    field = ship_field(session, order)

    shown = visit(client, f"/staff/orders/{order.number}")
    refused = ship(client, order)
    assert "3 left to ship, 2 of them here" in shown.text
    assert refused.status == 409
    assert "Ship what is here, or wait." in refused.text
    assert figures(session, variant) == [2, 0, 0, 3, 0]

    ship(client, order, "ONE", **{field: "2"})
    assert figures(session, variant) == [0, 0, 0, 1, 0]
    assert standing(session, order) == ("paid", "partly shipped", [(3, 2, 0)])
    assert problems(session) == []
    mail = session.scalars(select(Mail).order_by(Mail.id.desc()).limit(1)).one()
    assert "Soon" in mail.text
    session.rollback()

    adjust(session, variant.id, 1, reason="came", actor="test")
    session.commit()
    ship(client, order, "TWO")
    assert figures(session, variant) == [0, 0, 0, 0, 0]
    assert standing(session, order) == ("shipped", "shipped", [(3, 3, 0)])
    assert problems(session) == []


def test_a_parcel_of_a_backorder_is_not_taken_back(client, session):
    variant, order = buy_backordered(client, session, 1)
    sign_in(client, session)
    adjust(session, variant.id, 1, reason="came", actor="test")
    session.commit()
    ship(client, order)

    stays = visit(client, f"/staff/orders/{order.number}").submit("Take this parcel back")

    assert stays.status == 409
    assert "Units in it were on backorder" in stays.text
    assert standing(session, order) == ("shipped", "shipped", [(1, 1, 0)])


def test_the_rest_of_a_backorder_is_no_longer_owed_when_it_is_refunded(client, session):
    variant, order = buy_backordered(client, session, 3)
    sign_in(client, session)
    adjust(session, variant.id, 1, reason="came", actor="test")
    session.commit()
    ship(client, order, "ONE", **{ship_field(session, order): "1"})

    refund(client, order, "178.00", restock="y", **{units_field(session, order): "2"})

    assert figures(session, variant) == [0, 0, 0, 0, 0]
    assert standing(session, order) == ("shipped", "shipped", [(3, 1, 2)])
    assert problems(session) == []


def test_a_bundle_ships_by_the_bundle(client, session):
    part = make_variant(session, sku="PART", on_hand=10)
    bundle = make_bundle(session, {part: 2}, sku="SET")
    client.post("/cart/add", data={"id": bundle.id, "quantity": 2})
    come_back(client, pay(check_out(client)))
    order = the_order(session)
    sign_in(client, session)

    ship(client, order, **{ship_field(session, order): "1"})

    assert standing(session, order) == ("paid", "partly shipped", [(2, 1, 0)])
    assert parcels(session) == [("T1", 1)]
    assert problems(session) == []


def test_an_order_of_many_parcels_costs_no_more_to_show(app, client, session):
    sign_in(client, session)
    order = make_paid_order(session, quantity=9)
    field = ship_field(session, order)
    ship(client, order, **{field: "1"})
    address = f"/staff/orders/{order.number}"

    with counted_statements(app) as with_one:
        visit(client, address)
    for _ in range(5):
        ship(client, order, **{field: "1"})
    with counted_statements(app) as with_many:
        visit(client, address)

    assert len(with_many) == len(with_one)


def test_verify_finds_units_that_no_parcel_holds(client, session):
    sign_in(client, session)
    order = make_paid_order(session, quantity=2)
    ship(client, order, **{ship_field(session, order): "1"})
    session.query(FulfilmentLine).update({"quantity": 2})
    session.flush()
    sku = session.scalars(select(OrderLine.sku)).one()

    assert problems(session) == [f"{order.number}: 1 of {sku} shipped, its parcels hold 2"]
