"""Deciding where the shop ships to, how, and at which price."""

import pytest
from sqlalchemy import select

from models import Cart, ShippingRate, ShippingZone, ZoneCountry
from tests.browser import visit
from tests.factories import make_product, make_rate, make_variant, make_zone
from tests.staff import rows, sign_in

INDEX, NEW = "/staff/shipping", "/staff/shipping/new"
ZONE = {"title": "North America", "countries": "US, Canada"}
RATE = {"rate-title": "Standard", "rate-price": "6.90"}


@pytest.fixture(autouse=True)
def _owner(client, session):
    sign_in(client, session)


def state(session):
    """All that these pages could change."""
    tables = (ShippingZone, ZoneCountry, ShippingRate)
    return [session.execute(select(*table.__table__.c)).all() for table in tables]


def countries(session, zone):
    found = select(ZoneCountry.country).where(ZoneCountry.zone_id == zone.id)
    return sorted(session.scalars(found))


def titles(session, zone):
    found = select(ShippingRate.title).where(ShippingRate.zone_id == zone.id)
    return session.scalars(found.order_by(ShippingRate.position)).all()


def edit(client, zone, rate=None):
    return visit(client, f"{INDEX}/{zone.id}" + (f"/rates/{rate.id}" if rate else ""))


def test_without_zones_the_page_says_where_the_shop_ships_to(client):
    page = visit(client, INDEX)

    assert "shipping is included in the prices" in page.text
    assert "the shop ships to United States, Canada" in page.text


def test_a_zone_is_added_with_its_first_rate_and_buyers_pay_it(client, session):
    variant = make_variant(session, product=make_product(session, handle="tool"), price_minor=8900)
    page = visit(client, NEW).submit(
        "Save",
        **ZONE,
        **RATE,
        **{
            "rate-delivery": "3 to 5 working days",
            "rate-free_from": "120",
            "rate-most_weight": "2000",
            "rate-least": "1.5",
            "rate-most": "999.99",
        },
    )

    assert "North America is saved." in page.text
    assert rows(page)[0][:6] == [
        *("Standard", "3 to 5 working days", "0 g to 2000 g", "$1.50 to $999.99"),
        *("$6.90", "$120.00"),
    ]
    zone = session.scalars(select(ShippingZone)).one()
    assert countries(session, zone) == ["CA", "US"]
    client.post("/cart/add", data={"id": variant.id})
    cart = visit(client, "/cart")
    assert "Shipping to United States Standard, $6.90" in cart.text
    assert "To pay $95.90" in cart.text


def test_countries_are_read_by_name_or_code_and_everywhere_else_is_one(client, session):
    page = visit(client, NEW).submit(
        "Save", **RATE, title="World", countries="germany\r\n fr,\nEVERYWHERE else\nFrance"
    )

    assert "France, Germany" not in page.text
    zone = session.scalars(select(ShippingZone)).one()
    assert countries(session, zone) == ["*", "DE", "FR"]
    shown = edit(client, zone).main.find(id="countries").get_text(strip=True)
    assert shown.split("\n") == ["Germany", "France", "Everywhere else"]


PRICE = "Enter a price in figures, such as 89.00."
COUNT = "Enter a whole number from 0 to 1000000."


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"title": ""}, "Enter a title."),
        ({"countries": ""}, "Name at least one country."),
        ({"countries": " , \n"}, "Name at least one country."),
        (
            {"countries": "US, Narnia"},
            "We can ship to no country called “Narnia”. Write a name or a code.",
        ),
        (
            {"countries": "Iran"},
            "We can ship to no country called “Iran”. Write a name or a code.",
        ),
        ({"rate-title": "x" * 121}, "Enter at most 120 characters."),
        ({"rate-delivery": "x" * 121}, "Enter at most 120 characters."),
        ({"rate-price": ""}, PRICE),
        ({"rate-price": "-1"}, PRICE),
        ({"rate-price": "6.905"}, "USD has 2 decimals: enter no more."),
        ({"rate-price": "1000000.01"}, "Enter a price of at most 1000000."),
        ({"rate-free_from": "-1"}, PRICE),
        ({"rate-currency": "XXX"}, "Not a valid choice."),
        ({"rate-least_weight": "-1"}, COUNT),
        ({"rate-most_weight": "1.5"}, COUNT),
        ({"rate-most_weight": "99999999"}, COUNT),
        (
            {"rate-least_weight": "500", "rate-most_weight": "499"},
            "Enter no less than the least weight.",
        ),
        ({"rate-least": "ten"}, PRICE),
        ({"rate-least": "10", "rate-most": "9.99"}, "Enter no less than the least price."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, session, typed, message):
    page = visit(client, NEW).submit("Save", **ZONE | RATE | typed)

    assert page.status == 422
    assert page.errors() == [message]
    assert state(session) == [[], [], []]
    kept = page.main.find(id="title")
    assert kept["value"] == typed.get("title", "North America")


def test_a_country_is_in_one_zone_at_most(client, session):
    make_zone(session, "US", "CA", title="Near")
    far = make_zone(session, "DE", title="Far")
    before = state(session)

    for page in (visit(client, NEW), edit(client, far)):
        answer = page.submit("Save", **RATE, title="Other", countries="FR, Canada")

        assert answer.status == 422
        assert answer.errors() == ["Canada is in the zone “Near” already."]
        assert state(session) == before


def test_a_country_moves_out_of_its_zone_and_into_another(client, session):
    near = make_zone(session, "US", "CA", title="Near")
    far = make_zone(session, "DE", title="Far")

    edit(client, near).submit("Save", countries="United States")
    edit(client, far).submit("Save", countries="DE, CA")

    assert (countries(session, near), countries(session, far)) == (["US"], ["CA", "DE"])


def test_two_who_edit_a_zone_at_once_lose_neither_text(client, session):
    zone = make_zone(session, "US", title="Near")
    first, second = edit(client, zone), edit(client, zone)
    first.submit("Save", countries="US, CA")
    before = state(session)

    page = second.submit("Save", title="Home")

    assert page.status == 409
    theirs = " ".join(page.main.find(id="theirs").parent.get_text(" ").split())
    assert theirs == "Saved meanwhile Title Near Countries Canada United States"
    assert page.main.find(id="title")["value"] == "Home"
    assert state(session) == before
    assert page.submit("Save").status == 200
    assert countries(session, zone) == ["US"]


def test_two_who_edit_a_rate_at_once_lose_neither_price(client, session):
    zone = make_zone(session)
    first, second = (edit(client, zone, zone.rates[0]) for _ in range(2))
    first.submit("Save", **{"rate-price": "7.50"})

    page = second.submit("Save", **{"rate-price": "8.00"})

    assert page.status == 409
    theirs = " ".join(page.main.find(id="theirs").parent.get_text(" ").split())
    assert theirs == "Saved meanwhile Price 7.50"
    assert page.submit("Save").status == 200
    assert session.scalars(select(ShippingRate.__table__.c.price_minor)).one() == 800


def test_two_rates_of_one_title_are_refused_where_a_cart_could_be_offered_both(client, session):
    zone = make_zone(session, rates=(make_rate(690, most_weight_g=2000),))
    address = f"{INDEX}/{zone.id}/rates/new"
    same = {"rate-title": "standard", "rate-price": "9.90"}

    page = visit(client, address).submit("Save", **same)

    assert page.status == 422
    assert page.errors()[0].startswith("A rate of this zone has this title,")
    assert titles(session, zone) == ["Standard"]
    heavier = page.submit("Save", **same | {"rate-least_weight": "2001"})
    assert heavier.status == 200
    assert titles(session, zone) == ["Standard", "standard"]


def test_rates_are_put_in_order_and_removed_but_never_the_last(client, session):
    rates = tuple(make_rate(100, name, position=at) for at, name in enumerate("ABC"))
    zone = make_zone(session, rates=rates)

    visit(client, INDEX).submit("Move up", nth=1)
    assert titles(session, zone) == ["A", "C", "B"]
    edit(client, zone, rates[0]).submit("Remove the rate")
    edit(client, zone, rates[2]).submit("Remove the rate")
    assert titles(session, zone) == ["B"]

    page = edit(client, zone, rates[1]).submit("Remove the rate")

    assert page.status == 409
    assert "This is the zone's only rate." in page.text
    assert titles(session, zone) == ["B"]


def test_a_removed_zone_is_shipped_to_no_more_and_carts_forget_its_rate(client, session):
    variant = make_variant(session)
    zone = make_zone(session, "US", "CA")
    client.post("/cart/add", data={"id": variant.id})
    client.post("/cart/destination", data={"country": "CA", "rate": zone.rates[0].id})

    page = edit(client, zone).submit("Remove the zone")

    assert "There are no zones" in page.text
    assert state(session) == [[], [], []]
    assert session.scalars(select(Cart.shipping_rate_id)).one() is None
    assert "included in the prices" in visit(client, "/cart").text


def test_a_rate_belongs_to_its_zone_alone(client, session):
    one, other = make_zone(session, "US"), make_zone(session, "DE")

    assert client.get(f"{INDEX}/{one.id}/rates/{other.rates[0].id}").status_code == 404
    assert client.get(f"{INDEX}/{one.id}/rates/x").status_code == 404
    assert client.get(f"{INDEX}/999").status_code == 404
