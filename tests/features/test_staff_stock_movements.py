"""Everything that staff do to stock by hand: exact figures, once, and never below a promise."""

import pytest
from sqlalchemy import select

from models import Reservation, Stock, StockMovement
from models.inventory import FIGURES, MovementKind, move, shift
from models.reservation import reserve
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_bundle, make_product, make_variant
from tests.models.test_inventory import make_order
from tests.staff import rows, sign_in

PAGE = "/staff/inventory/TOOL"


@pytest.fixture
def variant(session):
    """10 on hand; 3 of them reserved and 2 unavailable; 6 are expected."""
    variant = make_variant(session, sku="TOOL", on_hand=10)
    held = Reservation(order_id=make_order(session).id, variant_id=variant.id, quantity=3)
    reserve(session, held, actor="test")
    for kind, quantity in ((MovementKind.DAMAGED, 2), (MovementKind.EXPECTED, 6)):
        shift(session, StockMovement(variant_id=variant.id, actor="test"), kind, quantity)
    session.commit()
    return variant


def figures(session, variant):
    """On hand, reserved, unavailable, backordered, incoming; and how many lines the ledger has."""
    stock = session.get_one(Stock, variant.id, populate_existing=True)
    lines = session.scalars(select(StockMovement.id).filter_by(variant_id=variant.id)).all()
    return [getattr(stock, figure) for figure in FIGURES], len(lines)


BEFORE = ([10, 3, 2, 0, 6], 4)
DONE = [
    ("Adjust stock", "4", [14, 3, 2, 0, 6], "Adjusted", "+4 on hand"),
    ("Adjust stock", "-5", [5, 3, 2, 0, 6], "Adjusted", "-5 on hand"),
    ("Receive stock", "4", [14, 3, 2, 0, 2], "Received", "4 received"),
    ("Receive stock", "9", [19, 3, 2, 0, 0], "Received", "9 received"),
    ("Count", "12", [12, 3, 2, 0, 6], "Adjusted", "12 on hand, as counted"),
    ("Count", "5", [5, 3, 2, 0, 6], "Adjusted", "5 on hand, as counted"),
    ("Expect a delivery", "7", [10, 3, 2, 0, 13], "Expected", "+7 incoming"),
    ("Expect a delivery", "-6", [10, 3, 2, 0, 0], "Expected", "-6 incoming"),
    ("Set aside as damaged", "5", [10, 3, 7, 0, 6], "Damaged", "5 set aside as damaged"),
    ("Hold for a check", "1", [10, 3, 3, 0, 6], "Quality hold", "1 held for a check"),
    ("Put back", "2", [10, 3, 0, 0, 6], "Put back", "2 put back"),
    ("Write off", "2", [8, 3, 0, 0, 6], "Written off", "2 written off"),
]


@pytest.mark.parametrize(("button", "typed", "after", "kind", "said"), DONE)
def test_each_button_changes_exactly_its_figures(
    client, session, variant, button, typed, after, kind, said
):
    person = sign_in(client, session)

    page = visit(client, PAGE).submit(button, quantity=typed, reason="As it is", reference="DN 7")

    assert page.status == 200
    assert f"TOOL: {said}." in page.text
    assert figures(session, variant) == (after, 5)
    line = rows(page)[0][1:]
    changes = [now - before for now, before in zip(after, BEFORE[0], strict=True)]
    told = [
        f"{change:+d} makes {now}" if change else str(now)
        for change, now in zip(changes, after, strict=True)
    ]
    assert line == [kind, *told, "As it is DN 7", person.email, ""]
    assert problems(session) == []


@pytest.mark.parametrize(("button", "typed", "after", "kind", "said"), DONE)
def test_a_second_click_on_any_button_changes_nothing_more(
    client, session, variant, button, typed, after, kind, said
):
    sign_in(client, session)
    form = visit(client, PAGE)

    form.submit(button, quantity=typed, reason="As it is")
    again = form.submit(button, quantity=typed, reason="As it is")

    assert again.status == 200
    once = said if button == "Count" else f"{int(typed):+d} was taken down already, and only once"
    assert f"TOOL: {once}." in again.text
    assert figures(session, variant) == (after, 5)
    assert problems(session) == []


FREE = "Only 5 of 10 on hand are free: 3 are reserved for open orders, 2 are unavailable."


@pytest.mark.parametrize(
    ("button", "typed", "said"),
    [
        ("Adjust stock", "-6", FREE),
        ("Count", "4", FREE),
        ("Set aside as damaged", "6", FREE),
        ("Hold for a check", "6", FREE),
        ("Expect a delivery", "-7", "Only 6 are expected."),
        ("Put back", "3", "Only 2 are unavailable."),
        ("Write off", "3", "Only 2 are unavailable."),
    ],
)
def test_nothing_goes_below_what_is_promised(client, session, variant, button, typed, said):
    sign_in(client, session)

    page = visit(client, PAGE).submit(button, quantity=typed, reason="As it is", reference="DN 7")

    assert page.status == 409
    assert f"{said} Nothing was changed." in page.main.find(role="alert").get_text()
    kept = [page.main.find(id=name)["value"] for name in ("quantity", "reason", "reference")]
    assert kept == [typed, "As it is", "DN 7"]
    assert figures(session, variant) == BEFORE


@pytest.mark.parametrize(
    "typed", ["", "１２", "1_000", "-0", "0x1", "1e3", "1.5", str(2**31), "1\x002", "-", "two", "٣"]
)
@pytest.mark.parametrize("button", ["Adjust stock", "Receive stock", "Count", "Put back"])
def test_what_is_no_number_of_units_is_refused_alike_by_both_databases(
    client, session, variant, button, typed
):
    sign_in(client, session)

    page = visit(client, PAGE).submit(button, quantity=typed, reason="As it is")

    assert page.status == 422
    assert len(page.errors()) == 1
    assert page.main.find(id="reason")["value"] == "As it is"
    assert figures(session, variant) == BEFORE


@pytest.mark.parametrize("typed", ["0", "-1"])
@pytest.mark.parametrize("button", ["Receive stock", "Hold for a check", "Write off"])
def test_only_more_than_none_is_received_or_moved(client, session, variant, button, typed):
    sign_in(client, session)

    page = visit(client, PAGE).submit(button, quantity=typed, reason="As it is")

    assert page.status == 422
    assert page.errors() == ["Enter a whole number from 1 to 1000000."]
    assert figures(session, variant) == BEFORE


def test_spaces_around_a_number_and_a_typographic_minus_are_no_mistake(client, session, variant):
    sign_in(client, session)

    visit(client, PAGE).submit("Receive stock", quantity=" 5 ", reason="As it is")
    visit(client, PAGE).submit("Adjust stock", quantity="−2", reason="As it is")

    assert figures(session, variant) == ([13, 3, 2, 0, 1], 6)


def test_a_delivery_needs_a_reference_or_a_reason(client, session, variant):
    sign_in(client, session)

    bare = visit(client, PAGE).submit("Receive stock", quantity="5")
    noted = bare.submit("Receive stock", reference="Delivery note 7")

    assert bare.status == 422
    assert bare.errors() == ["Give a reason of 3 to 300 characters, or a reference."]
    assert noted.status == 200
    assert figures(session, variant) == ([15, 3, 2, 0, 1], 5)


def test_other_changes_need_a_reason_whatever_they_refer_to(client, session, variant):
    sign_in(client, session)

    page = visit(client, PAGE).submit("Write off", quantity="1", reference="Case 7")

    assert page.status == 422
    assert page.errors() == ["Give a reason of 3 to 300 characters."]
    assert figures(session, variant) == BEFORE


@pytest.mark.parametrize("reference", ["x" * 121, "a\0b"])
def test_a_reference_that_cannot_be_kept_is_refused(client, session, variant, reference):
    sign_in(client, session)

    page = visit(client, PAGE).submit("Receive stock", quantity="1", reference=reference)

    assert page.status == 422
    assert figures(session, variant) == BEFORE


def test_a_button_that_is_not_there_does_nothing(client, session, variant):
    sign_in(client, session)
    forged = {"act": "steal", "quantity": "1", "reason": "As it is"}

    answer = client.post(f"{PAGE}/movements", data=forged)

    assert answer.status_code == 422
    assert figures(session, variant) == BEFORE


def test_a_count_of_before_a_sale_is_asked_for_again(client, session, variant):
    sign_in(client, session)
    form = visit(client, PAGE)
    sold = StockMovement(variant_id=variant.id, kind=MovementKind.SOLD, on_hand=-1, actor="test")
    move(session, sold)
    session.commit()

    asked = form.submit("Count", quantity="10", reason="Yearly count")

    assert asked.status == 409
    assert "Meanwhile something moved: 9 are on hand by now." in asked.text
    assert asked.main.find(id="quantity")["value"] == "10"
    assert figures(session, variant) == ([9, 3, 2, 0, 6], 5)

    asked.submit("Count")
    assert figures(session, variant) == ([10, 3, 2, 0, 6], 6)
    assert problems(session) == []


def test_a_count_that_agrees_moves_nothing(client, session, variant):
    sign_in(client, session)

    page = visit(client, PAGE).submit("Count", quantity="10", reason="Yearly count")

    assert "TOOL: 10 on hand, as counted." in page.text
    assert figures(session, variant) == BEFORE


def test_units_set_aside_cannot_be_sold_until_they_are_put_back(client, session):
    product = make_product(session, handle="tool")
    make_variant(session, product=product, sku="TOOL", on_hand=2)
    sign_in(client, session)

    visit(client, PAGE).submit("Set aside as damaged", quantity="2", reason="Scratched")
    assert "Sold out" in visit(client, "/products/tool").text

    visit(client, PAGE).submit("Put back", quantity="1", reason="Polished")
    assert "Only 1 left" in visit(client, "/products/tool").text
    assert problems(session) == []


def test_a_variant_that_was_never_stocked_can_receive_its_first_units(client, session):
    variant = make_variant(session, sku="TOOL", on_hand=0)
    session.delete(session.get_one(Stock, variant.id))
    session.commit()
    sign_in(client, session)

    assert rows(visit(client, "/staff/inventory"))[0][3:] == [
        "0",
        "0",
        "0",
        "0",
        "0 Sold out",
        "0",
        "–",
    ]
    page = visit(client, PAGE).submit("Receive stock", quantity="3", reference="DN 1")

    assert page.status == 200
    assert figures(session, variant) == ([3, 0, 0, 0, 0], 1)
    assert problems(session) == []


def test_a_bundle_shows_its_parts_and_how_many_they_make(client, session):
    tool, mat = (make_variant(session, sku=s, on_hand=n) for s, n in (("TOOL", 9), ("MAT", 3)))
    bundle = make_bundle(session, {tool: 2, mat: 1}, sku="SET")
    sign_in(client, session)

    page = visit(client, "/staff/inventory/SET")
    listed = next(row for row in rows(visit(client, "/staff/inventory")) if row[0] == "SET")

    assert rows(page) == [
        ["MAT", "Test tool", "Red", "1", "3"],
        ["TOOL", "Test tool", "Red", "2", "9"],
    ]
    assert page.main.find("dd").get_text() == "3"
    assert page.main.find("form") is None
    assert listed == ["SET", "A set Bundle", "Set", "–", "–", "–", "–", "3", "–", "–"]
    answer = client.post(
        "/staff/inventory/SET/movements", data={"quantity": "1", "reason": "As it is"}
    )
    assert answer.status_code == 409
    assert "it has no stock of its own" in answer.text
    assert session.get(Stock, bundle.id) is None


def test_a_bundle_is_neither_listed_nor_counted_by_the_command(app, session):
    tool = make_variant(session, sku="TOOL", on_hand=9)
    make_bundle(session, {tool: 2}, sku="SET")
    flask = app.test_cli_runner()

    listed = flask.invoke(args=["stock", "list"])
    counted = flask.invoke(args=["stock", "set", "SET", "5", "--reason", "counted"])

    assert [line.split() for line in listed.output.splitlines()[1:]] == [
        ["TOOL", "9", "0", "9", "0"]
    ]
    assert counted.exit_code == 1
    assert counted.output == "Error: SET is a bundle: it has no stock of its own, count its parts\n"
    assert session.scalars(select(Stock.variant_id)).all() == [tool.id]


def test_a_variant_that_was_never_stocked_is_listed_with_none_and_can_be_counted(app, session):
    variant = make_variant(session, sku="TOOL", on_hand=0)
    session.delete(session.get_one(Stock, variant.id))
    session.commit()
    flask = app.test_cli_runner()

    listed = flask.invoke(args=["stock", "list"])
    counted = flask.invoke(args=["stock", "set", "TOOL", "5", "--reason", "counted"])

    assert listed.output.splitlines()[1].split() == ["TOOL", "0", "0", "0", "0"]
    assert counted.output == "TOOL: 5 on hand (+5)\n"
    assert figures(session, variant) == ([5, 0, 0, 0, 0], 1)
    assert problems(session) == []
