"""Filling a cart, as a person without JavaScript does."""

import pytest
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from sqlalchemy import func, select

from models import Cart, CartLine, Product, ProductStatus, Stock
from models.inventory import adjust
from tests.browser import visit
from tests.factories import make_product, make_variant


def lines_of(session):
    return [tuple(row) for row in session.execute(select(CartLine.variant_id, CartLine.quantity))]


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10, price_minor=8900, sku="TOOL-RED")


def test_a_visitor_chooses_a_quantity_and_finds_it_in_the_cart(client, session, variant):
    cart = visit(client, "/products/tool").submit("Add to cart", quantity=2)

    assert cart.status == 200
    assert "The tool" in cart.text
    assert "$178.00" in cart.text
    assert "Cart (2 items)" in cart.html.get_text()
    assert lines_of(session) == [(variant.id, 2)]


def test_adding_again_adds_up(client, session, variant):
    visit(client, "/products/tool").submit("Add to cart", quantity=2)
    visit(client, "/products/tool").submit("Add to cart", quantity=3)

    assert lines_of(session) == [(variant.id, 5)]


def test_a_line_is_changed_removed_and_added_again(client, session, variant):
    cart = visit(client, "/products/tool").submit("Add to cart")
    changed = cart.submit("Update cart", quantity=4)
    assert "$356.00" in changed.text

    empty = changed.submit("Remove")
    assert "empty" in empty.text.lower()
    assert lines_of(session) == []

    visit(client, "/products/tool").submit("Add to cart")
    assert lines_of(session) == [(variant.id, 1)]


@pytest.mark.parametrize("typed", ["0", "-1", "1000000000", "two", "1.5", "", "１", "1_0", "100"])
def test_a_quantity_that_is_none_is_refused_beside_the_field(client, session, variant, typed):
    page = visit(client, "/products/tool").submit("Add to cart", quantity=typed)

    assert page.status == 422
    assert "Enter a whole number from 1 to 99." in page.text
    assert page.html.find("input", {"name": "quantity"})["value"] == typed
    assert lines_of(session) == []


@pytest.mark.parametrize("typed", ["-1", "1000000000", "two", "100"])
def test_a_wrong_quantity_in_the_cart_leaves_the_line_as_it_was(client, session, variant, typed):
    cart = visit(client, "/products/tool").submit("Add to cart", quantity=2)

    page = cart.submit("Update cart", quantity=typed)

    assert page.status == 422
    assert "Enter a whole number from 0 to 99." in page.text
    fields = page.html.find_all("input", {"name": "quantity"})
    assert [field["value"] for field in fields if field["type"] != "hidden"] == [typed]
    assert lines_of(session) == [(variant.id, 2)]


@pytest.mark.parametrize("id_", ["999999", "0", "-1", "abc", "", "2147483648", "9" * 40])
def test_an_unknown_variant_is_not_found_and_no_cart_begins(client, session, id_):
    answer = client.post("/cart/add", data={"id": id_, "quantity": "1"})

    assert answer.status_code == 404
    assert "not in the shop" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert session.scalar(select(func.count(Cart.id))) == 0


def test_a_price_in_the_form_is_not_believed(client, session, variant):
    cart = visit(client, "/products/tool").submit(
        "Add to cart", quantity=1, price="1", price_minor="1", total="1"
    )

    assert "$89.00" in cart.text
    assert "$0.01" not in cart.text


def test_more_than_is_left_is_refused_with_what_is_left(client, session, variant):
    page = visit(client, "/products/tool").submit("Add to cart", quantity=11)

    assert page.status == 409
    assert "Only 10 left" in page.text
    assert lines_of(session) == []


def test_what_is_in_the_cart_already_counts_against_what_is_left(client, session, variant):
    visit(client, "/products/tool").submit("Add to cart", quantity=8)

    page = visit(client, "/products/tool").submit("Add to cart", quantity=3)

    assert page.status == 409
    assert "Only 10 left, and your cart holds 8 of them." in page.text
    assert lines_of(session) == [(variant.id, 8)]


def test_sold_out_shows_a_disabled_button_and_refuses_a_forged_form(client, session):
    product = make_product(session, handle="gone")
    variant = make_variant(session, product=product, on_hand=0)
    button = visit(client, "/products/gone").main.find(
        "button", string=lambda s: s and "Sold out" in s
    )
    assert button.has_attr("disabled")

    answer = client.post("/cart/add", data={"id": variant.id, "quantity": "1"})

    assert answer.status_code == 409
    assert "sold out" in answer.text.lower()
    assert lines_of(session) == []


def test_sold_out_is_409_for_scripts_as_well(client, session):
    variant = make_variant(session, on_hand=0)

    answer = client.post(
        "/cart/add", data={"id": variant.id}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 409
    assert answer.json["message"] == "This is sold out."


def test_a_line_that_sold_out_meanwhile_says_so_and_is_not_counted(client, session, variant):
    cart = visit(client, "/products/tool").submit("Add to cart", quantity=2)
    assert "$178.00" in cart.text
    adjust(session, variant.id, -9, reason="broken", actor="test")
    session.flush()

    page = visit(client, "/cart")

    assert "Only 1 left: you asked for 2." in page.text
    assert "$89.00" in page.text
    assert "$178.00" not in page.text


def test_a_product_taken_off_the_shelves_says_so_in_the_cart(client, session, variant):
    visit(client, "/products/tool").submit("Add to cart")
    session.get_one(Product, variant.product_id).status = ProductStatus.DRAFT
    session.flush()

    page = visit(client, "/cart")

    assert "Sold out" in page.text
    assert not page.html.find_all("button", string=lambda s: s and s.strip() == "Check out")


def test_the_first_cookie_comes_with_the_first_add_to_cart(client, session, variant):
    assert "Set-Cookie" not in visit(client, "/products/tool").response.headers
    assert "Set-Cookie" not in visit(client, "/cart").response.headers

    answer = client.post("/cart/add", data={"id": variant.id})

    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("cart=")
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("cookie", ["nonsense", "", "a.b.c", "x" * 3000])
def test_a_forged_cart_cookie_is_no_cart(client, session, cookie):
    client.set_cookie("cart", cookie)

    assert "empty" in visit(client, "/cart").text.lower()


def test_a_cart_cookie_of_two_months_ago_is_no_cart(client, app, session, variant):
    client.post("/cart/add", data={"id": variant.id})
    token = signer(app).loads(client.get_cookie("cart").value)
    client.set_cookie("cart", signer(app, age_s=61 * 24 * 3600).dumps(token))
    assert "empty" in visit(client, "/cart").text.lower()

    client.set_cookie("cart", signer(app, age_s=59 * 24 * 3600).dumps(token))
    assert "The tool" in visit(client, "/cart").text


def signer(app, age_s=0):
    """What signs the cart's cookie, as it did some time ago."""

    class Past(TimestampSigner):
        def get_timestamp(self):
            return super().get_timestamp() - age_s

    return URLSafeTimedSerializer(app.config["SECRET_KEY"], salt="cart", signer=Past)


def test_a_cart_cookie_altered_by_one_sign_does_not_open_anothers_cart(
    client, app, session, variant
):
    client.post("/cart/add", data={"id": variant.id})
    signed = client.get_cookie("cart").value
    other = app.test_client()
    other.set_cookie("cart", ("A" if signed[5] != "A" else "B").join([signed[:5], signed[6:]]))

    assert "empty" in visit(other, "/cart").text.lower()


def test_a_cart_holds_fifty_things(client, session):
    product = make_product(session)
    variants = [make_variant(session, product=product) for _ in range(51)]
    for variant in variants[:50]:
        assert client.post("/cart/add", data={"id": variant.id}).status_code == 303

    answer = client.post("/cart/add", data={"id": variants[50].id})

    assert answer.status_code == 422
    assert "50 different things" in answer.text
    assert len(lines_of(session)) == 50


def test_a_line_holds_ninety_nine(client, session):
    variant = make_variant(session, on_hand=500)
    client.post("/cart/add", data={"id": variant.id, "quantity": "90"})

    answer = client.post("/cart/add", data={"id": variant.id, "quantity": "10"})

    assert answer.status_code == 422
    assert lines_of(session) == [(variant.id, 90)]


def test_the_cart_as_json_is_the_hosted_shops(client, session, variant):
    client.post("/cart/add", data={"id": variant.id, "quantity": "2"})
    url = f"/products/tool?variant={variant.id}"

    assert client.get("/cart.js").json == {
        "note": None,
        "attributes": {},
        "currency": "USD",
        "items_subtotal_price": 17800,
        "total_weight": 2 * variant.weight_g,
        "requires_shipping": True,
        "cart_level_discount_applications": [],
        "original_total_price": 17800,
        "total_discount": 0,
        "item_count": 2,
        "total_price": 17800,
        "items": [
            {
                "id": variant.id,
                "variant_id": variant.id,
                "sku": "TOOL-RED",
                "key": str(variant.id),
                "product_id": variant.product_id,
                "title": "The tool - Red",
                "product_title": "The tool",
                "variant_title": "Red",
                "variant_options": ["Red"],
                "options_with_values": [{"name": "Color", "value": "Red"}],
                "grams": variant.weight_g,
                "handle": "tool",
                "image": None,
                "featured_image": None,
                "quantity": 2,
                "price": 8900,
                "original_price": 8900,
                "discounted_price": 8900,
                "final_price": 8900,
                "line_price": 17800,
                "original_line_price": 17800,
                "final_line_price": 17800,
                "total_discount": 0,
                "line_level_total_discount": 0,
                "line_level_discount_allocations": [],
                "discounts": [],
                "properties": {},
                "requires_shipping": True,
                "gift_card": False,
                "url": url,
            }
        ],
    }


def test_no_get_changes_a_cart(client, session, variant):
    client.post("/cart/add", data={"id": variant.id})

    for address in ("/cart/add", "/cart/change", "/cart/clear"):
        assert client.get(address, query_string={"id": variant.id}).status_code == 405

    assert lines_of(session) == [(variant.id, 1)]


def test_looking_at_the_cart_reserves_nothing(client, session, variant):
    visit(client, "/products/tool").submit("Add to cart", quantity=2)

    assert session.get_one(Stock, variant.id, populate_existing=True).reserved == 0
