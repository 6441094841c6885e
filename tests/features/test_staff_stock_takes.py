"""Counting a location with a scanner or by typing, and booking the differences once."""

import pytest
from sqlalchemy import select

from models import Location, Order, Reservation, Stock, StockCount, StockMovement, StockTake, now
from models.inventory import MovementKind, adjust
from models.money import Money
from models.reservation import reserve
from storefront.verify.stock import ledger_is_levels, ledger_is_stock
from tests.browser import visit
from tests.factories import make_bundle, make_product, make_variant
from tests.races.test_last_parts import all_at_once
from tests.staff import counted_statements, rows, sign_in


@pytest.fixture
def tool(session):
    product = make_product(session, handle="tool", title="The tool")
    tool = make_variant(session, product=product, sku="TOOL", on_hand=10)
    tool.barcode = "4006381333931"
    session.commit()
    return tool


@pytest.fixture
def mat(session):
    return make_variant(session, product=make_product(session, title="Mat"), sku="MAT", on_hand=4)


@pytest.fixture
def take(client, session, tool, mat):
    sign_in(client, session)
    page = visit(client, "/staff/stock-takes").submit("Open", title="Year's end")
    assert page.heading == "Year's end"
    return f"/staff/stock-takes/{session.scalars(select(StockTake.id)).one()}"


def on_hand(session, variant):
    return session.get_one(Stock, variant.id, populate_existing=True).on_hand


def adjusted(session):
    found = select(StockMovement).filter_by(kind=MovementKind.ADJUSTED)
    return [(it.variant_id, it.on_hand, it.reason) for it in session.scalars(found)]


def scan(client, take, code, quantity=""):
    return visit(client, take).submit("Count", code=code, quantity=quantity)


def test_each_scan_of_a_sku_or_barcode_adds_one_and_the_field_waits_for_the_next(
    client, session, take
):
    scan(client, take, "TOOL")
    page = scan(client, take, "4006381333931")

    assert "TOOL: 2 counted." in page.text
    assert rows(page)[0][:4] == ["TOOL", "2", "10", "-8"]
    code = page.main.find("input", {"name": "code"})
    assert code.has_attr("autofocus")
    assert code.get("value", "") == ""
    assert "1 counted, 1 differ, 1 not counted." in page.text
    assert "MAT" in page.main.find(class_="stock-left").get_text()


def test_a_typed_quantity_takes_the_place_of_what_was_counted(client, session, take):
    scan(client, take, "TOOL")

    page = scan(client, take, "TOOL", "9")

    assert rows(page)[0][:4] == ["TOOL", "9", "10", "-1"]


@pytest.mark.parametrize(
    ("code", "quantity", "said"),
    [
        ("", "", "Scan or type a SKU or a barcode."),
        ("NOTHING", "", "No variant, or more than one, has this SKU or barcode. Type the SKU."),
        ("SET", "", "This is a bundle: count its parts."),
        ("TOOL", "-1", "Enter a whole number from 0 to 1000000."),
        ("TOOL", "1e3", "Enter a whole number from 0 to 1000000."),
        ("T" * 65, "", "Enter at most 64 characters."),
        ("a\x00b", "", "Remove the characters that cannot be read."),
    ],
)
def test_what_cannot_be_counted_is_refused_beside_its_field(
    client, session, take, tool, code, quantity, said
):
    make_bundle(session, {tool: 1}, sku="SET")

    page = scan(client, take, code, quantity)

    assert page.status == 422
    assert page.errors() == [said]
    assert session.scalars(select(StockCount.counted)).all() == []


def test_booking_adjusts_each_difference_and_keeps_what_moved_meanwhile(
    client, session, take, tool, mat
):
    scan(client, take, "TOOL", "7")
    scan(client, take, "MAT", "4")
    adjust(session, tool.id, 5, reason="found", actor="test")
    session.commit()

    page = visit(client, take).submit("Book", reason="Year's end")

    assert "Year's end is booked: 1 variant adjusted." in page.text
    assert adjusted(session) == [(tool.id, 5, "found"), (tool.id, -3, "Year's end")]
    assert (on_hand(session, tool), on_hand(session, mat)) == (12, 4)
    assert not page.main.find("button", string="Book")
    assert list(ledger_is_stock(session)) == list(ledger_is_levels(session)) == []


def test_what_is_promised_cannot_be_counted_away_and_is_named(client, session, take, tool):
    order = Order(total=Money(0, "USD"))
    session.add(order)
    session.flush()
    held = Reservation(order_id=order.id, variant_id=tool.id, quantity=8, expires_at=now())
    reserve(session, held, actor="test")
    session.commit()
    scan(client, take, "TOOL", "7")
    scan(client, take, "MAT", "3")

    page = visit(client, take).submit("Book")

    assert page.status == 409
    assert "Fewer were counted than are reserved or unavailable: TOOL." in page.text
    assert adjusted(session) == []
    assert session.scalars(select(StockTake.status)).one() == "open"


def test_eight_who_book_at_once_book_once(app, client, session, take, tool):
    scan(client, take, "TOOL", "7")
    cookie = client.get_cookie("staff", path="/staff").value
    clients = [app.test_client() for _ in range(8)]
    for one in clients:
        one.set_cookie("staff", cookie, path="/staff")

    answers = all_at_once(
        [lambda it=it: it.post(f"{take}/book", data={"reason": "Count"}) for it in clients]
    )

    assert sorted(it.status_code for it in answers) == [303] + [409] * 7
    assert adjusted(session) == [(tool.id, -3, "Count")]


def test_eight_who_scan_at_once_are_all_counted(app, client, session, take, tool):
    cookie = client.get_cookie("staff", path="/staff").value
    clients = [app.test_client() for _ in range(8)]
    for one in clients:
        one.set_cookie("staff", cookie, path="/staff")

    answers = all_at_once(
        [lambda it=it: it.post(f"{take}/counts", data={"code": "TOOL"}) for it in clients]
    )

    assert {it.status_code for it in answers} == {303}
    assert session.scalars(select(StockCount.counted)).all() == [8]


def test_a_dropped_stock_take_changes_nothing_and_takes_no_more(client, session, take, tool):
    stale = visit(client, take)
    scan(client, take, "TOOL", "7")

    visit(client, take).submit("Drop")
    page = stale.submit("Count", code="TOOL")

    assert page.status == 409
    assert "This stock take is closed." in page.text
    assert on_hand(session, tool) == 10
    assert session.scalars(select(StockCount.counted)).all() == [7]


def test_a_count_is_of_its_own_location(client, session, take, tool):
    cellar = Location(title="Cellar", position=1)
    session.add(cellar)
    session.commit()
    page = visit(client, "/staff/stock-takes")
    page = page.submit("Open", title="Cellar", location=str(cellar.id))
    address = f"/staff/stock-takes/{session.scalars(select(StockTake.id)).all()[-1]}"

    page = scan(client, address, "TOOL", "2")
    visit(client, address).submit("Book")

    assert rows(page)[0][:4] == ["TOOL", "2", "0", "+2"]
    assert on_hand(session, tool) == 12
    assert list(ledger_is_levels(session)) == []


def test_only_this_page_may_use_the_camera(client, take):
    assert "camera=(self)" in client.get(take).headers["Permissions-Policy"]
    assert "camera=()" in client.get("/staff/stock-takes").headers["Permissions-Policy"]


def test_its_page_takes_the_same_number_of_queries_however_much_was_counted(
    app, client, session, take
):
    scan(client, take, "TOOL")
    with counted_statements(app) as few:
        visit(client, take)
    for number in range(9):
        make_variant(session, sku=f"MORE-{number}", on_hand=2)
        scan(client, take, f"MORE-{number}")

    with counted_statements(app) as many:
        visit(client, take)

    assert len(many) == len(few)


def test_a_scan_that_is_sent_twice_counts_once(client, session, take):
    address = f"{take}/counts"
    for key in ("one", "one", "two", "one"):
        answer = client.post(address, data={"code": "TOOL", "key": key})
        assert answer.status_code == 303
    assert session.scalars(select(StockCount.counted)).all() == [2]
    refused = client.post(address, data={"code": "TOOL", "key": "x" * 65})
    assert refused.status_code == 422
