"""For an hour a buyer adds units to what she ordered, at what they cost her, and pays for them."""

import pytest
from sqlalchemy import select, update

from models import Job, Mail, Order, OrderLine, OrderStatus, Payment, Stock, TaxRate, now
from storefront.payments.outcome import waiting_for
from tests.browser import visit
from tests.factories import (
    make_discount,
    make_product,
    make_rate,
    make_variant,
    make_zone,
)
from tests.features.refunding import buy
from tests.features.test_checkout import come_back
from tests.payments.steps import at_once, can_be_paid
from tests.races.desks import Desk, press
from tests.stripe import pay, session_of

pytestmark = pytest.mark.usefixtures("adds_up")
ORIGIN = {"Origin": "http://localhost"}


@pytest.fixture
def tool(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10, price_minor=8900, sku="TOOL")


@pytest.fixture
def order(client, session, tool):
    return buy(client, session, 2)


def more_page(client, order):
    at = visit(client, f"/orders/{order.number}?token={order.token}")
    return at.follow("Change or cancel this order").follow("Have more of it")


def ask(page, session, order, units, **more):
    line = session.scalars(select(OrderLine.id).filter_by(order_id=order.id)).first()
    session.rollback()
    typed = {f"more-{line}-units": units}
    return page.submit("Pay the difference", follow=False, **typed, **more)


def orders(session):
    session.rollback()
    found = select(Order).order_by(Order.id).execution_options(populate_existing=True)
    rows = session.scalars(found).all()
    session.rollback()
    return rows


def stock(session):
    session.rollback()
    found = session.execute(select(Stock.on_hand, Stock.reserved)).one()
    session.rollback()
    return tuple(found)


def test_more_is_held_paid_at_stripe_and_ships_with_the_rest(client, session, stand_in, order):
    answer = ask(more_page(client, order), session, order, 3)

    assert answer.status == 303
    asked = session_of(stand_in.base, answer.location)
    assert asked["amount_total"] == 3 * 8900
    assert asked["shipping_address_collection"] is None  # it goes where the rest goes
    first, added = orders(session)
    assert (added.status, added.follows_id) == (OrderStatus.PENDING, first.id)
    assert first.attention == waiting_for(added.number)
    assert stock(session) == (8, 3)
    own = visit(client, f"/orders/{order.number}?token={order.token}")
    assert "it waits until that is paid" in own.text
    assert "by hand" not in own.text

    page = come_back(client, pay(answer.location))

    first, added = orders(session)
    assert (first.status, first.attention) == (OrderStatus.PAID, None)
    assert (added.status, added.total.minor) == (OrderStatus.PAID, 26700)
    assert added.shipping_address == first.shipping_address
    assert f"Shipping, With {order.number}" in page.text
    assert stock(session) == (5, 0)
    assert "Change or cancel this order" in visit(client, own.url).text


def test_what_is_added_to_a_german_order_is_german(client, session, stand_in, order):
    session.execute(update(Order).values(language="de"))
    session.commit()

    answer = ask(more_page(client, order), session, order, 1)
    asked = session_of(stand_in.base, answer.location)
    page = come_back(client, pay(answer.location))

    assert ([it.language for it in orders(session)], asked["locale"]) == (["de", "de"], "de")
    (_, added), said = orders(session), f"Versand, zusammen mit {order.number}"
    assert (added.language, added.shipping_title) == ("de", f"zusammen mit {order.number}")
    assert said in visit(client, f"/de/orders/{added.number}?token={added.token}").text
    mail = session.scalars(select(Mail).order_by(Mail.id.desc())).first()
    assert mail.subject == f"Bestellung {added.number}: Danke"
    assert said in " ".join(mail.text.split())
    assert page.status == 200


def test_what_was_added_goes_where_its_order_goes_unless_it_is_in_hand(client, session, order):
    for _ in range(2):
        come_back(client, pay(ask(more_page(client, order), session, order, 1).location))
    last = orders(session)[-1].id
    session.execute(update(Order).where(Order.id == last).values(picked_at=now()))
    session.commit()
    where = {"line1": "2 Elm Street", "city": "Boulder"}

    at = visit(client, f"/orders/{order.number}?token={order.token}")
    page = at.follow("Change or cancel this order").submit("Save the address", **where)

    assert page.status == 200
    towns = [it.shipping_address["city"] for it in orders(session)]
    assert towns == ["Boulder", "Boulder", towns[2]]
    assert towns[2] != "Boulder"


def test_each_costs_what_one_cost_with_its_share_of_a_percentage_and_its_tax(
    client, session, stand_in, tool
):
    make_discount(session, code="TEN")  # ten percent
    make_zone(session, "US", rates=(make_rate(690),))
    session.add(TaxRate(country="US", region="", title="Sales tax", rate_ppm=82_500))
    session.commit()
    visit(client, "/products/tool").submit("Add to cart", quantity=2)
    visit(client, "/cart").submit("Apply", code="TEN")
    come_back(client, pay(visit(client, "/cart").submit("Check out", follow=False).location))
    (order,) = orders(session)
    session.execute(update(TaxRate).values(rate_ppm=200_000))
    session.execute(update(type(tool)).values(price_minor=99900))
    session.commit()

    answer = ask(more_page(client, order), session, order, 1)

    _, added = orders(session)
    tax = round((8900 - 890) * 0.0825)
    assert (added.subtotal_minor, added.discount_minor, added.shipping_minor) == (8900, 890, 0)
    assert added.tax_minor == tax
    assert added.total.minor == 8900 - 890 + tax
    assert session_of(stand_in.base, answer.location)["amount_total"] == added.total.minor
    come_back(client, pay(answer.location))
    assert orders(session)[1].status is OrderStatus.PAID


def test_what_was_taken_off_as_an_amount_is_not_given_again(client, session, order):
    make_discount(
        session, code="FIVE", kind="amount", amount_minor=500, currency="USD", percent_ppm=0
    )
    visit(client, "/products/tool").submit("Add to cart", quantity=1)
    visit(client, "/cart").submit("Apply", code="FIVE")
    come_back(client, pay(visit(client, "/cart").submit("Check out", follow=False).location))
    reduced = orders(session)[-1]
    assert reduced.discount_minor == 500

    ask(more_page(client, reduced), session, reduced, 2)

    assert (orders(session)[-1].total.minor, orders(session)[-1].discount_minor) == (17800, 0)


def test_what_is_not_paid_comes_back_and_the_order_stays_as_it_was(client, session, worker, order):
    ask(more_page(client, order), session, order, 3)

    for _ in range(2):
        expiring = update(Job).where(Job.kind == "expire-order")
        session.execute(expiring.values(run_at=now(), done_at=None))
        session.commit()
        worker.work_off()

    first, added = orders(session)
    assert (added.status, first.status, first.attention) == ("cancelled", "paid", None)
    assert (first.total.minor, stock(session)) == (17800, (8, 0))
    assert more_page(client, order).main.find("input", {"inputmode": "numeric"})


def test_a_buyer_leaves_her_order_as_it_was_and_what_she_pays_later_comes_back(
    client, session, worker, order
):
    url = ask(more_page(client, order), session, order, 1).location
    page = visit(client, f"/orders/{order.number}/more?token={order.token}")
    assert "costs $89.00 and waits for its payment" in page.text

    page.submit("Leave the order as it was")
    again = page.submit("Leave the order as it was")

    assert again.status == 409
    first, added = orders(session)
    assert (added.status, first.attention, stock(session)) == ("cancelled", None, (8, 0))
    assert not can_be_paid(url)
    session.rollback()
    change = visit(client, f"/orders/{order.number}/change?token={order.token}")
    change.submit("Cancel this order")
    worker.work_off()
    assert [it.status for it in orders(session)] == ["cancelled", "cancelled"]
    assert stock(session) == (10, 0)


def test_whole_refunds_of_both_add_up(client, session, worker, order):
    come_back(client, pay(ask(more_page(client, order), session, order, 1).location))
    for it in orders(session):
        change = visit(client, f"/orders/{it.number}/change?token={it.token}")
        assert "Your order is cancelled." in change.submit("Cancel this order").text
    worker.work_off()

    session.rollback()
    found = session.execute(select(Payment.captured_minor, Payment.refunded_minor)).all()
    session.rollback()
    assert [tuple(it) for it in found] == [(17800, 17800), (8900, 8900)]
    assert stock(session) == (10, 0)


@pytest.mark.parametrize("typed", ["0", "", "-1", "x", "100", "1.5", "٣", "9" * 300, "=cmd()"])
def test_a_number_that_is_none_is_refused_at_its_field(client, session, order, typed):
    page = ask(more_page(client, order), session, order, typed)

    assert page.status == 422
    assert len(page.errors()) == 1
    assert page.main.find("input", {"inputmode": "numeric"})["value"] == typed
    assert len(orders(session)) == 1
    assert stock(session) == (8, 0)


def test_more_than_there_are_and_what_is_in_hand_is_refused(client, session, order):
    page = more_page(client, order)
    gone = ask(page, session, order, 9)
    assert (gone.status, "There are not that many left." in gone.text) == (409, True)
    session.execute(update(Order).values(picked_at=now()))
    session.commit()

    late = ask(page, session, order, 1)

    assert (late.status, "Nothing can be added" in late.text) == (409, True)
    stolen = client.post(f"/orders/{order.number}/more", data={"token": "x"}, headers=ORIGIN)
    assert stolen.status_code == 404
    assert (len(orders(session)), stock(session)) == (1, (8, 0))


def test_of_adding_and_cancelling_one_is_first_and_of_many_clicks_too(app, session, order):
    adding = more_page(app.test_client(), order)
    line = session.scalars(select(OrderLine.id)).one()
    session.rollback()
    change = visit(app.test_client(), f"/orders/{order.number}/change?token={order.token}")
    add = press(adding, "Pay the difference", **{f"more-{line}-units": 1})

    codes = at_once(press(change, "Cancel this order"), add, add)

    assert sorted(codes) == [303, 409, 409]
    first, *others = orders(session)
    if codes[0] == 303:
        assert (first.status, others, stock(session)) == ("cancelled", [], (10, 0))
    else:
        assert (first.status, len(others), stock(session)) == ("paid", 1, (8, 1))


def test_of_adding_and_picking_one_is_first(app, session, order):
    desk = Desk(app, session).browser()
    page = more_page(app.test_client(), order)
    line = session.scalars(select(OrderLine.id)).one()
    session.rollback()
    data = {"numbers": order.number}

    codes = at_once(
        press(page, "Pay the difference", **{f"more-{line}-units": 1}),
        lambda: desk.post("/staff/pick-list", data=data, headers=ORIGIN).status_code,
    )

    first, *others = orders(session)
    assert codes[0] in {303, 409}
    assert len(others) == (codes[0] == 303)
    assert stock(session) == ((8, 1) if others else (8, 0))
    assert (first.attention is not None) == bool(others)
