"""Links that bring a discount or fill a cart: a page with one button, since no GET changes it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Cart, CartLine, now
from tests.browser import visit
from tests.factories import make_discount, make_product, make_variant


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=5, price_minor=8900)


def lines(session):
    columns = CartLine.__table__.c
    found = select(columns.variant_id, columns.quantity).order_by(columns.variant_id)
    return [tuple(row) for row in session.execute(found)]


def is_apart(page):
    headers = page.response.headers
    return (headers["X-Robots-Tag"], headers["Cache-Control"]) == ("noindex", "private, no-store")


def test_a_link_with_a_code_offers_it_and_changes_nothing_until_it_is_pressed(
    client, session, variant
):
    make_discount(session, code="TEN")

    page = visit(client, "/discount/ten")

    assert (page.status, page.heading) == (200, "Ten off")
    assert is_apart(page)
    assert "Set-Cookie" not in page.response.headers
    assert session.scalars(select(Cart)).all() == []

    cart = page.submit("Use the code")
    assert "Your code TEN is kept" in cart.text
    client.post("/cart/add", data={"id": variant.id})
    assert "To pay $80.10" in visit(client, "/cart").text


@pytest.mark.parametrize(
    ("typed", "onward"),
    [
        ("/products/tool", "/products/tool"),
        ("/collections/all?page=1", "/collections/all?page=1"),
        ("//evil.example/", "/cart"),
        ("/\\evil.example", "/cart"),
        ("https://evil.example/", "/cart"),
        ("javascript:alert(1)", "/cart"),
        ("/a/../../b", "/cart"),
        ("/a\r\nX: y", "/cart"),
        ("", "/cart"),
    ],
)
def test_a_link_leads_on_within_the_shop_alone(client, session, variant, typed, onward):
    make_discount(session, code="TEN")
    answer = client.get("/discount/TEN", query_string={"redirect": typed})
    assert ("evil" in answer.text) is False

    sent = client.post("/cart/discount", data={"code": "TEN", "redirect": typed})

    assert (sent.status_code, sent.headers["Location"]) == (303, onward)


@pytest.mark.parametrize("code", ["NINE", "a b", "%00", "x" * 200, "<b>"])
def test_a_link_with_an_unknown_code_is_not_found(client, session, code):
    assert client.get(f"/discount/{code}").status_code == 404


def test_a_link_with_a_code_that_is_over_says_so(client, session):
    make_discount(session, code="TEN", ends_at=now() - timedelta(days=1))

    page = visit(client, "/discount/TEN")

    assert page.status == 409
    assert "The code TEN has ended." in page.text
    assert page.main.find("button") is None


def test_a_link_offers_a_filled_cart_and_one_button_fills_it(client, session, variant):
    other = make_variant(session, on_hand=5, price_minor=1000)
    make_discount(session, code="TEN")

    page = visit(client, f"/cart/{variant.id}:2,{other.id}:1?discount=ten")

    assert (page.status, page.heading) == (200, "A cart, filled for you")
    assert "2 × The tool · Red , $89.00 each" in page.text
    assert is_apart(page)
    assert "Set-Cookie" not in page.response.headers
    assert (session.scalars(select(Cart)).all(), lines(session)) == ([], [])

    cart = page.submit("Add all to cart")
    assert "To pay $169.20" in cart.text  # 188.00 less ten percent
    assert lines(session) == [(variant.id, 2), (other.id, 1)]


def test_a_filled_cart_is_added_to_what_is_there(client, session, variant):
    client.post("/cart/add", data={"id": variant.id})

    visit(client, f"/cart/{variant.id}:1,{variant.id}:1").submit("Add all to cart")

    assert lines(session) == [(variant.id, 3)]


@pytest.mark.parametrize(
    ("units", "status", "words"),
    [
        ("{id}:0", 422, "Enter a whole number from 1 to 99."),
        ("{id}:100", 422, "Enter a whole number from 1 to 99."),
        ("{id}:60,{id}:60", 422, "Enter a whole number from 1 to 99."),
        ("{id}:1.5", 422, "Enter a whole number from 1 to 99."),
        ("{id}:-1", 422, "Enter a whole number from 1 to 99."),
        ("{id}:", 422, "Enter a whole number from 1 to 99."),
        ("{id}", 404, "This link names nothing that we could put into your cart."),
        ("{id}:1,", 404, "This link names nothing that we could put into your cart."),
        ("1a:1", 404, "This link names nothing that we could put into your cart."),
        ("99999999999:1", 404, "This link names nothing that we could put into your cart."),
        ("999999:1,{id}:1", 404, "Something in this link is no longer in the shop"),
        ("{id}:6", 409, "Only 5 of The tool · Red are left."),
        ("{id}:1,{gone}:1", 409, "Test tool · Red is sold out."),
    ],
)
def test_a_link_that_cannot_be_says_why_and_adds_nothing(
    client, session, variant, units, status, words
):
    gone = make_variant(session, on_hand=0)
    address = "/cart/" + units.format(id=variant.id, gone=gone.id)

    page, sent = visit(client, address), client.post(address)

    assert page.status == status
    assert words in page.text
    assert "Nothing was added to your cart." in page.text
    assert page.main.find("button") is None
    assert sent.status_code == status
    assert "Set-Cookie" not in sent.headers
    assert (session.scalars(select(Cart)).all(), lines(session)) == ([], [])


def test_fifty_one_things_are_too_many(client, session):
    units = ",".join(f"{at}:1" for at in range(1, 52))

    page = visit(client, f"/cart/{units}")

    assert page.status == 422
    assert "A cart holds at most 50 different things." in page.text


def test_more_than_is_left_beside_what_the_cart_holds_adds_nothing(client, session, variant):
    client.post("/cart/add", data={"id": variant.id, "quantity": 4})
    page = visit(client, f"/cart/{variant.id}:2")

    answer = page.submit("Add all to cart")

    assert answer.status == 409
    assert "Only 5 left, and your cart holds 4 of them." in answer.text
    assert lines(session) == [(variant.id, 4)]


def test_a_code_that_nobody_knows_comes_along_with_a_word_in_the_cart(client, session, variant):
    cart = visit(client, f"/cart/{variant.id}:1?discount=NOPE").submit("Add all to cart")

    assert cart.errors() == ["We do not know the code NOPE."]
    assert "To pay $89.00" in cart.text
