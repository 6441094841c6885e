"""Where stock lies: adding places, moving units between them, and switching one off."""

import pytest
from sqlalchemy import select

from models import Location, Role, Stock, StockLevel, StockMovement
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.staff import rows, sign_in

PAGE = "/staff/inventory/TOOL-RED"


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, sku="TOOL-RED", on_hand=10)


@pytest.fixture
def cellar(session):
    location = Location(title="Cellar", position=1)
    session.add(location)
    session.commit()
    return location


def levels(session):
    level = StockLevel
    found = select(level.on_hand, level.reserved, level.incoming).order_by(level.location_id)
    return [tuple(row) for row in session.execute(found)]


def lines(session):
    return len(session.scalars(select(StockMovement.id)).all())


def test_a_location_is_added_and_edited(client, session):
    sign_in(client, session)
    page = visit(client, "/staff/locations").follow("Add a location")

    page = page.submit("Save", title="Cellar", address="Below\nus", position="3")

    assert page.heading == "Locations"
    assert [line[:2] for line in rows(page)] == [["Main", "Yes"], ["Cellar", "Yes"]]
    visit(client, page.main.find("a", attrs={"aria-label": "Edit Cellar"})["href"]).submit(
        "Save", title="Attic", position="0"
    )
    attic = session.scalars(select(Location).filter_by(title="Attic")).one()
    assert (attic.address, attic.position, attic.is_active) == ("Below\nus", 0, True)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "Enter a title."),
        ({"title": "x" * 121}, "Enter at most 120 characters."),
        ({"title": "Main"}, "Another location has this title. Choose another."),
        ({"title": "a\x00b"}, "Remove the characters that cannot be read."),
        ({"title": "Cellar", "position": "-1"}, "Enter a whole number from 0 to 1000000."),
    ],
)
def test_what_is_no_location_is_refused_and_stays_in_the_form(client, session, typed, said):
    sign_in(client, session)

    page = visit(client, "/staff/locations/new").submit("Save", **typed)

    assert page.status == 422
    assert page.errors() == [said]
    assert session.scalars(select(Location.title)).all() == ["Main"]


def test_two_who_edit_at_once_are_told_and_both_texts_kept(client, session, cellar):
    sign_in(client, session)
    address = f"/staff/locations/{cellar.id}"
    mine, theirs = visit(client, address), visit(client, address)
    theirs.submit("Save", title="Attic")

    page = mine.submit("Save", title="Basement")

    assert page.status == 409
    assert "Attic" in page.text
    assert page.main.find("input", {"name": "title"})["value"] == "Basement"
    page.submit("Save")
    assert session.get_one(Location, cellar.id, populate_existing=True).title == "Basement"


def test_a_location_where_something_lies_stays_in_use_and_says_what(
    client, session, variant, cellar
):
    sign_in(client, session)
    page = visit(client, "/staff/locations/1")

    refused = page.submit("Save", is_active="")

    assert refused.status == 409
    assert "Still there: 10 of TOOL-RED. Transfer it first." in refused.text
    assert session.get_one(Location, 1, populate_existing=True).is_active
    visit(client, PAGE).submit("Transfer", quantity="10", to=str(cellar.id))
    assert visit(client, "/staff/locations/1").submit("Save", is_active="").status == 200
    assert not session.get_one(Location, 1, populate_existing=True).is_active


def test_the_only_location_cannot_be_switched_off(client, session):
    sign_in(client, session)

    page = visit(client, "/staff/locations/1").submit("Save", is_active="")

    assert page.status == 409
    assert "This is the only location in use." in page.text


def test_with_one_location_nobody_is_asked_where(client, session, variant):
    sign_in(client, session)

    page = visit(client, PAGE)

    assert not page.main.find_all("select", {"name": ["location", "to"]})
    assert not page.main.find("button", string="Transfer")


def test_units_are_transferred_once_and_what_is_on_hand_stays(client, session, variant, cellar):
    sign_in(client, session)
    form = visit(client, PAGE)

    page = form.submit("Transfer", quantity="4", to=str(cellar.id))
    form.submit("Transfer", quantity="4", to=str(cellar.id))

    assert "TOOL-RED: 4 transferred." in page.text
    assert levels(session) == [(6, 0, 0), (4, 0, 0)]
    assert session.get_one(Stock, variant.id, populate_existing=True).on_hand == 10
    assert [line[:2] for line in rows(page)] == [["Main", "6"], ["Cellar", "4"]]
    assert problems(session) == []


@pytest.mark.parametrize(
    ("typed", "status", "said"),
    [
        ({"quantity": "11"}, 409, "Only 10 of 10 on hand at Main are free"),
        ({"quantity": "2", "to": "1"}, 422, "Choose another location than where they are."),
        ({"quantity": "2", "to": "9" * 30}, 422, "Not a valid choice."),
        ({"quantity": "2", "location": "x"}, 422, "Not a valid choice."),
    ],
)
def test_a_transfer_that_cannot_be_changes_nothing(
    client, session, variant, cellar, typed, status, said
):
    sign_in(client, session)
    before = lines(session)

    page = visit(client, PAGE).submit("Transfer", **{"to": str(cellar.id)} | typed)

    assert page.status == status
    assert said in page.text
    assert levels(session) == [(10, 0, 0)]
    assert lines(session) == before


def test_a_delivery_comes_to_the_location_that_was_chosen(client, session, variant, cellar):
    sign_in(client, session)

    visit(client, PAGE).submit(
        "Receive stock", quantity="5", reference="DN 1", location=str(cellar.id)
    )
    page = visit(client, PAGE).submit("Count", quantity="4", reason="Two", location=str(cellar.id))

    assert page.status == 200
    assert levels(session) == [(10, 0, 0), (4, 0, 0)]
    assert problems(session) == []


def test_the_last_adjustment_is_undone_once_and_only_if_nothing_moved(client, session, variant):
    sign_in(client, session)
    page = visit(client, PAGE).submit("Adjust stock", quantity="-3", reason="Broken")
    stale = page

    page = page.submit("Undo the last adjustment (-3)")
    again = stale.submit("Undo the last adjustment (-3)")

    assert "TOOL-RED: undone, +3 on hand." in page.text
    assert again.status == 409
    assert "Something moved since that adjustment" in again.text
    assert session.get_one(Stock, variant.id, populate_existing=True).on_hand == 10
    assert "Undo the last adjustment" not in page.text
    assert problems(session) == []


def test_only_who_edits_settings_edits_locations(client, session):
    sign_in(client, session, Role.FULFILMENT)

    assert visit(client, "/staff/locations/new").status == 403
    assert client.post("/staff/locations/new", data={"title": "Cellar"}).status_code == 403


def test_who_may_see_stock_sees_the_locations_and_what_lies_there(client, session, variant, cellar):
    sign_in(client, session, Role.FULFILMENT)

    page = visit(client, "/staff/locations")

    assert [line[:4] for line in rows(page)] == [
        ["Main", "Yes", "1", "10"],
        ["Cellar", "Yes", *"00"],
    ]
    assert page.main.find("a", string="Add a location") is None
    assert page.main.find("a", string="Edit") is None
    assert [line[0] for line in rows(page.follow("Main"))] == ["TOOL-RED"]
    assert client.get(f"/staff/locations/{cellar.id}").status_code == 403
