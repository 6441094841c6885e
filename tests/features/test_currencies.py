"""A shop with several currencies: each visitor sees and pays the one she chose."""

from dataclasses import replace

import pytest
from sqlalchemy import select, update

from models import Order, VariantPrice
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_bundle, make_product, make_variant
from tests.features.test_caching import MOST_QUERIES, counted
from tests.features.test_checkout import check_out, come_back
from tests.stripe import pay


@pytest.fixture(autouse=True)
def currencies(app, monkeypatch):
    chosen = replace(app.config["SETTINGS"], currencies=("USD", "EUR", "JPY", "KWD"))
    monkeypatch.setitem(app.config, "SETTINGS", chosen)


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    prices = {"EUR": 7900, "JPY": 12000, "KWD": 27500}
    return make_variant(session, product=product, sku="TOOL", price_minor=8900, prices=prices)


def choose(client, code, address="/products/tool"):
    return visit(client, address).submit("Change currency", currency=code)


def chosen(page):
    return page.html.find(id="shop-currency").find("option", selected=True)["value"]


@pytest.mark.parametrize(
    ("code", "shown"),
    [("EUR", "€79.00"), ("JPY", "¥12,000"), ("KWD", "KWD\N{NO-BREAK SPACE}27.500")],
)
def test_a_visitor_sees_every_page_in_the_currency_that_she_chose(client, variant, code, shown):
    page = choose(client, code)

    assert page.url.endswith("/products/tool")
    assert shown in page.main.get_text()
    assert chosen(page) == code
    for address in ("/", "/collections/all", "/search?q=tool"):
        text = visit(client, address).main.get_text()
        assert shown in text, address
        assert "$" not in text, address


def test_she_pays_in_it_too(client, session, variant):
    choose(client, "KWD").submit("Add to cart", quantity=2)

    page = come_back(client, pay(check_out(client)))

    order = session.scalars(select(Order)).one()
    assert (order.total.minor, order.total.currency) == (55000, "KWD")
    assert "KWD\N{NO-BREAK SPACE}55.000" in page.main.get_text()
    assert problems(session) == []


def test_a_visitor_without_a_cart_sees_the_main_one_on_a_page_for_everybody(client, variant):
    answer = client.get("/products/tool")

    assert "$89.00" in answer.text
    assert "Set-Cookie" not in answer.headers
    assert answer.headers["Cache-Control"].startswith("public")


def test_a_page_in_another_currency_is_kept_by_nobody_else(client, variant):
    choose(client, "EUR")

    answer = client.get("/products/tool")

    assert "€79.00" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_what_has_no_price_in_it_is_not_sold_in_it(client, session, variant):
    session.execute(update(VariantPrice).where(VariantPrice.currency == "EUR").values(currency="X"))

    page = choose(client, "EUR")
    refused = client.post("/cart/add", data={"id": variant.id})

    assert page.main.find("button", string="Not sold in EUR").has_attr("disabled")
    assert "$" not in page.main.get_text()
    for address in ("/", "/collections/all", "/search?q=tool"):
        text = visit(client, address).main.get_text()
        assert "Not sold in EUR" in text, address
        assert "$" not in text, address
    assert refused.status_code == 409
    assert "not sold in EUR" in refused.text


def test_a_product_is_listed_from_its_cheapest_price_in_the_currency(client, session):
    product = make_product(session, handle="tool")
    for price, prices in ((1000, {}), (20000, {"EUR": 5000}), (30000, {"EUR": 4000})):
        make_variant(session, product=product, price_minor=price, prices=prices)

    assert "From $10.00" in visit(client, "/collections/all").text
    choose(client, "EUR")
    assert "From €40.00" in visit(client, "/collections/all").text
    assert "€50.00" in visit(client, "/products/tool").text  # the first that can be had


def test_only_an_address_of_the_shop_is_come_back_to(client, variant):
    for wrong in (
        *("//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)"),
        *("", "tool", "/a b", "/a\r\nb", "/a\\b", "/" + "x" * 2001),
    ):
        answer = client.post("/cart/currency", data={"currency": "EUR", "next": wrong})
        assert (answer.status_code, answer.headers["Location"]) == (303, "/cart"), wrong

    answer = client.post("/cart/currency", data={"currency": "EUR", "next": "/search?q=a%20b"})
    assert answer.headers["Location"] == "/search?q=a%20b"


@pytest.mark.parametrize("code", ["", "GBP", "eur", "EUR\0", "X" * 5000])
def test_a_currency_that_the_shop_does_not_have_changes_nothing(client, session, variant, code):
    answer = client.post("/cart/currency", data={"currency": code, "next": "/"})

    assert answer.status_code == 422
    assert "We do not sell in this currency." in answer.text
    assert "Set-Cookie" not in answer.headers


def test_a_currency_that_the_shop_gave_up_is_forgotten(app, client, variant, monkeypatch):
    choose(client, "EUR")
    fewer = replace(app.config["SETTINGS"], currencies=("USD", "JPY"))
    monkeypatch.setitem(app.config, "SETTINGS", fewer)

    page = visit(client, "/products/tool")
    cart = page.submit("Add to cart")

    assert "$89.00" in page.text
    assert "$89.00" in cart.text
    assert "€" not in cart.text


def test_a_shop_of_one_currency_has_no_choice(app, client, variant, monkeypatch):
    one = replace(app.config["SETTINGS"], currencies=("USD",))
    monkeypatch.setitem(app.config, "SETTINGS", one)

    assert visit(client, "/").html.find(id="shop-currency") is None


def test_a_bundle_saves_in_the_currency_of_the_visitor(client, session, variant):
    product = make_product(session, handle="set", title="The set")
    prices = [VariantPrice(currency="EUR", price_minor=15000)]
    make_bundle(session, {variant: 2}, product=product, price_minor=17000, prices=prices)

    assert "$178.00. You save $8.00." in visit(client, "/products/set").text
    assert "€158.00. You save €8.00." in choose(client, "EUR", "/products/set").text


def test_a_visitors_pages_take_as_many_queries_however_much_there_is(app, client, session, variant):
    choose(client, "EUR").submit("Add to cart")
    check_out(client)
    counts = []
    for more in (3, 27):
        for _ in range(more):
            make_variant(session, product=make_product(session), prices={"EUR": 100})
        counts.append({})
        for address in ("/products/tool", "/collections/all", "/", "/search?q=press"):
            with counted(app) as seen:
                assert client.get(address).status_code == 200
            counts[-1][address] = len(seen)

    assert counts[0] == counts[1]
    assert max(counts[0].values()) <= MOST_QUERIES + 2, counts[0]
    assert counts[0]["/products/tool"] <= MOST_QUERIES
