"""One field finds everything in the back office: for each role what it may see, and no more."""

import pytest
from bs4 import BeautifulSoup
from flask import flash, render_template

from models import Role
from storefront.staff.places import PLACES
from storefront.staff.undo import flash_with_undo
from tests.browser import visit
from tests.factories import (
    make_article,
    make_blog,
    make_customer,
    make_paid_order,
    make_product,
    make_tutorial,
    make_variant,
)
from tests.staff import counted_statements, sign_in


def found(page):
    """Return what each part of the page lists: names and addresses."""
    return {
        part.find("h2").get_text(): [(a.get_text(), a["href"]) for a in part.find_all("a")]
        for part in page.main.find_all("section")
    }


@pytest.fixture
def stocked(session):
    product = make_product(session, title="Needle frame", handle="needle-frame")
    variant = make_variant(session, product=product, sku="NEEDLE-1", barcode="4006381333931")
    order = make_paid_order(session, variant=variant, email="needle@example.org")
    customer = make_customer(session)
    customer.email = "a.needle@example.org"
    make_article(session, blog=make_blog(session), title="On needles", handle="on-needles")
    make_tutorial(session, title="Needle release", handle="needle-release")
    session.commit()
    return order


def test_a_word_finds_all_that_holds_it_by_kinds(client, session, stocked):
    sign_in(client, session)

    page = visit(client, "/staff/find?q=NEEDLE")

    assert page.heading == "Found for “NEEDLE”"
    kinds = found(page)
    assert kinds["Orders"] == [(stocked.number, f"/staff/orders/{stocked.number}")]
    assert kinds["Stock"] == [("NEEDLE-1", "/staff/inventory/NEEDLE-1")]
    assert kinds["Products"] == [("Needle frame", "/staff/products/needle-frame")]
    assert kinds["Articles"] == [("On needles", "/staff/articles/on-needles")]
    assert kinds["Tutorials"] == [("Needle release", "/staff/tutorials/needle-release")]


def test_who_ordered_without_an_account_is_found_by_a_part_of_her_name_once(client, session):
    sign_in(client, session, Role.SUPPORT)
    orders = [make_paid_order(session, email=f"{it}@example.org") for it in ("ada", "ada", "eve")]
    customer = make_customer(session)
    customer.email, customer.name = "eve@example.org", "Eve Lovelace"
    for order in orders:
        order.name = "Ada Lovelace"
    session.commit()

    kinds = found(visit(client, "/staff/find?q=lovel"))

    newest = max(order.number for order in orders[:2])
    assert kinds["Customers"] == [
        ("ada@example.org", f"/staff/customers/{newest}"),
        ("eve@example.org", f"/staff/customers/C-{customer.id}"),
    ]
    assert visit(client, kinds["Customers"][0][1]).heading == "Ada Lovelace"


@pytest.mark.parametrize("typed", ["{number}", "{lower}", " {number} "])
def test_an_order_number_goes_straight_to_the_order(client, session, stocked, typed):
    sign_in(client, session)
    words = typed.format(number=stocked.number, lower=stocked.number.lower())

    response = client.get("/staff/find", query_string={"q": words})

    assert (response.status_code, response.location) == (302, f"/staff/orders/{stocked.number}")


@pytest.mark.parametrize("typed", ["NEEDLE-1", "needle-1", "4006381333931"])
def test_a_sku_or_a_barcode_goes_straight_to_its_stock(client, session, stocked, typed):
    sign_in(client, session, Role.FULFILMENT)

    assert client.get(f"/staff/find?q={typed}").location == "/staff/inventory/NEEDLE-1"


def test_a_barcode_that_two_have_is_a_list(client, session, stocked):
    make_variant(session, sku="OTHER-1", barcode="4006381333931")
    sign_in(client, session)

    kinds = found(visit(client, "/staff/find?q=4006381333931"))

    assert [name for name, _ in kinds["Stock"]] == ["NEEDLE-1", "OTHER-1"]


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (Role.FULFILMENT, {"Orders", "Stock"}),
        (Role.EDITOR, {"Articles", "Tutorials"}),
    ],
)
def test_a_role_finds_only_what_it_may_see(client, session, stocked, role, kinds):
    sign_in(client, session, role)

    assert set(found(visit(client, "/staff/find?q=needle"))) == kinds
    straight = client.get(f"/staff/find?q={stocked.number}")
    assert straight.status_code == (302 if "Orders" in kinds else 200)


def test_the_palette_is_given_screens_and_acts_then_what_the_words_find(client, session, stocked):
    person = sign_in(client, session, Role.FULFILMENT)

    everything = client.get("/staff/find/suggestions.json").json
    needle = client.get("/staff/find/suggestions.json?q=needle").json
    stock = client.get("/staff/find/suggestions.json?q=stock").json

    screens = [it["title"] for it in everything if it["kind"] == "Screen"]
    assert screens == [place.title for place in PLACES if person.may(place.permission)]
    assert [(it["kind"], it["title"], it["note"], it["url"]) for it in needle] == [
        ("Orders", stocked.number, "needle@example.org", f"/staff/orders/{stocked.number}"),
        ("Stock", "NEEDLE-1", "Needle frame", "/staff/inventory/NEEDLE-1"),
    ]
    assert ("Act", "Receive stock") in [(it["kind"], it["title"]) for it in stock]


def test_finding_costs_the_same_however_much_there_is(app, client, session, stocked):
    sign_in(client, session)
    with counted_statements(app) as with_few:
        visit(client, "/staff/find?q=needle")
    product = make_product(session, title="Needles")
    for number in range(30):
        make_variant(session, product=product, sku=f"NEEDLE-X{number}")
    with counted_statements(app) as with_many:
        page = visit(client, "/staff/find?q=needle")

    assert len(with_many) == len(with_few)
    assert len(found(page)["Stock"]) == 8


@pytest.mark.parametrize(
    "typed", ["\x00", "\ud800", "x" * 100_000, "😀", "%", "_", "بحث", "<script>", "'", "=cmd()"]
)
def test_nothing_odd_breaks_it(client, session, stocked, typed):
    sign_in(client, session)
    words = typed.encode("utf-8", "surrogatepass")

    for address in ("/staff/find", "/staff/find/suggestions.json"):
        response = client.get(address, query_string={"q": words})
        assert response.status_code == 200, address
    page = visit(client, f"/staff/find?q={'%3Cscript%3E'}")
    assert "Nothing that you may see is like that" in page.text


def test_what_was_done_can_be_taken_back_by_a_button(app):
    with app.test_request_context("/staff"):
        flash("Saved.")
        flash_with_undo("<b>One</b> is hidden.", "/staff/articles/one/undo")
        shown = BeautifulSoup(render_template("staff/flashes.html"), "html.parser")

    assert [it.get_text() for it in shown.find_all(role="status")] == [
        "Saved.",
        "<b>One</b> is hidden.",
    ]
    (form,) = shown.find_all("form")
    assert (form["method"], form["action"]) == ("post", "/staff/articles/one/undo")
    assert form.get_text(strip=True) == "Undo"
