"""The shop in another language: its addresses, its texts, and who is led where."""

import pytest
from sqlalchemy import select

from models import Product, Translation
from models.language import prefix, speaking
from models.money import Money
from models.translation import digest_of
from storefront import site
from storefront.formatting import country_name, date_text, minute, money
from storefront.languages import gettext, lazy_gettext, ngettext
from storefront.pricing.countries import countries
from storefront.translations.sources import everything
from tests.browser import visit
from tests.factories import make_product, make_variant

TOOL = "/products/ql-claw"


@pytest.fixture
def tool(session):
    product = make_product(session, handle="ql-claw", title="QL Claw", description="A **tool**.")
    make_variant(session, product=product)
    return product


def say(session, text, german, place="products/1/title"):
    session.add(Translation(language="de", digest=digest_of(text), text=german, place=place))
    session.commit()


def local_links(page):
    """The addresses within the shop that a page leads to, but for files and other languages."""
    found = [
        tag[name]
        for name in ("href", "action", "formaction")
        for tag in page.html.find_all(attrs={name: True})
        if not tag.get("hreflang")
    ]
    files = ("/static/", "/media/")
    return [it for it in found if it.startswith("/") and not it.startswith(files)]


def test_every_link_and_form_of_a_german_page_stays_german(client, tool):
    page = visit(client, f"/de{TOOL}")

    assert page.status == 200
    assert page.html.html["lang"] == "de"
    assert len(local_links(page)) > 20
    assert [it for it in local_links(page) if not it.startswith("/de")] == []


def test_an_english_page_leads_to_no_other_language_but_by_the_switch(client, tool):
    page = visit(client, TOOL)

    assert page.html.html["lang"] == "en"
    assert [it for it in local_links(page) if it.startswith("/de")] == []
    switch = page.html.find("nav", class_="colophon__languages")
    assert [(it["hreflang"], it["href"]) for it in switch.find_all("a")] == [
        ("en", TOOL),
        ("de", f"/de{TOOL}"),
    ]
    assert visit(client, f"/de{TOOL}").follow("English").url.endswith(f"localhost{TOOL}")


def test_search_engines_are_told_of_each_language(client, tool):
    for path in (TOOL, f"/de{TOOL}"):
        head = visit(client, path).html.head
        assert head.find("link", rel="canonical")["href"] == f"http://localhost{path}"
        told = {it["hreflang"]: it["href"] for it in head.find_all("link", hreflang=True)}
        assert told == {
            "en": f"http://localhost{TOOL}",
            "de": f"http://localhost/de{TOOL}",
            "x-default": f"http://localhost{TOOL}",
        }


def test_a_form_leads_on_in_its_language_and_the_cart_is_one(client, tool):
    page = visit(client, f"/de{TOOL}")
    button = page.html.find("form", action="/de/cart/add").find("button", type="submit")

    cart = page.submit(" ".join(button.get_text(" ").split()), follow=False)

    assert cart.status == 303
    assert cart.location == "/de/cart"
    assert "QL Claw" in visit(client, "/de/cart").text
    assert "QL Claw" in visit(client, "/cart").text


def test_what_is_not_there_is_said_in_german(client):
    page = visit(client, "/de/nothing-here")

    assert page.status == 404
    assert page.html.html["lang"] == "de"
    assert page.heading != visit(client, "/nothing-here").heading
    assert [it for it in local_links(page) if not it.startswith("/de")] == []


def test_a_page_that_is_missing_leads_to_the_home_page_of_each_language(client):
    for path in ("/nothing-here", "/de/nothing-here?page=2"):
        page = visit(client, path)

        assert page.status == 404
        assert page.html.head.find_all("link", hreflang=True) == []
        switch = page.html.find("nav", class_="colophon__languages")
        assert [it["href"] for it in switch.find_all("a")] == ["/", "/de/"]


@pytest.mark.parametrize("path", ["/de/staff", "/de/staff/login", "/de/static/x", "/de/de", "/fr"])
def test_what_there_is_once_has_no_other_address(client, path):
    assert visit(client, path).status == 404


def test_the_back_office_speaks_english_whatever_is_translated(client, session, tool):
    say(session, "QL Claw", "QL-Klaue")

    assert visit(client, f"/de{TOOL}").heading == "QL-Klaue"
    assert visit(client, TOOL).heading == "QL Claw"
    assert visit(client, "/staff/login").html.html["lang"] == "en"


def test_a_translation_that_changes_is_seen_by_the_next_visitor(client, session, tool):
    say(session, "QL Claw", "QL-Klaue")
    assert visit(client, f"/de{TOOL}").heading == "QL-Klaue"

    session.scalars(select(Translation)).one().text = "Die Klaue"
    session.commit()
    assert visit(client, f"/de{TOOL}").heading == "Die Klaue"

    session.delete(session.scalars(select(Translation)).one())
    session.commit()
    assert visit(client, f"/de{TOOL}").heading == "QL Claw"


def test_what_is_looked_at_in_german_is_not_written_back(client, session, tool):
    say(session, "QL Claw", "QL-Klaue")
    with speaking("de"), client.application.extensions["sessions"].write.begin() as writing:
        seen = writing.scalars(select(Product)).one()
        assert seen.title == "QL-Klaue"
        seen.seo_title = "For search engines"

    session.rollback()
    kept = session.scalars(select(Product).execution_options(populate_existing=True)).one()
    assert (kept.title, kept.seo_title) == ("QL Claw", "For search engines")


def test_german_markdown_is_rendered_and_is_as_safe_as_any(client, session, tool):
    german = "Ein **Gerät**. <script>alert(1)</script> [Mehr](/pages/about)"
    say(session, "A **tool**.", german, place="products/1/description")

    main = visit(client, f"/de{TOOL}").main

    assert main.find("strong", string="Gerät")
    assert "<script>alert" not in str(main)
    assert main.find("a", string="Mehr")["href"] == "/de/pages/about"


def test_numbers_days_and_countries_are_written_as_the_reader_writes_them():
    from datetime import UTC, date, datetime

    moment = datetime(2026, 11, 22, 21, 41, tzinfo=UTC)
    assert money(Money(123450, "USD")) == "$1,234.50"
    with speaking("de"):
        assert money(Money(123450, "USD")) == "1.234,50\N{NO-BREAK SPACE}$"
        assert money(Money(123450, "EUR")) == "1.234,50\N{NO-BREAK SPACE}€"
        assert date_text(date(2026, 11, 22)) == "22. November 2026"
        assert minute(moment) == "22. Nov. 2026, 21:41"
        assert country_name("AT") == "Österreich"
        names = list(countries().values())
        assert names.index("Österreich") < names.index("Pakistan")
    assert country_name("AT") == "Austria"


def test_messages_are_looked_up_when_they_are_shown():
    late = lazy_gettext("Skip to content")
    with speaking("de"):
        german = gettext("Skip to content")
        assert str(late) == german != "Skip to content"
        assert (
            ngettext("Cart (%(count)s item)", "Cart (%(count)s items)", 2) == "Warenkorb (2 Stück)"
        )
    assert str(late) == "Skip to content"
    with speaking("xx"):
        assert (prefix(), gettext("Skip to content")) == ("", "Skip to content")


@pytest.mark.seeded
def test_every_text_that_the_shop_comes_with_is_said_in_german(session):
    said = set(session.scalars(select(Translation.digest).filter_by(language="de")))
    unsaid = [it.text for it in everything(session, site.read()) if digest_of(it.text) not in said]

    assert unsaid == ["The QL Blawg"]  # a name
