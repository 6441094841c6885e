"""Editing what the shop sells: words, prices and counts."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from models import (
    Money,
    Product,
    ProductStatus,
    Reference,
)
from storefront.staff.typed import price_from
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.staff import counted_statements, price_field, rows, saved_product, sign_in

ADDRESS = "/staff/products/tool"


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool", description="It *presses*.")
    return make_variant(session, product=product, sku="TOOL-RED", on_hand=10, price_minor=8900)


def test_the_list_shows_drafts_too_and_says_what_is_demonstration_data(client, session, variant):
    sign_in(client, session)
    draft = make_product(session, title="A draft", status=ProductStatus.DRAFT)
    draft.is_demonstration = True
    session.commit()

    page = visit(client, "/staff/products")

    assert [line[:6] for line in rows(page)] == [
        ["A draft", "Draft", "0", "None", "0", "Demonstration"],
        ["The tool", "Active", "1", "$89.00", "10", "Own"],
    ]
    assert "The catalog holds demonstration data." in page.html.footer.get_text()


def test_nothing_is_said_of_demonstration_data_where_there_is_none(client, session, variant):
    sign_in(client, session)

    page = visit(client, "/staff/products")

    assert "demonstration" not in page.html.get_text().lower()


def test_the_list_costs_the_same_however_long_it_is(app, client, session, variant):
    sign_in(client, session)

    with counted_statements(app) as with_one:
        visit(client, "/staff/products")
    for _ in range(10):
        make_variant(session)
    with counted_statements(app) as with_many:
        visit(client, "/staff/products")

    assert len(with_many) == len(with_one)


def test_saved_words_and_prices_stand_in_the_shop_at_once(client, session, variant):
    sign_in(client, session)
    typed = {
        "title": "The claw",
        "summary": "It presses\r\non one spot.",
        "description": "## What it is\r\n\r\nA **tool**.",
        price_field(variant): "79.5",
    }

    page = visit(client, ADDRESS).submit("Save", **typed)

    assert page.status == 200
    assert "The claw is saved." in page.text
    assert page.main.find(id=price_field(variant))["value"] == "79.50"
    words, prices, counts, moves, found, _ = saved_product(session)
    assert words[:2] == ("The claw", "It presses on one spot.")
    assert "<strong>tool</strong>" in words[2]
    assert prices == {"TOOL-RED": Money(7950, "USD")}
    assert (counts, len(moves)) == ([(10, 0)], 1)
    assert found[0].title == "The claw"
    assert "A tool" in " ".join(found[0].body.split())
    shop = visit(client, "/products/tool")
    assert shop.heading == "The claw"
    assert "$79.50" in shop.text
    product = session.scalars(select(Product)).one()
    assert product.description_markdown == "## What it is\n\nA **tool**."


def test_a_draft_leaves_the_shop_and_the_search(client, session, variant):
    sign_in(client, session)

    page = visit(client, ADDRESS).submit("Save", status="draft")

    assert "A draft: only staff see it." in page.text
    assert visit(client, "/products/tool").status == 404
    assert saved_product(session)[4] == []


def test_cited_references_become_footnotes(client, session, variant):
    sign_in(client, session)
    session.add(Reference(key="gray", citation="Gray, Anatomy"))
    session.commit()

    visit(client, ADDRESS).submit("Save", description="It is deep.[^gray]")

    assert "Gray, Anatomy" in saved_product(session)[0][2]


def test_a_reference_that_nobody_knows_is_named(client, session, variant):
    sign_in(client, session)
    before = saved_product(session)

    page = visit(client, ADDRESS).submit("Save", title="New", description="Deep.[^nobody]")

    assert page.status == 422
    assert page.errors() == ["No reference is known as [^nobody]. Correct the key, or take it out."]
    assert page.main.find(id="title")["value"] == "New"
    assert saved_product(session) == before


@pytest.mark.parametrize(
    "price",
    [
        "",
        "-1",
        "89.999",
        "1000000.01",
        "99999999",
        "89,00",
        "$89",
        "1e3",
        "NaN",
        "Infinity",
        "٨٩",
        "1_000",
        ".5",
        "8 9",
    ],
)
def test_what_is_no_price_is_refused(client, session, variant, price):
    sign_in(client, session)
    before = saved_product(session)

    page = visit(client, ADDRESS).submit("Save", title="New", **{price_field(variant): price})

    assert page.status == 422
    assert len(page.errors()) == 1
    assert page.main.find(id=price_field(variant))["value"] == price
    assert page.main.find(id="title")["value"] == "New"
    assert saved_product(session) == before


def test_a_price_is_exact_in_each_currency():
    assert price_from("0.07", "USD") == Money(7, "USD")
    assert price_from("1000000", "USD").amount == Decimal(1000000)
    assert price_from("19.99", "KWD") == Money(19990, "KWD")
    assert price_from("500", "JPY") == Money(500, "JPY")
    with pytest.raises(ValueError, match="JPY has 0 decimals"):
        price_from("500.5", "JPY")
    with pytest.raises(ValueError, match="Cards pay amounts in KWD that end in 0"):
        price_from("19.999", "KWD")


def test_two_who_edit_at_once_lose_neither_text(client, session, variant):
    sign_in(client, session)
    first, second = visit(client, ADDRESS), visit(client, ADDRESS)

    first.submit("Save", summary="Hers.", **{price_field(variant): "95.00"})
    before = saved_product(session)
    page = second.submit("Save", summary="His.")

    assert page.status == 409
    assert "Somebody saved this product while you were editing." in page.text
    theirs = " ".join(page.main.find(id="theirs").parent.get_text(" ").split())
    assert theirs == "Saved meanwhile Summary Hers. Price of TOOL-RED 95.00"
    assert page.main.find(id="summary").get_text(strip=True) == "His."
    assert saved_product(session) == before

    again = page.submit("Save")

    assert again.status == 200
    assert saved_product(session)[0][1] == "His."


def test_a_form_that_does_not_say_what_it_has_seen_saves_nothing(client, session, variant):
    sign_in(client, session)
    before = saved_product(session)

    page = visit(client, ADDRESS).submit("Save", title="New", seen="")

    assert page.status == 409
    assert saved_product(session) == before


@pytest.mark.parametrize(
    "typed",
    [
        {"title": " "},
        {"title": "x" * 201},
        {"summary": "x" * 501},
        {"status": "gone"},
        {"title": "a\0b"},
        {"description": "x" * 100_001},
    ],
)
def test_words_that_do_not_fit_are_refused(client, session, variant, typed):
    sign_in(client, session)
    before = saved_product(session)

    page = visit(client, ADDRESS).submit("Save", **typed)

    assert page.status == 422
    assert len(page.errors()) == 1
    assert saved_product(session) == before


def test_an_own_product_is_no_longer_demonstration_data(client, session, variant):
    sign_in(client, session)
    product = session.scalars(select(Product)).one()
    product.is_demonstration = True
    session.commit()
    page = visit(client, ADDRESS)
    box = page.main.find(id="is_demonstration")
    assert box.has_attr("checked")

    del box["checked"]
    page.submit("Save")

    session.rollback()
    assert session.get_one(Product, product.id, populate_existing=True).is_demonstration is False
