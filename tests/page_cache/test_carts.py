"""Who has a cart is given the page that everybody is given, with her own number in it."""

import gzip
from dataclasses import replace

import brotli
import pytest
from sqlalchemy import select

from models import Cart, Variant
from models.inventory import adjust
from tests.browser import visit
from tests.factories import PASSWORD, make_customer, make_product, make_variant
from tests.features.test_checkout import check_out
from tests.page_cache.kept_pages import TOOL, asked, is_kept
from tests.staff import counted_statements


def laid(app, units, page=TOOL):
    """Return a browser that has so many units in its cart."""
    browser = app.test_client()
    visit(browser, page).submit("Add to cart", quantity=units)
    return browser


def shown(browser, path=TOOL, **headers):
    """Return the answer, and what of the database it asked for."""
    with counted_statements(browser.application) as statements:
        answer = browser.get(path, headers=headers)
    return answer, [it for it in statements if not it.startswith("BEGIN")]


def test_two_visitors_see_their_own_numbers_for_one_query_each(processes, tool):
    app = processes[0]
    anna, berta = laid(app, 1), laid(app, 3)
    plain = asked(app, TOOL)[0]

    for _ in range(2):  # the first time each page is made of the plain one; then it is kept
        hers, of_anna = shown(anna)
        other, of_berta = shown(berta)
        assert hers.text == plain.text.replace("Cart (0 items)", "Cart (1 item)")
        assert other.text == plain.text.replace("Cart (0 items)", "Cart (3 items)")
        assert is_kept(hers)
        assert is_kept(other)
        assert len(of_anna) == len(of_berta) == 1
        assert "FROM carts" in of_anna[0]

    again = asked(app, TOOL)[0]
    assert again.data == plain.data
    assert "public" in again.headers["Cache-Control"]


def test_it_is_hers_alone_to_every_cache(processes, tool):
    app = processes[0]
    anna, berta = laid(app, 1), laid(app, 2)
    plain = asked(app, TOOL)[0]
    hers, other = shown(anna)[0], shown(berta)[0]

    assert hers.headers["Cache-Control"] == "private, no-store"
    assert "Cookie" in hers.headers["Vary"]
    assert "Speculation-Rules" not in hers.headers
    assert "Set-Cookie" not in hers.headers
    assert len({it.headers["ETag"] for it in (plain, hers, other)}) == 3
    for name in ("Content-Type", "Content-Security-Policy", "X-Frame-Options"):
        assert hers.headers[name] == plain.headers[name]
    assert hers.headers["Content-Length"] == str(len(hers.data))


def test_a_browser_that_has_her_page_is_told_so_and_no_other(processes, tool):
    app = processes[0]
    anna, berta = laid(app, 1), laid(app, 2)
    asked(app, TOOL)
    etag = shown(anna)[0].headers["ETag"]

    same, other = (shown(it, **{"If-None-Match": etag})[0] for it in (anna, berta))

    assert (same.status_code, same.data) == (304, b"")
    assert same.headers["Cache-Control"] == "private, no-store"
    assert "Cart (2 items)" in other.text
    visit(anna, TOOL).submit("Add to cart")
    changed = shown(anna, **{"If-None-Match": etag})[0]
    assert "Cart (2 items)" in changed.text


def test_what_is_sold_is_seen_by_her_too_and_made_once_for_all(processes, tool):
    seller, app = processes
    anna, berta = laid(app, 1), laid(app, 2)
    asked(app, TOOL)
    assert "Sold out" not in shown(anna)[0].text

    with seller.extensions["sessions"].write.begin() as session:
        variant = session.scalar(select(Variant.id))
        adjust(session, variant_id=variant, change=-3, reason="Sold", actor="till")

    answer, statements = shown(anna)
    assert "Sold out" in answer.text
    assert "Cart (1 item)" in answer.text
    assert len(statements) > 1
    other, of_berta = shown(berta)
    assert "Sold out" in other.text
    assert "Cart (2 items)" in other.text
    assert len(of_berta) == 1
    everybody, of_all = asked(app, TOOL)
    assert "Cart (0 items)" in everybody.text
    assert of_all == 0


@pytest.mark.parametrize("encoding", ["br", "gzip", "gzip, br", "zstd"])
def test_it_comes_compressed_as_she_takes_it(processes, tool, encoding):
    app = processes[0]
    anna = laid(app, 2)
    plain = asked(app, TOOL, **{"Accept-Encoding": encoding})[0]
    hers = shown(anna, **{"Accept-Encoding": encoding})[0]

    assert is_kept(hers)
    said = hers.headers.get("Content-Encoding")
    assert said == plain.headers.get("Content-Encoding")
    read = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[said]
    assert b"Cart (2 items)" in read(hers.data)
    assert read(hers.data) == read(plain.data).replace(b"Cart (0 items)", b"Cart (2 items)")


def test_her_number_is_said_in_the_language_of_the_page(processes, tool):
    app = processes[0]
    anna = laid(app, 2)
    asked(app, f"/de{TOOL}")

    german = shown(anna, f"/de{TOOL}")[0]

    assert is_kept(german)
    link = german.text.partition('data-swap="cart-link">')[2].partition("<")[0]
    made_anew = visit(anna, f"/de{TOOL}?from=/x").html.find(attrs={"data-cart-link": True})
    assert link == made_anew.get_text()
    assert "2" in link


def test_a_head_says_what_a_get_would(processes, tool):
    app = processes[0]
    anna = laid(app, 2)
    asked(app, TOOL)
    page = shown(anna)[0]

    answer = anna.head(TOOL)

    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == page.headers["Content-Length"]
    assert answer.headers["ETag"] == page.headers["ETag"]


def test_a_page_that_nobody_has_asked_for_yet_is_made_for_her_and_not_kept(processes, tool):
    app = processes[0]
    anna = laid(app, 2)

    first = shown(anna, "/collections/all")[0]

    assert not is_kept(first)
    assert "Cart (2 items)" in first.text
    assert "Cart (0 items)" in asked(app, "/collections/all")[0].text


def test_who_sends_any_other_cookie_is_answered_by_the_app(processes, session, tool):
    app = processes[0]
    asked(app, TOOL)
    anna = laid(app, 2)
    value = anna.get_cookie("cart").value
    for cookies in (
        f"cart={value}; other=1",
        f"other=1; cart={value}",
        f"cart={value}; cart={value}",
        f"cart={value};",
        "cart=forged",
        "cart=",
        "session=x",
        "other=1",
    ):
        answer = app.test_client(use_cookies=False).get(TOOL, headers={"Cookie": cookies})
        assert not is_kept(answer), cookies
        assert answer.headers["Cache-Control"] == "private, no-store"

    email = make_customer(session).email
    visit(anna, "/account/login").submit("Sign in", email=email, password=PASSWORD)
    assert not is_kept(shown(anna)[0])
    assert email in visit(anna, "/account").response.text


def test_what_is_told_once_reaches_her(processes, session, tool):
    app = processes[0]
    asked(app, TOOL)
    anna = laid(app, 2)
    visit(anna, "/account/login").submit(
        "Sign in", email=make_customer(session).email, password=PASSWORD
    )
    page = visit(anna, TOOL).submit("Add to wish list")
    assert "is on your wish list" in page.response.text


def test_her_own_currency_and_her_own_order_are_seen(processes, session, tool):
    app = processes[0]
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], currencies=("USD", "EUR"))
    product = make_product(session, handle="other", title="Other")
    make_variant(session, product=product, sku="OTHER", prices={"EUR": 4200}, on_hand=2)
    address = "/products/other"
    asked(app, address)
    berta, anna = laid(app, 2, address), app.test_client()
    assert is_kept(shown(berta, address)[0])
    visit(anna, address).submit("Change currency", currency="EUR")

    euros = shown(anna, address)[0]
    assert "€42.00" in euros.text
    assert not is_kept(euros)

    check_out(berta)  # her open order holds both units: there for her, gone for all others
    own = shown(berta, address)[0]
    assert not is_kept(own)
    assert "Sold out" not in own.text
    assert "Sold out" in asked(app, address)[0].text
    assert session.scalars(select(Cart)).all()


@pytest.mark.parametrize("path", ["/cart", "/account/login", "/search?q=ql", "/nowhere"])
def test_pages_that_are_not_kept_stay_so(processes, tool, path):
    app = processes[0]
    anna = laid(app, 2)
    asked(app, path)

    assert not is_kept(shown(anna, path)[0])
    assert "Cart (2 items)" in shown(anna, path)[0].text
