"""A product page that decides: whom it is for, its variants side by side, and delivery."""

import pytest

from tests.browser import visit
from tests.factories import make_product, make_rate, make_variant, make_zone
from tests.gift_cards import make_gift_product
from tests.staff import sign_in


@pytest.fixture
def tool(session):
    product = make_product(session, handle="tool", title="The tool")
    make_variant(session, product=product, price_minor=8900, sku="RED", options=("Red",))
    make_variant(
        session, product=product, price_minor=9900, sku="PINE", options=("Pine",), on_hand=0
    )
    return product


def test_staff_say_whom_it_is_for_and_the_page_shows_it(client, session, tool):
    sign_in(client, session)
    page = visit(client, "/staff/products/tool/suits")

    wrong = page.submit("Save", serves="The hip", not_for="Nobody[^none]")
    assert wrong.status == 422
    assert "No reference is known as [^none]" in " ".join(wrong.errors())
    assert wrong.html.find(id="serves").get_text().strip() == "The hip"
    saved = page.submit("Save", serves="The **hip**", fit="Down<script>", not_for="Ask first")
    late = page.submit("Save", serves="Mine")

    assert saved.status == 200
    assert late.status == 409
    assert "The **hip**" in late.response.get_data(as_text=True)
    client.delete_cookie("staff", path="/staff")
    shown = visit(client, "/products/tool")
    titles = [it.get_text() for it in shown.main.find_all("h2")]
    assert titles[1:5] == [
        "Which regions it is for",
        "How to tell that it fits",
        "Who should not use it",
        "Compare",
    ]
    assert shown.html.find("strong", string="hip") is not None
    assert shown.main.find("script", string="") is None or "Down<script>" in shown.text


def test_the_variants_stand_side_by_side(client, tool):
    table = visit(client, "/products/tool").html.find("table")

    rows = [
        [" ".join(cell.get_text(" ").split()) for cell in row.find_all(["th", "td"])]
        for row in table.find_all("tr")
    ]
    assert rows == [
        ["Color", "Price", "In the shop"],
        ["Red", "$89.00", "In stock"],
        ["Pine", "$99.00", "Sold out"],
    ]


def test_delivery_is_told_by_country_before_the_cart(client, session, tool):
    make_zone(session, "US", rates=(make_rate(690, delivery="3 to 5 days"),))
    make_zone(
        session,
        "CA",
        title="Far",
        rates=(make_rate(1900, "Slow", position=1), make_rate(4900, "Fast", position=2)),
    )

    page = visit(client, "/products/tool").follow("Delivery and its cost, by country")
    far = visit(client, "/products/tool/delivery?country=CA")

    assert "Standard 3 to 5 days $6.90" in page.text
    assert "$95.90" in page.text
    assert "Slow Not said $19.00 Fast Not said $49.00" in far.text
    assert "$108.00" in far.text
    assert far.response.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in far.response.headers
    for odd in ("XX", "us", "x" * 5000, "%00", "=cmd()"):
        refused = visit(client, f"/products/tool/delivery?country={odd}")
        assert refused.status == 422
        assert refused.errors() == ["We do not ship there. Choose a country from the list."]
    assert visit(client, "/products/nothing/delivery").status == 404
    make_gift_product(session, 5000)
    assert visit(client, "/products/gift-card/delivery").status == 404


@pytest.mark.seeded
def test_the_seeded_tool_says_whom_it_is_for_from_what_is_known(client):
    page = visit(client, "/products/ql-claw")

    assert "It is not for pressing on the spine or on the ribs." in page.text
    assert "a book under the tool gives 1 to 3 inches more height" in page.text
    assert "Do not use it if you are pregnant" in page.text
    ids = [it["id"] for it in page.html.find_all(id=True)]
    assert len(ids) == len(set(ids))
