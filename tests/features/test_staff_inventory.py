"""Seeing stock and its ledger, and correcting it."""

import pytest
from sqlalchemy import select

from models import Role, Stock, StockMovement
from models.inventory import MovementKind, adjust, move
from storefront.verify.stock import ledger_is_stock
from tests.browser import visit
from tests.factories import make_paid_order, make_product, make_variant
from tests.staff import counted_statements, rows, sign_in


@pytest.fixture
def variant(session):
    product = make_product(session, title="The tool")
    return make_variant(session, product=product, sku="TOOL-RED", on_hand=10)


def reserve(session, variant, quantity):
    movement = StockMovement(
        variant_id=variant.id, kind=MovementKind.RESERVED, reserved=quantity, actor="test"
    )
    move(session, movement)
    session.commit()


def stock_of(session, variant):
    session.rollback()
    stock = session.get_one(Stock, variant.id, populate_existing=True)
    count = len(session.scalars(select(StockMovement.id).filter_by(variant_id=variant.id)).all())
    session.rollback()
    return stock.on_hand, stock.reserved, count


def test_the_list_shows_every_variant_with_its_stock(client, session, variant):
    sign_in(client, session)
    reserve(session, variant, 3)

    page = visit(client, "/staff/inventory")

    assert rows(page) == [["TOOL-RED", "The tool", "Red", "10", "3", "0", "0", "7", "0", "–"]]


def test_the_list_is_sorted_and_searched_by_its_address(client, session, variant):
    sign_in(client, session)
    other = make_product(session, title="A mat")
    make_variant(session, product=other, sku="MAT-1", on_hand=40)

    def skus(query):
        return [line[0] for line in rows(visit(client, f"/staff/inventory?{query}"))]

    assert skus("") == ["MAT-1", "TOOL-RED"]
    assert skus("sort=-sku") == ["TOOL-RED", "MAT-1"]
    assert skus("sort=on_hand") == ["TOOL-RED", "MAT-1"]
    assert skus("sort=-available") == ["MAT-1", "TOOL-RED"]
    assert skus("q=the+TOOL") == ["TOOL-RED"]
    assert skus("q=mat-") == ["MAT-1"]


def test_a_heading_says_how_the_list_is_sorted_and_turns_it_round(client, session, variant):
    sign_in(client, session)

    page = visit(client, "/staff/inventory?q=tool")
    turned = page.follow("SKU")

    assert page.main.find("th", attrs={"aria-sort": "ascending"}).get_text(strip=True) == "SKU▲"
    assert turned.url.endswith("/staff/inventory?q=tool&sort=-sku")
    assert len(turned.main.find_all(attrs={"aria-sort": True})) == 1
    assert turned.main.find("th", attrs={"aria-sort": "descending"}) is not None


def test_the_ledger_shows_each_movement_with_what_it_left(client, session, variant):
    person = sign_in(client, session)
    reserve(session, variant, 2)
    adjust(session, variant.id, -3, reason="Broken", actor=person.email)
    session.commit()
    order = make_paid_order(session, variant=variant)

    found = [line[1:] for line in rows(visit(client, "/staff/inventory/TOOL-RED"))]

    none = ["0", "0", "0"]
    assert found == [
        ["Sold", "-1 makes 6", "2", *none, "", "Stripe", order.number],
        ["Adjusted", "-3 makes 7", "2", *none, "Broken", person.email, ""],
        ["Reserved", "10", "+2 makes 2", *none, "", "test", ""],
        ["Received", "+10 makes 10", "0", *none, "test", "test", ""],
    ]


def test_the_ledgers_second_page_counts_on(app, client, session, variant):
    sign_in(client, session)
    for _ in range(50):
        adjust(session, variant.id, 1, reason="One more", actor="test")
    session.commit()

    with counted_statements(app) as first_page:
        first = visit(client, "/staff/inventory/TOOL-RED")
    second = first.follow("Next page")

    assert [line[2] for line in rows(first)] == [f"+1 makes {n}" for n in range(60, 10, -1)]
    assert [line[1:3] for line in rows(second)] == [["Received", "+10 makes 10"]]
    assert len(first_page) <= 9


def test_stock_is_corrected_with_a_reason(client, session, variant):
    person = sign_in(client, session, Role.MANAGER)

    page = visit(client, "/staff/inventory/TOOL-RED").submit(
        "Adjust stock", quantity="-2", reason="Two came broken"
    )

    assert page.status == 200
    assert "TOOL-RED: -2 on hand." in page.text
    line = ["Adjusted", "-2 makes 8", "0", "0", "0", "0", "Two came broken", person.email, ""]
    assert rows(page)[0][1:] == line
    assert stock_of(session, variant) == (8, 0, 2)
    assert list(ledger_is_stock(session)) == []


def test_reserved_units_cannot_be_taken_away(client, session, variant):
    sign_in(client, session)
    reserve(session, variant, 8)

    page = visit(client, "/staff/inventory/TOOL-RED").submit(
        "Adjust stock", quantity="-3", reason="Lost"
    )

    assert page.status == 409
    assert "Only 2 of 10 on hand are free: 8 are reserved for open orders" in page.text
    assert page.main.find(id="quantity")["value"] == "-3"
    assert page.main.find(id="reason")["value"] == "Lost"
    assert stock_of(session, variant) == (10, 8, 2)


@pytest.mark.parametrize(
    "typed", ["", "0", "two", "1.5", "1e3", "--2", "٣", "1_000", "9999999", "2 3", "+-1"]
)
def test_what_is_no_change_in_whole_units_is_refused(client, session, variant, typed):
    sign_in(client, session)

    page = visit(client, "/staff/inventory/TOOL-RED").submit(
        "Adjust stock", quantity=typed, reason="Counted"
    )

    assert page.status == 422
    assert len(page.errors()) == 1
    assert page.main.find(id="quantity")["value"] == typed
    assert page.main.find(id="reason")["value"] == "Counted"
    assert stock_of(session, variant) == (10, 0, 1)


@pytest.mark.parametrize("reason", ["", "ab", " a ", "x" * 301, "a\0bc"])
def test_a_reason_has_3_to_300_characters(client, session, variant, reason):
    sign_in(client, session)

    page = visit(client, "/staff/inventory/TOOL-RED").submit(
        "Adjust stock", quantity="1", reason=reason
    )

    assert page.status == 422
    assert page.main.find(id="quantity")["value"] == "1"
    assert stock_of(session, variant) == (10, 0, 1)


def test_a_second_click_changes_nothing_more(client, session, variant):
    sign_in(client, session)
    form = visit(client, "/staff/inventory/TOOL-RED")

    form.submit("Adjust stock", quantity="5", reason="Found a box")
    again = form.submit("Adjust stock", quantity="5", reason="Found a box")

    assert "TOOL-RED: +5 was taken down already, and only once." in again.text
    assert stock_of(session, variant) == (15, 0, 2)


def test_the_same_change_from_a_new_page_counts_again(client, session, variant):
    sign_in(client, session)

    for _ in range(2):
        visit(client, "/staff/inventory/TOOL-RED").submit(
            "Adjust stock", quantity="5", reason="Found a box"
        )

    assert stock_of(session, variant) == (20, 0, 3)


def test_two_different_changes_from_the_same_page_both_count(client, session, variant):
    sign_in(client, session)
    form = visit(client, "/staff/inventory/TOOL-RED")

    form.submit("Adjust stock", quantity="5", reason="Found a box")
    form.submit("Adjust stock", quantity="-1", reason="One of them broken")

    assert stock_of(session, variant) == (14, 0, 3)


def test_a_sku_with_a_slash_has_its_page(client, session):
    sign_in(client, session)
    variant = make_variant(session, sku="A/B 1", on_hand=1)

    page = visit(client, "/staff/inventory").follow("A/B 1")
    page.submit("Adjust stock", quantity="1", reason="Found one")

    assert page.heading == "Stock of A/B 1"
    assert stock_of(session, variant) == (2, 0, 2)
