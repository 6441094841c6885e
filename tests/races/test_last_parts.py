"""Bundles, their parts and what waits, wanted by many at once: nobody gets what is not there."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from models import Order, Reservation, Selling, Stock
from models.inventory import FIGURES
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_bundle, make_product, make_variant
from tests.staff import sign_in


def all_at_once(acts):
    """Do all of these at the same moment; returns their answers in order."""
    start = Barrier(len(acts))

    def do(act):
        start.wait()
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(do, acts))


def figures(session, variant):
    stock = session.get_one(Stock, variant.id, populate_existing=True)
    return [getattr(stock, figure) for figure in FIGURES]


def test_bundles_and_parts_race_for_the_same_units_and_none_is_sold_twice(app, session):
    tool, mat = make_variant(session, on_hand=6), make_variant(session, on_hand=50)
    one, other = (
        make_bundle(session, {tool: units, mat: 1}, product=make_product(session))
        for units in (1, 2)
    )
    clients = []
    for wanted in (tool, one, other) * 4:  # four of each want 16 tools of 6
        client = app.test_client()
        assert client.post("/cart/add", data={"id": wanted.id}).status_code == 303
        clients.append(client)

    answers = all_at_once([lambda it=it: it.post("/checkout") for it in clients])

    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {303, 409}
    assert session.scalar(select(func.count(Order.id))) == statuses.count(303)
    on_hand, reserved, *_ = figures(session, tool)
    held = session.scalar(
        select(func.sum(Reservation.quantity)).where(Reservation.variant_id == tool.id)
    )
    assert (on_hand, reserved) == (6, held)
    assert 5 <= held <= 6  # one left is too few for a bundle of two alone
    assert problems(session) == []


def test_two_buyers_of_the_last_bundle_and_its_part_in_one_cart_each(app, session):
    tool = make_variant(session, on_hand=3)
    bundle = make_bundle(session, {tool: 2})
    clients = [app.test_client(), app.test_client()]
    for client in clients:
        for wanted in (bundle, tool):
            assert client.post("/cart/add", data={"id": wanted.id}).status_code == 303

    answers = all_at_once([lambda it=it: it.post("/checkout") for it in clients])

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert figures(session, tool)[:2] == [3, 3]
    assert problems(session) == []


def test_of_many_who_want_the_last_unit_only_who_was_asked_again_waits(app, session):
    tool = make_variant(session, on_hand=1, selling=Selling.BACKORDER, promise="Ships in May")
    carts = []
    for _ in range(6):
        client = app.test_client()
        client.post("/cart/add", data={"id": tool.id})
        carts.append(visit(client, "/cart"))

    answers = all_at_once([lambda it=it: it.submit("Check out", follow=False) for it in carts])

    assert sorted(answer.status for answer in answers) == [303] + [409] * 5
    assert figures(session, tool) == [1, 1, 0, 0, 0]
    asked = [answer for answer in answers if answer.status == 409]
    assert all("Ships in May" in answer.text for answer in asked)
    again = all_at_once([lambda it=it: it.submit("Check out", follow=False) for it in asked])
    assert [answer.status for answer in again] == [303] * 5
    assert figures(session, tool) == [1, 1, 0, 5, 0]
    assert problems(session) == []


def test_eight_clicks_on_receive_stock_at_once_receive_it_once(app, session):
    tool = make_variant(session, sku="TOOL", on_hand=0)
    first = app.test_client()
    sign_in(first, session)
    cookie = first.get_cookie("staff", path="/staff").value
    forms = []
    for _ in range(8):
        client = app.test_client()
        client.set_cookie("staff", cookie, path="/staff")
        forms.append(visit(client, "/staff/inventory/TOOL"))

    pages = all_at_once(
        [lambda it=it: it.submit("Receive stock", quantity=5, reference="DN 1") for it in forms]
    )

    assert {page.status for page in pages} == {200}
    assert figures(session, tool) == [5, 0, 0, 0, 0]
    assert problems(session) == []
