"""Editing how a variant sells: without being there, in other currencies, as a bundle."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from models import BundlePart, Selling, Stock, Variant, VariantPrice
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.staff import saved_product, sign_in

ADDRESS = "/staff/products/tool"


@pytest.fixture
def variant(client, session):
    sign_in(client, session)
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, sku="TOOL", on_hand=0, price_minor=8900)


@pytest.fixture
def currencies(app, settings, monkeypatch):
    chosen = replace(settings, currencies=("USD", "EUR", "JPY"))
    monkeypatch.setitem(app.config, "SETTINGS", chosen)


def name(variant, field):
    return f"variant-{variant.id}-{field}"


def now_is(session, variant):
    found = session.get_one(Variant, variant.id, populate_existing=True)
    return found.selling, found.promise


def parts(session):
    columns = BundlePart.__table__.c
    return [tuple(row) for row in session.execute(select(*columns).order_by(columns.part_id))]


def further(session):
    columns = VariantPrice.__table__.c
    found = select(columns.currency, columns.price_minor).order_by(columns.currency)
    return [tuple(row) for row in session.execute(found)]


def test_what_is_not_there_is_sold_with_a_promise_that_the_buyer_sees(client, session, variant):
    promise = "Ships in about two weeks."

    visit(client, ADDRESS).submit(
        "Save", **{name(variant, "selling"): "backorder", name(variant, "promise"): promise}
    )

    assert now_is(session, variant) == (Selling.BACKORDER, promise)
    assert client.post("/cart/add", data={"id": variant.id}).status_code == 303
    assert promise in visit(client, "/cart").text


def test_selling_what_is_not_there_needs_a_promise(client, session, variant):
    page = visit(client, ADDRESS).submit("Save", **{name(variant, "selling"): "preorder"})

    assert page.status == 422
    assert page.errors() == ["Say when it ships, such as: Ships in about two weeks."]
    assert page.main.find("details").has_attr("open")
    assert now_is(session, variant) == (Selling.IN_STOCK, "")


def test_a_shop_with_one_currency_asks_for_one_price(client, variant):
    page = visit(client, ADDRESS)

    assert page.main.find(id=name(variant, "eur-price")) is None


def test_prices_in_further_currencies_are_exact_and_can_be_taken_away(
    client, session, variant, currencies
):
    eur, jpy = name(variant, "eur-price"), name(variant, "jpy-price")
    page = visit(client, ADDRESS).submit("Save", **{eur: "79.90", jpy: "12000"})
    assert further(session) == [("EUR", 7990), ("JPY", 12000)]
    assert page.main.find(id=eur)["value"] == "79.90"

    page.submit("Save", **{eur: "81"})
    assert further(session) == [("EUR", 8100), ("JPY", 12000)]
    visit(client, ADDRESS).submit("Save", **{jpy: ""})
    assert further(session) == [("EUR", 8100)]


@pytest.mark.parametrize(
    ("code", "typed", "message"),
    [
        ("jpy", "0.5", "JPY has 0 decimals: enter no more."),
        ("eur", "-1", "Enter a price in figures, such as 89.00."),
        ("eur", "1.999", "EUR has 2 decimals: enter no more."),
        ("eur", "9999999", "Enter a price of at most 1000000."),
    ],
)
def test_what_is_no_price_in_a_currency_is_refused(
    client, session, variant, currencies, code, typed, message
):
    before = saved_product(session)

    page = visit(client, ADDRESS).submit("Save", **{name(variant, f"{code}-price"): typed})

    assert page.status == 422
    assert page.errors() == [message]
    assert (further(session), saved_product(session)) == ([], before)


def test_a_bundle_sells_from_its_parts_and_has_no_count_of_its_own(client, session, variant):
    claw, mat = (make_variant(session, sku=sku, on_hand=9) for sku in ("CLAW", "MAT"))

    page = visit(client, ADDRESS).submit("Save", **{name(variant, "parts"): "CLAW 1\r\nMAT  2\r\n"})

    assert page.status == 200, page.text
    assert parts(session) == [(variant.id, claw.id, 1), (variant.id, mat.id, 2)]
    assert "A bundle: how many there are follows from its parts." in page.text
    assert page.main.find(id=name(variant, "on_hand")) is None
    assert page.main.find(id=name(variant, "parts")).get_text(strip=True) == "CLAW 1\nMAT 2"
    client.post("/cart/add", data={"id": variant.id, "quantity": 4})
    assert client.post("/cart/add", data={"id": variant.id}).status_code == 409

    alone = page.submit("Save", **{name(variant, "parts"): "CLAW 3"})
    assert parts(session) == [(variant.id, claw.id, 3)]
    alone.submit("Save", **{name(variant, "parts"): ""})
    assert parts(session) == []
    assert session.get(Stock, variant.id) is not None


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("NOTHING 1", "No variant has the SKU NOTHING."),
        ("TOOL 1", "A bundle cannot hold itself."),
        ("SET 1", "SET is a bundle itself: name its parts instead."),
        ("CLAW 0", "Enter a whole number from 1 to 99."),
        ("CLAW 1.5", "Enter a whole number from 1 to 99."),
        ("CLAW 1\nCLAW 2", "Write each part once, as its SKU and its units: “CLAW 2”."),
        ("CLAW 1 more", "Write each part once, as its SKU and its units: “CLAW 1 more”."),
        ("\n".join(f"X{at}" for at in range(21)), "A bundle holds at most 20 different parts."),
    ],
)
def test_what_cannot_be_a_bundle_is_refused_beside_its_field(
    client, session, variant, typed, message
):
    claw, bundle = make_variant(session, sku="CLAW"), make_variant(session, sku="SET", on_hand=0)
    session.add(BundlePart(bundle_id=bundle.id, part_id=claw.id, quantity=1))
    session.flush()

    page = visit(client, ADDRESS).submit("Save", **{name(variant, "parts"): typed})

    assert page.status == 422
    assert page.errors() == [message]
    assert page.main.find(id=name(variant, "parts")).get_text().strip() == typed
    assert parts(session) == [(bundle.id, claw.id, 1)]


def test_a_part_of_a_bundle_is_no_bundle(client, session, variant):
    make_variant(session, sku="CLAW")
    bundle = make_variant(session, sku="SET", on_hand=0)
    session.add(BundlePart(bundle_id=bundle.id, part_id=variant.id, quantity=1))
    session.flush()

    page = visit(client, ADDRESS).submit("Save", **{name(variant, "parts"): "CLAW"})

    assert page.errors() == ["It is part of the bundle SET, so it cannot be a bundle."]
    assert parts(session) == [(bundle.id, variant.id, 1)]


def test_a_variant_with_stock_of_its_own_is_no_bundle(client, session):
    sign_in(client, session)
    product = make_product(session, handle="tool")
    variant = make_variant(session, product=product, sku="TOOL", on_hand=3)
    make_variant(session, sku="CLAW")

    page = visit(client, ADDRESS).submit("Save", **{name(variant, "parts"): "CLAW"})

    assert page.status == 409
    (error,) = page.errors()
    assert error.startswith("It has stock of its own (3 on hand, 0 reserved), and a bundle has")
    assert parts(session) == []


def test_two_who_edit_at_once_see_what_the_other_saved_of_a_variant(client, session, variant):
    make_variant(session, sku="CLAW")
    first, second = visit(client, ADDRESS), visit(client, ADDRESS)
    first.submit("Save", **{name(variant, "parts"): "CLAW 2"})

    page = second.submit("Save", **{name(variant, "promise"): "Soon"})

    assert page.status == 409
    theirs = " ".join(page.main.find(id="theirs").parent.get_text(" ").split())
    assert theirs == "Saved meanwhile Promise of TOOL (empty) Parts of TOOL CLAW 2"
    assert now_is(session, variant) == (Selling.IN_STOCK, "")
