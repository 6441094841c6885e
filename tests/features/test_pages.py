"""The public pages, with the content that a new shop starts with."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from models import Collection, ProductStatus, Variant, now
from models.catalog import collection_products
from models.content import article_products, article_tutorials
from tests.browser import visit
from tests.factories import make_article, make_blog, make_product, make_tutorial, make_variant

ARTICLE = "/blogs/the-ql-blawg/ql-muscle"


NEWEST = {
    "The gluteus medius: the muscle that keeps your hips level",
    "Self-care for a sore low back: what to do, and in which order",
    "When your low back hurts as you bend over",
}


ABOUT_ANATOMY = {
    "The gluteus medius: the muscle that keeps your hips level",
    "The piriformis: a small muscle beside a big nerve",
    "The psoas: a belly muscle you may feel in your back",
    "The iliacus: the other half of your main hip bender",
    "The QL muscle: where it sits, where it hurts, and what you can do",
    "Pain is not always where the muscle is",
}


ARTICLES = (
    NEWEST
    | ABOUT_ANATOMY
    | {
        "How to choose a pressure tool for a sore low back",
        "Stretches for the QL and the four muscles around the hip",
        "Trigger points: what they are said to be, and who disagrees",
        "When your low back hurts from sitting",
    }
)


POLICIES = {
    "refund-policy": "Returns and refunds",
    "shipping-policy": "Shipping",
    "privacy-policy": "Privacy",
    "terms-of-service": "Terms of service",
    "contact-information": "Contact",
}


def words(tag):
    return " ".join(tag.get_text(" ").split())


def titles(page, level):
    return [words(heading) for heading in page.main.find_all(level)]


def section(page, title):
    """The part of a page under the heading of this name."""
    heading = page.main.find(lambda tag: tag.name in {"h2", "h3"} and words(tag) == title)
    assert heading is not None, f"no heading {title!r} on {page.url}"
    return heading.find_parent(["section", "nav", "aside"])


def addresses(tag):
    return [link["href"] for link in tag.find_all("a", href=True)]


def variant_id(session, sku):
    return session.scalar(select(Variant.id).filter_by(sku=sku))


@pytest.mark.seeded
def test_the_first_page_leads_to_the_tool_the_tutorials_and_the_articles(client):
    page = visit(client, "/")

    assert page.status == 200
    assert page.heading.startswith("A floor tool designed to press into the deep muscles")
    assert page.link("See the QL Claw") == "/products/ql-claw"
    assert page.link("Read the tutorials") == "/tutorials"
    assert "QL Claw, $89.00" in page.text
    assert addresses(section(page, "Tutorials, step by step")) == [
        *("/tutorials", "/pages/ql-release", "/pages/psoas-release", "/pages/iliacus-release"),
        *("/pages/gluteus-medius-release", "/pages/piriformis-release"),
    ]
    assert {words(h) for h in section(page, "Newest articles").find_all("h3")} == NEWEST
    muscles = [words(h) for h in section(page, "Five muscles, one ache").find_all("h3")]
    assert muscles[:2] == ["Quadratus lumborum (QL)", "Psoas"]
    assert len(muscles) == 5


@pytest.mark.seeded
def test_a_collection_shows_its_products_with_prices(client):
    page = visit(client, "/collections").follow("Floor tools")

    assert page.heading == "Floor tools"
    assert titles(page, "h2") == ["QL Claw", "Floor mat", "QL Claw and floor mat"]
    prices = [words(p) for p in page.main.select(".product-card__price")]
    assert prices[:2] == ["$89.00", "From $29.00"]
    assert prices[2].startswith("was $118.00 , now $109.00")


@pytest.mark.seeded
def test_all_products_are_on_one_list(client):
    page = visit(client, "/").follow("Shop")

    assert page.heading == "All products"
    assert titles(page, "h2") == ["QL Claw", "Floor mat", "QL Claw and floor mat", "Gift card"]


def test_a_collection_without_products_says_so(client, session):
    session.add(Collection(handle="later", title="Later"))
    session.flush()

    assert "nothing in this collection at the moment" in visit(client, "/collections/later").text


def test_a_long_list_is_read_page_by_page(client, session):
    for number in range(25):
        make_variant(session, product=make_product(session, title=f"Tool {number:02}"))

    first = visit(client, "/collections/all")
    second = first.follow("Next page")

    assert titles(first, "h2") == [f"Tool {number:02}" for number in range(24)]
    assert "Page 1 of 2" in first.text
    assert titles(second, "h2") == ["Tool 24"]
    assert second.link("Previous page") == "/collections/all"
    assert titles(visit(client, "/collections/all?page=99"), "h2") == ["Tool 24"]


def test_a_product_of_two_collections_stands_on_the_list_of_all_once(client, session):
    variant = make_variant(session, product=make_product(session, title="Once"))
    for handle in ("one", "two"):
        session.add(collection := Collection(handle=handle, title=handle))
        session.flush()
        link = {"collection_id": collection.id, "product_id": variant.product_id, "position": 0}
        session.execute(insert(collection_products), [link])

    assert titles(visit(client, "/collections/all"), "h2") == ["Once"]


@pytest.mark.parametrize("number", ["0", "-1", "x", "1.5", "１", "", "9" * 5000])
def test_a_page_number_that_is_none_is_not_found(client, number):
    assert client.get("/collections/all", query_string={"page": number}).status_code == 404


@pytest.mark.seeded
def test_a_product_shows_the_first_variant_in_stock(client):
    page = visit(client, "/products/ql-claw")

    assert page.heading == "QL Claw"
    assert "Color: Muscle red" in page.text
    assert words(page.main.select_one(".purchase__price")) == "$89.00"
    assert words(page.main.select_one(".stock")) == "In stock"
    assert page.main.find("label", {"for": "quantity"}).get_text() == "Quantity"


@pytest.mark.seeded
def test_a_variant_is_chosen_by_its_link_and_that_one_is_bought(client, session):
    pine = visit(client, "/products/ql-claw").follow("Pine")

    assert "Color: Pine" in pine.text
    assert words(pine.main.find("a", {"aria-current": "true"})) == "Pine"
    assert words(pine.main.select_one(".stock")) == "Only 3 left"
    assert "pine green" in pine.main.find("img")["alt"]
    cart = pine.submit("Add to cart")
    assert cart.main.find("input", {"name": "id"})["value"] == str(variant_id(session, "QLC-PINE"))


@pytest.mark.seeded
def test_a_sold_out_variant_has_a_disabled_button_and_no_quantity(client):
    page = visit(client, "/products/ql-claw").follow("Ochre (sold out)")

    (button,) = [b for b in page.main.find_all("button") if "Sold out" in b.get_text()]
    assert button.has_attr("disabled")
    assert "Add to cart" not in page.text
    assert page.main.find("input", {"name": "quantity"}) is None
    assert words(page.main.select_one(".stock")) == "Sold out"


@pytest.mark.seeded
def test_a_lowered_price_shows_what_it_was(client):
    page = visit(client, "/products/floor-mat").follow("5/8 inch")

    assert words(page.main.select_one(".purchase__price")) == "was $44.00 , now $39.00"


@pytest.mark.seeded
@pytest.mark.parametrize("asked", ["0", "999999", "x", "-1", "9" * 40, "2147483648"])
def test_an_unknown_variant_shows_the_first_in_stock(client, asked):
    page = visit(client, f"/products/ql-claw?variant={asked}")

    assert page.status == 200
    assert "Color: Muscle red" in page.text


@pytest.mark.seeded
def test_the_second_address_of_a_product_leads_to_its_first(client):
    answer = client.get("/collections/floor-tools/products/ql-claw")

    assert answer.status_code == 301
    assert answer.headers["Location"] == "/products/ql-claw"
    assert client.get("/collections/floor-tools/products/nothing").status_code == 404


@pytest.mark.seeded
def test_a_product_as_json_is_the_hosted_shops(client, session):
    answer = client.get("/products/ql-claw.js")

    assert answer.mimetype == "application/json"
    product = answer.json
    assert (product["handle"], product["title"]) == ("ql-claw", "QL Claw")
    assert product["url"] == "/products/ql-claw"
    assert (product["price"], product["price_min"], product["price_max"]) == (8900, 8900, 8900)
    assert product["available"] is True
    assert product["options"] == ["Color"]
    assert product["variants"] == [
        {
            "id": variant_id(session, sku),
            "title": title,
            "sku": sku,
            "price": 8900,
            "compare_at_price": None,
            "available": available,
        }
        for sku, title, available in (
            ("QLC-RED", "Muscle red", True),
            ("QLC-PINE", "Pine", True),
            ("QLC-OCHRE", "Ochre", False),
        )
    ]


@pytest.mark.seeded
def test_the_article_list_shows_every_article_and_its_subjects(client):
    page = visit(client, "/").follow("Articles")

    assert page.heading == "The QL Blawg"
    assert set(titles(page, "h2")) == ARTICLES
    anatomy = page.follow("anatomy")
    assert anatomy.heading == "Articles on anatomy"
    assert set(titles(anatomy, "h2")) == ABOUT_ANATOMY
    assert client.get("/blogs/the-ql-blawg/tagged/astrology").status_code == 404


@pytest.mark.seeded
def test_the_contents_of_an_article_are_its_headings(client):
    page = visit(client, ARTICLE)

    headings = [(h["id"], words(h)) for h in page.main.select(".prose h2[id]")]
    entries = page.main.select(".contents__list:not(.contents__list--fold) a")
    assert [(link["href"].removeprefix("#"), words(link)) for link in entries] == headings
    assert ("when-to-see-a-doctor-first", "When to see a doctor first") in headings


@pytest.mark.seeded
def test_each_source_that_an_article_cites_is_a_footnote_with_a_way_back(client):
    main = visit(client, ARTICLE).main
    prose = main.select_one(".prose")

    cited = {mark.find("a")["href"] for mark in prose.select("sup.footnote-ref")}
    notes = main.select("li.footnote-item")

    assert cited == {f"#{note['id']}" for note in notes}
    assert len(notes) >= 10
    for note in notes:
        back = note.select_one("a.footnote-backref")["href"]
        assert prose.find(id=back.removeprefix("#")) is not None
    assert "[^" not in prose.get_text()


@pytest.mark.seeded
def test_a_plain_page_shows_its_text(client):
    page = visit(client, "/pages/about")

    assert page.heading == "About this shop"
    assert "There are no made-up reviews." in page.text


@pytest.mark.seeded
def test_each_policy_says_that_it_is_a_sample(client):
    for handle, title in POLICIES.items():
        page = visit(client, f"/policies/{handle}")
        assert page.heading == title
        assert "This is a sample. The owner of the shop replaces it" in page.text


@pytest.mark.seeded
def test_a_page_is_not_found_among_the_policies_nor_a_policy_among_the_pages(client):
    assert client.get("/pages/refund-policy").status_code == 404
    assert client.get("/policies/about").status_code == 404
    assert client.get("/policies/ql-release").status_code == 404


@pytest.mark.seeded
def test_a_wrong_address_is_a_helpful_404(client):
    page = visit(client, "/products/ql-clow")

    assert page.status == 404
    assert page.heading == "This page is not here"
    for name, address in (("Tutorials", "/tutorials"), ("Search", "/search")):
        assert page.link(name) == address


def test_a_draft_is_seen_nowhere(client, session):
    shown = make_variant(session, product=make_product(session, handle="shown", title="Shown"))
    draft = make_product(session, handle="draft", title="Hidden tool", status=ProductStatus.DRAFT)
    make_variant(session, product=draft)
    session.add(collection := Collection(handle="all-tools", title="All tools"))
    session.flush()
    for product_id in (shown.product_id, draft.id):
        link = {"collection_id": collection.id, "product_id": product_id, "position": 0}
        session.execute(insert(collection_products), [link])

    for address in (
        "/products/draft",
        "/products/draft.js",
        "/collections/all-tools/products/draft",
    ):
        assert client.get(address).status_code == 404, address
    for address in ("/", "/collections/all", "/collections/all-tools"):
        assert "Hidden tool" not in visit(client, address).text, address
    assert titles(visit(client, "/collections/all-tools"), "h2") == ["Shown"]


def test_a_product_without_variants_is_not_for_sale_and_no_page_breaks(client, session):
    make_product(session, handle="bare", title="Bare tool")

    assert client.get("/products/bare").status_code == 404
    assert client.get("/products/bare.js").status_code == 404
    assert "Bare tool" not in visit(client, "/collections/all").text


@pytest.mark.parametrize("day", [None, "tomorrow"])
def test_an_article_that_is_not_published_yet_is_seen_nowhere(client, session, day):
    blog, tutorial = make_blog(session), make_tutorial(session, handle="press")
    variant = make_variant(session, product=make_product(session, handle="tool"))
    moment = now() + timedelta(days=1) if day else None
    article = make_article(
        session, blog=blog, handle="soon", title="Hidden words", published_at=moment
    )
    make_article(session, blog=blog, handle="there", title="Shown words")
    ids = {"article_id": article.id, "position": 0}
    session.execute(insert(article_products), [ids | {"product_id": variant.product_id}])
    session.execute(insert(article_tutorials), [ids | {"tutorial_id": tutorial.id}])

    assert client.get("/blogs/the-ql-blawg/soon").status_code == 404
    for address in (
        *("/", "/blogs/the-ql-blawg", "/blogs/the-ql-blawg/there", "/products/tool"),
        *("/pages/press", "/search?q=hidden"),
    ):
        assert "Hidden words" not in visit(client, address).text, address


def test_an_article_is_found_in_its_own_blog_only(client, session):
    make_article(session, blog=make_blog(session), handle="here")
    make_blog(session, handle="other")

    assert client.get("/blogs/the-ql-blawg/here").status_code == 200
    assert client.get("/blogs/other/here").status_code == 404
