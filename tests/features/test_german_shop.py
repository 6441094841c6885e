"""Buying in German: the words on the pages, what is refused, and what the order remembers."""

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models import Cart, Order, Role, Selling, Translation, ZoneCountry
from models.translation import digest_of
from tests.browser import visit
from tests.factories import (
    make_article,
    make_blog,
    make_discount,
    make_paid_order,
    make_product,
    make_rate,
    make_variant,
    make_zone,
)
from tests.features.test_staff_parcels import ship
from tests.gift_cards import cards, make_gift_card, make_gift_product
from tests.staff import sign_in
from tests.stripe import pay, session_of

SAID = {
    "The tool": "Das Gerät",
    "Pine": "Kiefer",
    "Standard": "Normalversand",
    "In 3 to 5 days": "In 3 bis 5 Tagen",
    "Ships in May": "Wird im Mai verschickt",
    "Ten percent off": "Zehn Prozent weniger",
}


@pytest.fixture
def tool(session):
    product = make_product(session, handle="tool", title="The tool")
    make_zone(session, "US", "DE", rates=(make_rate(690, delivery="In 3 to 5 days"),))
    session.add_all(
        Translation(language="de", digest=digest_of(own), text=text, place="test")
        for own, text in SAID.items()
    )
    session.commit()
    return make_variant(
        session, product=product, on_hand=10, price_minor=8900, sku="TOOL", options=("Pine",)
    )


def orders(session):
    found = select(Order).options(selectinload(Order.lines), selectinload(Order.discounts))
    fresh = found.order_by(Order.id).execution_options(populate_existing=True)
    return session.scalars(fresh).all()


def leaving(page):
    """The links and forms of main that lead out of German; pictures and codes apart."""
    found = [it.get("href") or it.get("action") for it in page.main.find_all(["a", "form"])]
    return [it for it in found if it and re.match(r"/(?!de(/|$)|static/|media/)", it)]


def test_product_and_cart_speak_german(client, tool):
    page = visit(client, "/de/products/tool")
    cart = page.submit("In den Warenkorb", quantity=2)

    assert page.heading == "Das Gerät"
    assert page.html.find(attrs={"data-drawer": "/de/cart/drawer"})["data-close"] == "Schließen"
    assert page.html.find("quantity-stepper")["data-more"] == "Eins mehr"
    assert (cart.url, cart.heading) == ("http://localhost/de/cart", "Warenkorb")
    assert "je 89,00 $" in cart.text
    assert "178,00 $" in cart.text
    assert "Normalversand" in cart.text
    assert "In 3 bis 5 Tagen" in visit(client, "/de/products/tool/delivery?country=DE").text
    assert "Das Gerät" in visit(client, "/de/cart/drawer").html.get_text()
    assert leaving(page) == leaving(cart) == []


@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("", ["Austria", "Canada", "Germany", "United States"]),
        ("/de", ["Deutschland", "Kanada", "Österreich", "Vereinigte Staaten"]),
    ],
)
def test_countries_stand_in_the_alphabet_of_who_reads_them(client, session, tool, prefix, names):
    session.add_all(ZoneCountry(zone_id=1, country=code) for code in ("AT", "CA"))
    session.commit()
    client.post("/cart/add", data={"id": tool.id})

    for path in ("/cart", "/products/tool/delivery"):
        offered = visit(client, f"{prefix}{path}").main.select("select[name=country] option")
        assert [it.get_text(strip=True) for it in offered] == names


def test_staff_read_the_lines_of_a_german_order_in_english_too(client, session, tool):
    cart = visit(client, "/de/products/tool").submit("In den Warenkorb")
    cart.submit("Zur Kasse", follow=False)
    (order,) = orders(session)
    sign_in(client, session, Role.OWNER)

    shown = visit(client, f"/staff/orders/{order.number}").main.find(id="lines-heading").parent
    assert "Das Gerät, Kiefer" in shown.get_text()
    assert "The tool, Pine" in shown.get_text()

    order.language = "en"
    session.commit()
    assert "The tool, Pine" not in visit(client, f"/staff/orders/{order.number}").text


def test_parcels_returns_and_edits_of_a_german_order_name_the_goods_in_english(
    client, session, tool
):
    cart = visit(client, "/de/products/tool").submit("In den Warenkorb", quantity=3)
    paid = pay(cart.submit("Zur Kasse", follow=False).location)
    visit(client, paid.headers["Location"].removeprefix("http://localhost"))
    sign_in(client, session, Role.OWNER)
    (order,) = orders(session)
    line, here = order.lines[0].id, f"/staff/orders/{order.number}"
    session.rollback()

    edited = visit(client, f"{here}/edit")
    form = visit(client, here).main.find(id="fulfilments").parent.get_text()
    shipped = ship(client, order, **{f"ship-{line}-units": 2})
    parcel = shipped.main.find(id="fulfilments").parent.get_text()
    written = visit(client, here).follow("Write down a return")
    units = {f"back-{line}-units": 1, "reason": "Too hard"}
    returned = written.submit("Write down the return", **units)

    assert "The tool, Pine. 3 now." in edited.text
    assert "The tool, Pine: 3 left to ship" in form
    assert "2 × TOOL The tool, Pine" in parcel
    assert "The tool, Pine: 2 can come back" in written.text
    assert "1 × TOOL The tool, Pine. Too hard" in returned.text
    for text in (edited.text, form, parcel, written.text, returned.text):
        assert "Das Gerät" not in text


def test_the_same_cart_is_english_without_the_prefix(client, tool):
    visit(client, "/de/products/tool").submit("In den Warenkorb")

    cart = visit(client, "/cart")

    assert "The tool" in cart.text
    assert "$89.00 each" in cart.text


def test_what_is_refused_is_said_in_german_and_stays_typed(client, session, tool):
    make_discount(session, code="WELCOME10", minimum_minor=100_000, currency="USD")
    cart = visit(client, "/de/products/tool").submit("In den Warenkorb")

    wrong = cart.submit("Warenkorb ändern", quantity="zwei")
    assert (wrong.status, wrong.errors()) == (422, ["Gib eine ganze Zahl von 0 bis 99 ein."])
    assert wrong.main.find("input", id=f"quantity-{tool.id}")["value"] == "zwei"

    code = cart.submit("Einlösen", code="welcome10")
    least = "Der Code WELCOME10 gilt für Bestellungen ab 1.000,00 $."
    assert (code.status, code.errors()) == (422, [least])

    mail = cart.submit("Zur Kasse", email="niemand")
    assert mail.errors() == ["Gib eine E-Mail-Adresse ein, etwa name@example.com."]
    assert mail.main.find("input", id="email")["value"] == "niemand"

    many = visit(client, "/de/products/tool").submit("In den Warenkorb", quantity=11)
    assert many.status == 409
    assert "Nur noch 10 Stück, und 1 davon sind in deinem Warenkorb." in many.text


def test_an_order_remembers_german_and_so_does_its_payment_page(client, session, stand_in, tool):
    tool.selling, tool.promise = Selling.BACKORDER, "Ships in May"
    session.commit()
    make_discount(session, title="Ten percent off", code="WELCOME10")
    visit(client, "/de/products/tool").submit("In den Warenkorb", quantity=11)
    cart = visit(client, "/de/cart").submit("Einlösen", code="WELCOME10")

    url = cart.submit("Zur Kasse", follow=False).location
    found = session_of(stand_in.base, url)
    page = visit(client, pay(url).headers["Location"].removeprefix("http://localhost"))

    (order,) = orders(session)
    (line,) = order.lines
    assert order.language == "de"
    assert (line.title, line.variant_title) == ("Das Gerät", "Kiefer")
    assert line.promise == "Wird im Mai verschickt"
    assert order.shipping_title == "Normalversand"
    assert [use.title for use in order.discounts] == ["Zehn Prozent weniger"]
    assert found["locale"] == "de"
    assert found["cancel_url"] == "http://localhost/de/cart"
    assert found["success_url"].startswith("http://localhost/de/checkout/return?")
    assert found["line_items"]["data"][0]["description"] == (
        "Das Gerät (Kiefer). Wird im Mai verschickt"
    )
    assert found["shipping_cost"]["shipping_rate"]["display_name"] == "Normalversand"
    assert page.url.startswith(f"http://localhost/de/orders/{order.number}")


def test_an_order_that_waits_is_replaced_by_one_in_the_other_language(client, session, tool):
    visit(client, "/products/tool").submit("Add to cart")
    visit(client, "/cart").submit("Check out", follow=False)
    visit(client, "/de/cart").submit("Zur Kasse", follow=False)

    assert [(it.language, it.status.value) for it in orders(session)] == [
        ("en", "cancelled"),
        ("de", "pending"),
    ]
    assert [it.lines[0].title for it in orders(session)] == ["The tool", "Das Gerät"]


def test_a_gift_card_pays_in_german_and_those_bought_speak_it(client, session, tool):
    _, code = make_gift_card(session, 50_000)
    visit(client, "/de/products/tool").submit("In den Warenkorb")
    cart = visit(client, "/de/cart").submit("Geschenkkarte verwenden", gift_code=code)
    assert "Sie zahlt 95,90 $, und 404,10 $ bleiben darauf." in cart.text

    address = cart.submit("Zur Kasse", follow=False)
    wrong = address.submit("Zahlungspflichtig bestellen", email="a@example.org", line1="Weg 1")
    assert address.heading == "Wohin es geht"
    assert wrong.errors() == ["Gib den Namen ein, an den das Paket geht.", "Gib einen Ort ein."]
    assert wrong.main.find("input", id="line1")["value"] == "Weg 1"
    assert "USA" not in wrong.text
    assert "Vereinigte Staaten" in wrong.text

    left = visit(client, "/de/gift-cards").submit("Guthaben ansehen", code=code)
    assert "Von 500,00 $ sind noch 500,00 $ übrig." in left.text


def test_a_card_that_is_given_on_a_day_is_for_somebody_in_german(client, session):
    make_gift_product(session)
    page = visit(client, "/de/products/gift-card")
    past = page.submit("In den Warenkorb", recipient_name="Ada", send_on="2001-01-01")
    assert past.errors() == [
        "Gib die Adresse ein, an die der Code geht, oder lass auch den Namen leer.",
        "Gib einen Tag ab heute ein, höchstens ein Jahr im Voraus.",
    ]
    assert past.main.find("input", id="recipient_name")["value"] == "Ada"

    cart = page.submit("In den Warenkorb", recipient_email="ada@example.org")
    assert "Für ada@example.org, E-Mail sofort" in cart.text
    paid = pay(cart.submit("Zur Kasse", follow=False).location)
    visit(client, paid.headers["Location"].removeprefix("http://localhost"))
    assert [card.language for card in cards(session)] == ["de"]


def test_links_lead_to_german_pages(client, session, tool):
    make_discount(session, title="Ten percent off", code="WELCOME10")
    filled = visit(client, f"/de/cart/{tool.id}:2")
    assert "2 × Das Gerät · Kiefer , je 89,00 $" in filled.text
    cart = filled.submit("Alles in den Warenkorb")
    shared = cart.submit("Link erstellen").main.find("input", id="shared")["value"]
    gone = visit(client, "/de/discount/NONE")

    assert cart.url == "http://localhost/de/cart"
    assert shared.startswith("http://localhost/de/cart/shared/")
    assert visit(client, shared.removeprefix("http://localhost")).heading == (
        "Ein Warenkorb, mit dir geteilt"
    )
    assert visit(client, "/de/discount/WELCOME10").heading == "Zehn Prozent weniger"
    assert "Wir kennen diesen Code nicht." in gone.text
    assert gone.status == 404


def test_a_text_counts_in_whichever_language_it_was_read(client, session, tool):
    blog = make_blog(session)
    path = f"/blogs/{blog.handle}/{make_article(session, blog=blog).handle}"
    client.post(
        "/de/cart/add",
        data={"id": tool.id, "quantity": 1},
        headers={"Referer": f"http://localhost/de{path}", "Origin": "http://localhost"},
    )

    assert session.scalars(select(Cart.last_content)).all() == [path]


def test_an_order_is_changed_in_german(client, session, tool):
    make_paid_order(session, variant=tool, quantity=2)
    (order,) = orders(session)
    page = visit(client, f"/de/orders/{order.number}/change?token={order.token}")
    more = page.submit("Mengen ändern", **{f"line-{order.lines[0].id}-units": 3})

    assert page.heading == f"Bestellung {order.number} ändern"
    assert re.search(r"Du kannst sie bis zum \d+\. \w+\.? \d{4}, \d\d:\d\d ändern", page.text)
    assert more.status == 422
    assert (
        "Höchstens 2: Hier kann es nur weniger werden. Für mehr nimm den Link unten." in more.text
    )
    assert leaving(page) == []
