"""Deciding which tax is due where."""

import pytest
from sqlalchemy import select

from models import TaxRate
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.staff import rows, sign_in

INDEX, NEW = "/staff/taxes", "/staff/taxes/new"
COLORADO = {"country": "US", "region": "co", "title": "Sales tax", "percent": "8.875"}


@pytest.fixture(autouse=True)
def _owner(client, session):
    sign_in(client, session)


def state(session):
    columns = TaxRate.__table__.c
    return [tuple(row)[1:-1] for row in session.execute(select(*columns).order_by(columns.id))]


def test_a_tax_is_kept_exactly_and_buyers_see_it(client, session):
    variant = make_variant(session, product=make_product(session, handle="tool"), price_minor=10000)

    page = visit(client, NEW).submit("Save", **COLORADO)

    assert rows(page) == [
        ["United States, CO", "CO", "Sales tax", "8.875 %", "Added to the prices", "Yes"],
    ]
    assert state(session) == [("US", "CO", "Sales tax", 88_750, False, True)]
    client.post("/cart/add", data={"id": variant.id})
    client.post("/cart/destination", data={"country": "US", "region": "CO"})
    cart = visit(client, "/cart").text
    assert "Sales tax $8.88" in cart
    assert "To pay $108.88" in cart


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"country": "XX"}, "Not a valid choice."),
        ({"region": "a/b"}, "Enter at most 10 letters and digits, such as CO."),
        ({"region": "x" * 11}, "Enter at most 10 letters and digits, such as CO."),
        ({"title": ""}, "Enter a title."),
        ({"is_included": "maybe"}, "Not a valid choice."),
        *(
            (
                {"percent": typed},
                "Enter a percentage from 0 to 100, such as 12.5, with at most 4 decimals.",
            )
            for typed in ("", "-1", "101", "8.87501", "1e1", "８")
        ),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, session, typed, message):
    page = visit(client, NEW).submit("Save", **COLORADO | typed)

    assert page.status == 422
    assert page.errors() == [message]
    assert page.main.find(id="percent")["value"] == typed.get("percent", "8.875")
    assert state(session) == []


def test_a_place_has_one_tax(client, session):
    visit(client, NEW).submit("Save", **COLORADO)
    visit(client, NEW).submit("Save", **COLORADO | {"region": "", "percent": "0"})
    before = state(session)

    page = visit(client, NEW).submit("Save", **COLORADO)
    assert page.status == 422
    assert page.errors() == [
        "This country and region have a tax already. Edit that one, or choose another region."
    ]
    whole = session.scalars(select(TaxRate).filter_by(region="")).one()
    assert visit(client, f"{INDEX}/{whole.id}").submit("Save", region="CO").status == 422
    assert state(session) == before


def test_two_who_edit_at_once_lose_neither_rate(client, session):
    visit(client, NEW).submit("Save", **COLORADO)
    rate = session.scalars(select(TaxRate)).one()
    first, second = (visit(client, f"{INDEX}/{rate.id}") for _ in range(2))
    first.submit("Save", percent="9", is_included="included")

    page = second.submit("Save", percent="10")

    assert page.status == 409
    theirs = " ".join(page.main.find(id="theirs").parent.get_text(" ").split())
    assert theirs == "Saved meanwhile Rate in percent 9 How it is reckoned included"
    assert page.main.find(id="percent")["value"] == "10"
    assert page.submit("Save").status == 200
    assert state(session) == [("US", "CO", "Sales tax", 100_000, False, True)]


def test_a_tax_is_removed(client, session):
    visit(client, NEW).submit("Save", **COLORADO)
    rate = session.scalars(select(TaxRate)).one()

    page = visit(client, f"{INDEX}/{rate.id}").submit("Remove the tax")

    assert "There are no taxes" in page.text
    assert state(session) == []
    assert client.get(f"{INDEX}/{rate.id}").status_code == 404
