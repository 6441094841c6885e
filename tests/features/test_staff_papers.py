"""Packing slips and pick lists: what is on them, for whom, and that they are drawn."""

from urllib.parse import quote

import pytest
from sqlalchemy import update

from models import Order, OrderLine, Role, Selling
from storefront.documents import drawing
from storefront.documents.slips import MOST, picks, slips
from storefront.documents.words import address_of
from tests.browser import visit
from tests.factories import make_bundle, make_paid_order, make_product, make_variant
from tests.features.refunding import buy, order_page
from tests.staff import counted_statements, sign_in

NASTY = "محمد الفاتح 😀 #let x = 1 \\ *b* $a$ <script> =cmd() @x `y` " + "W" * 200


def on_slips(session, *orders):
    return [
        [(it.line.sku, it.now, it.later) for it in slip.lines]
        for slip in slips(session, [order.number for order in orders])
    ]


def print_(client, kind, *numbers):
    return client.get(f"/staff/{kind}?" + "&".join(f"numbers={it}" for it in numbers))


@pytest.mark.parametrize("kind", ["packing-slips", "pick-list"])
def test_staff_print_one_order_from_its_page_and_many_by_their_numbers(client, session, kind):
    orders = [make_paid_order(session, quantity=2) for _ in range(3)]
    sign_in(client, session, Role.FULFILMENT)
    name = {"packing-slips": "Packing slip", "pick-list": "Pick list"}[kind]
    sent = {"numbers": orders[0].number}
    form = order_page(client, orders[0]).main.find("form", action="/staff/packing-slips")
    assert f"Print the {name.lower()}" in form.text
    client.post(f"/staff/{kind}", data=sent, headers={"Origin": "http://localhost"})

    one = client.get(order_page(client, orders[0]).link(f"{name} (PDF)"))
    many = print_(client, kind, *(order.number for order in orders))

    for response in (one, many):
        assert response.status_code == 200
        assert response.mimetype == "application/pdf"
        assert response.data.startswith(b"%PDF-")
        assert response.headers["Content-Disposition"] == f'inline; filename="{kind}.pdf"'
        assert response.headers["Cache-Control"] == "private, no-store"


def test_a_packing_slip_says_what_is_in_this_parcel_and_what_is_still_to_come(client, session):
    product = make_product(session, handle="tool", title="The tool")
    here = make_variant(session, product=product, sku="HERE", on_hand=9)
    make_variant(
        session,
        product=product,
        sku="LATER",
        on_hand=0,
        options=("Blue",),
        selling=Selling.BACKORDER,
    )
    order = buy(client, session, 3)
    other = make_paid_order(session, variant=here, quantity=4)
    session.execute(
        update(OrderLine)
        .where(OrderLine.order_id == other.id)
        .values(shipped_quantity=1, cancelled_quantity=1, refunded_quantity=1)
    )
    session.commit()

    assert on_slips(session, order) == [[("HERE", 3, 0)]]
    assert on_slips(session, other) == [[("HERE", 2, 0)]]


def test_units_that_have_not_come_are_still_to_come(client, session):
    product = make_product(session, handle="tool", title="The tool")
    make_variant(session, product=product, sku="LATER", on_hand=0, selling=Selling.BACKORDER)
    order = buy(client, session, 2)

    found = slips(session, [order.number])

    assert on_slips(session, order) == [[("LATER", 0, 2)]]
    assert picks(session, found) == []


def test_a_pick_list_sums_the_units_of_each_sku_and_opens_bundles(client, session):
    tool = make_variant(session, sku="TOOL", on_hand=50)
    kit = make_bundle(session, {tool: 3}, sku="KIT")
    first = make_paid_order(session, variant=tool, quantity=2)
    second = make_paid_order(session, variant=tool, quantity=5)
    third = make_paid_order(session, variant=make_variant(session), quantity=1)
    session.execute(
        update(OrderLine)
        .where(OrderLine.order_id == third.id)
        .values(variant_id=kit.id, sku="KIT", parts={str(tool.id): 3})
    )
    session.commit()
    found = slips(session, [third.number, first.number, second.number, first.number])

    assert [slip.order.id for slip in found] == [third.id, first.id, second.id]
    [pick] = picks(session, found)
    assert (pick.sku, pick.units) == ("TOOL", 10)
    assert pick.numbers == [third.number, first.number, second.number]


def test_as_many_queries_for_two_hundred_orders_as_for_one(app, client, session):
    variant = make_variant(session, on_hand=500)
    numbers = [make_paid_order(session, variant=variant).number for _ in range(12)]
    sign_in(client, session)
    counts = []

    for wanted in (numbers[:1], numbers):
        with counted_statements(app) as seen:
            assert print_(client, "pick-list", *wanted).status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind", ["packing-slips", "pick-list"])
def test_who_ticks_nothing_is_told_and_stays_in_her_list(client, session, kind):
    make_paid_order(session)
    sign_in(client, session, Role.FULFILMENT)

    page = visit(client, f"/staff/{kind}?query=status%3Dpaid%26q%3Dbuyer&tag=")

    assert "Choose the orders to print, or all that match." in page.text
    assert page.url.endswith("/staff/orders?status=paid&q=buyer")
    for odd in ("%00", "%ed%a0%80=x", "a" * 100_000, "status=\r\nX: y"):
        answer = client.get(f"/staff/{kind}?query={quote(odd)}")
        assert answer.status_code == 303
        assert answer.location.startswith("/staff/orders")


@pytest.mark.parametrize("kind", ["packing-slips", "pick-list"])
def test_what_cannot_be_printed_says_why(client, session, kind):
    paid = make_paid_order(session)
    sign_in(client, session)

    too_many = print_(client, kind, *[paid.number] * (MOST + 1))
    nothing = print_(client, kind, "QL-00000000", "%00", "%ed%a0%80", "a" * 100_000)

    assert too_many.status_code == 422
    assert "Choose at most 200 orders at once" in too_many.text
    assert nothing.status_code == 404
    assert "None of these orders is paid" in nothing.text


def test_any_name_and_title_is_drawn_as_it_is_and_breaks_no_page(client, session):
    order = make_paid_order(session)
    address = {"name": NASTY, "line1": "", "city": "東京", "country": "JP"}
    session.execute(update(Order).values(shipping_address=address))
    session.execute(update(OrderLine).values(title=NASTY[:200]))
    session.commit()
    sign_in(client, session)

    response = print_(client, "packing-slips", order.number)

    assert response.data.startswith(b"%PDF-")
    [slip] = slips(session, [order.number])
    assert address_of(slip.order) == [NASTY, "東京", "Japan"]


def test_a_page_is_drawn_to_the_same_bytes_each_time():
    page = {
        "shop": "S",
        "where": "W",
        "slips": [
            {
                "number": "QL-00000000",
                "barcode": drawing.barcode("QL-00000000"),
                "placed": "today",
                "address": [NASTY],
                "lines": [{"sku": "A", "what": NASTY, "now": 1, "later": 2}],
                "message": NASTY,
            }
        ],
    }

    assert drawing.pdf("packing_slips", page) == drawing.pdf("packing_slips", page)


def test_who_may_not_ship_prints_nothing(client, session):
    order = make_paid_order(session)
    sign_in(client, session, Role.SUPPORT)

    assert print_(client, "packing-slips", order.number).status_code == 403
    assert "Packing slip" not in visit(client, f"/staff/orders/{order.number}").text


def test_all_orders_that_the_list_finds_are_printed_without_ticking_each(client, session):
    sign_in(client, session)
    make_paid_order(session, email="one@example.com")

    for paper in ("packing-slips", "pick-list"):
        printed = client.get(f"/staff/{paper}?all=1&query=q%3Done%40example.com&tag=")
        assert (printed.status_code, printed.mimetype) == (200, "application/pdf")
        assert client.get(f"/staff/{paper}?all=1&query=q%3Dnobody").status_code == 404
