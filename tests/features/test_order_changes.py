"""For an hour, and until staff have it in hand, a buyer changes her order herself."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models import (
    Order,
    OrderEvent,
    OrderLine,
    OrderStatus,
    Refund,
    Role,
    Stock,
    TaxRate,
    now,
)
from tests.browser import visit
from tests.factories import make_product, make_rate, make_variant, make_zone
from tests.features.refunding import buy, ledger_of, money_of, refunds_of, usd
from tests.staff import sign_in

pytestmark = pytest.mark.usefixtures("adds_up")

ELSEWHERE = {
    "name": "Ada Other",
    "line1": "2 New Street",
    "city": "Boulder",
    "postal_code": "80301",
}


@pytest.fixture
def variants(session):
    product = make_product(session, handle="tool", title="The tool")
    tool = make_variant(session, product=product, on_hand=10, price_minor=8900, sku="TOOL")
    mat = make_variant(session, on_hand=10, price_minor=1000, sku="MAT")
    return tool, mat


@pytest.fixture
def order(client, session, variants):
    client.post("/cart/add", data={"id": variants[1].id, "quantity": 2})
    return buy(client, session, 3)


def change_page(client, order):
    return visit(client, f"/orders/{order.number}?token={order.token}").follow(
        "Change or cancel this order"
    )


def keep(session, order, **units):
    """The fields that keep so many units of each SKU."""
    found = session.execute(select(OrderLine.sku, OrderLine.id).filter_by(order_id=order.id))
    return {f"line-{line_id}-units": units[sku] for sku, line_id in found if sku in units}


def state_of(session, order):
    session.expire_all()
    found = session.get_one(Order, order.id)
    address = (found.name, dict(found.shipping_address or {}), found.status)
    events = session.scalars(select(OrderEvent.id).filter_by(order_id=order.id)).all()
    lines = session.execute(select(OrderLine.quantity, OrderLine.cancelled_quantity)).all()
    return address, events, lines, ledger_of(session, order), refunds_of(session, order)


def stock(session):
    session.expire_all()
    return session.scalars(select(Stock.on_hand).order_by(Stock.variant_id)).all()


def print_(client, paper, order, **more):
    sent = {"numbers": [order.number], **more}
    return client.post(f"/staff/{paper}", data=sent, headers={"Origin": "http://localhost"}).data


def close_window(session, order, how):
    values = {
        "an hour later": {"paid_at": now() - timedelta(minutes=60)},
        "picked": {"picked_at": now()},
        "held": {"attention": "Look at it."},
    }[how]
    session.execute(update(Order).where(Order.id == order.id).values(**values))
    session.commit()


def test_a_buyer_sends_her_order_elsewhere(client, session, order):
    page = change_page(client, order)
    assert page.html.find(id="city")["value"] == "Denver"

    page = page.submit("Save the address", **ELSEWHERE)

    assert "The new address is saved." in page.text
    assert "2 New Street" in page.text
    session.expire_all()
    found = session.get_one(Order, order.id)
    assert found.shipping_address["city"] == "Boulder"
    assert found.attention is None
    event = session.scalars(select(OrderEvent).filter_by(kind="edited")).one()
    assert event.actor == "buyer"
    assert event.note.endswith("Ada Other, 2 New Street, Boulder, CO, 80301, US now.")
    session.commit()


def test_a_place_that_costs_otherwise_is_refused_at_its_field(client, session, variants):
    make_zone(session, "US", rates=(make_rate(690),))
    make_zone(session, "CA", title="Far", rates=(make_rate(1990),))
    session.add(TaxRate(country="US", region="TX", title="Sales tax", rate_ppm=82_500))
    session.commit()
    order = buy(client, session, 1)
    before = state_of(session, order)

    page = change_page(client, order).submit("Save the address", **ELSEWHERE, country="CA")
    assert page.status == 422
    assert len(page.errors()) == 1
    assert page.errors()[0].startswith("Shipping or tax costs something else there")
    assert page.html.find(id="country-error")
    assert page.html.find(id="line1")["value"] == "2 New Street"

    page = change_page(client, order).submit("Save the address", **ELSEWHERE, state="TX")
    assert page.status == 422
    assert page.html.find(id="state-error")
    assert state_of(session, order) == before


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"name": ""}, "Enter a name."),
        ({"line1": " "}, "Enter a street and number."),
        ({"city": "x" * 201}, "Enter at most 200 characters."),
        ({"postal_code": "x" * 21}, "Enter at most 20 characters."),
        ({"name": "a\x00b"}, "Remove the characters that cannot be read."),
        ({"country": "XX"}, "Not a valid choice."),
    ],
)
def test_a_mistake_in_an_address_is_named_at_its_field(client, session, order, typed, message):
    before = state_of(session, order)

    page = change_page(client, order).submit("Save the address", **{**ELSEWHERE, **typed})

    assert (page.status, page.errors()) == (422, [message])
    assert state_of(session, order) == before


def test_names_of_any_script_are_kept_as_they_are(client, session, order):
    name = "محمد =cmd() 😀 <script>"

    page = change_page(client, order).submit("Save the address", **{**ELSEWHERE, "name": name})

    assert name in page.text
    assert session.scalars(select(Order.name)).one() == name
    session.commit()


def test_fewer_units_give_back_what_they_cost_and_can_be_sold_again(client, session, order):
    page = change_page(client, order)
    typed = keep(session, order, TOOL=1, MAT=0)
    session.commit()

    done = page.submit("Change the quantities", **typed)

    assert "Your order is changed" in done.text
    assert "2 cancelled" in done.text
    assert refunds_of(session, order) == [(usd(19800), "succeeded", True)]
    assert money_of(session, order)[3:] == ("partly refunded", "to ship")
    assert stock(session) == [9, 10]
    page.submit("Change the quantities", **typed)  # a second click
    assert refunds_of(session, order) == [(usd(19800), "succeeded", True)]
    assert stock(session) == [9, 10]


@pytest.mark.parametrize(
    ("units", "message"),
    [
        ("4", "At most 3: here it can only get smaller. To have more, use the link below."),
        ("3", "Choose fewer of at least one item. Nothing was changed."),
        ("-1", "Enter a whole number from 0 to 9999."),
        ("٢", "Enter a whole number from 0 to 9999."),
        ("1e1", "Enter a whole number from 0 to 9999."),
    ],
)
def test_other_quantities_are_refused_at_their_field(client, session, order, units, message):
    before = state_of(session, order)

    page = change_page(client, order).submit(
        "Change the quantities", **keep(session, order, TOOL=units, MAT=2)
    )

    assert page.status == 422
    assert message in page.errors()
    assert state_of(session, order) == before


def test_an_order_of_nothing_is_cancelled_instead(client, session, order):
    before = state_of(session, order)

    page = change_page(client, order).submit(
        "Change the quantities", **keep(session, order, TOOL=0, MAT=0)
    )

    assert page.status == 422
    assert "To cancel the order, use the button below." in page.text
    assert state_of(session, order) == before


def test_a_buyer_cancels_her_order_once_and_all_of_it_goes_back(client, session, order):
    page = change_page(client, order)

    done = page.submit("Cancel this order")

    assert "Your order is cancelled." in done.text
    assert refunds_of(session, order) == [(usd(28700), "succeeded", True)]
    assert stock(session) == [10, 10]
    assert money_of(session, order)[3:] == ("refunded", "not shipped")
    page.submit("Cancel this order")
    late = page.submit("Cancel this order", key="0" * 32)
    assert late.status == 409
    assert refunds_of(session, order) == [(usd(28700), "succeeded", True)]
    assert stock(session) == [10, 10]


@pytest.mark.parametrize("how", ["an hour later", "picked", "held"])
@pytest.mark.parametrize(
    ("button", "typed"),
    [
        ("Save the address", ELSEWHERE),
        ("Change the quantities", {"TOOL": 1}),
        ("Cancel this order", {}),
    ],
)
def test_what_comes_too_late_changes_nothing(client, session, order, how, button, typed):
    page = change_page(client, order)
    typed = keep(session, order, **typed) if "TOOL" in typed else typed
    session.commit()
    close_window(session, order, how)
    before = state_of(session, order)

    late = page.submit(button, **typed)

    assert late.status == 409
    assert "It is too late to change this here" in late.text
    assert (
        "Change or cancel" not in visit(client, f"/orders/{order.number}?token={order.token}").text
    )
    assert state_of(session, order) == before
    session.execute(update(Order).values(attention=None))
    session.commit()


@pytest.mark.parametrize("paper", ["pick-list", "packing-slips"])
def test_staff_who_print_have_the_order_in_hand(client, session, order, paper):
    page = change_page(client, order)
    sign_in(client, session, Role.FULFILMENT)

    assert "Print the packing slip" in visit(client, f"/staff/orders/{order.number}").text

    assert print_(client, paper, order).startswith(b"%PDF-")

    assert session.scalars(select(Order.picked_at)).one() is not None
    session.commit()
    assert page.submit("Cancel this order").status == 409
    event = session.scalars(select(OrderEvent).filter_by(kind="picked")).one()
    assert event.order_id == order.id
    again = visit(client, f"/staff/orders/{order.number}")
    assert client.get(again.link("Packing slip (PDF)")).data.startswith(b"%PDF-")
    assert len(session.scalars(select(OrderEvent).filter_by(kind="picked")).all()) == 1
    session.commit()


def test_looking_at_a_paper_takes_nothing_in_hand(client, session, order):
    sign_in(client, session, Role.FULFILMENT)

    assert client.get(f"/staff/pick-list?numbers={order.number}").status_code == 200

    assert session.scalars(select(Order.picked_at)).one() is None
    session.commit()


def test_many_ticked_orders_are_taken_in_hand_at_once(client, session, order):
    sign_in(client, session, Role.FULFILMENT)

    assert print_(client, "pick-list", order, query="").startswith(b"%PDF-")

    assert session.scalars(select(Order.picked_at)).one() is not None
    session.commit()


@pytest.mark.parametrize("act", ["", "/address", "/quantities", "/cancellation"])
def test_without_the_secret_there_is_no_order_to_change(client, session, order, act):
    other = buy(client, session, 1)
    before = state_of(session, order)
    address = f"/orders/{order.number}/change{act}"

    for token in ("", "x", other.token, "ü\x00"):
        sent = {"token": token, **ELSEWHERE, "country": "US", "key": "0" * 32}
        if act:
            answer = client.post(address, data=sent, headers={"Origin": "http://localhost"})
        else:
            answer = client.get(address, query_string={"token": token})
        assert answer.status_code == 404
    assert state_of(session, order) == before


def test_an_order_that_cost_nothing_is_cancelled_without_a_refund(client, session, order):
    free = Order(
        status=OrderStatus.PAID, total=usd(0), email="ada@example.com", paid_at=now(), lines=[]
    )
    session.add(free)
    session.flush()
    session.add(OrderEvent(order_id=free.id, kind="paid", actor="Stripe"))
    session.commit()
    try:
        page = change_page(client, free).submit("Cancel this order")
        assert "Your order is cancelled." in page.text
        assert session.scalars(select(Refund.id)).all() == []
        assert session.get_one(Order, free.id, populate_existing=True).status == "cancelled"
    finally:
        session.execute(update(Order).where(Order.id == free.id).values(paid_at=None))
        session.query(OrderEvent).filter_by(order_id=free.id, kind="paid").delete()
        session.commit()
