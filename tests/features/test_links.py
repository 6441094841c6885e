"""Where the links of the public pages lead, and what a reader finds on each of them."""

import re
from urllib.parse import urljoin

import pytest
from sqlalchemy import select

from models import Variant
from tests.browser import visit
from tests.crawl import candidates, crawl, is_whole, status
from tests.factories import make_variant

ARTICLE = "/blogs/the-ql-blawg/ql-muscle"


# The article of each muscle, and its tutorial.
MUSCLES = {
    "ql-muscle": "ql-release",
    "psoas-muscle-pain": "psoas-release",
    "iliacus-release": "iliacus-release",
    "gluteus-medius-pain": "gluteus-medius-release",
    "piriformis-trigger-points": "piriformis-release",
}


POLICIES = {
    "refund-policy": "Returns and refunds",
    "shipping-policy": "Shipping",
    "privacy-policy": "Privacy",
    "terms-of-service": "Terms of service",
    "contact-information": "Contact",
}


PUBLIC = (
    *("/", "/collections", "/collections/all", "/collections/floor-tools", "/products/ql-claw"),
    *("/products/floor-mat", "/blogs/the-ql-blawg", "/blogs/the-ql-blawg/tagged/anatomy"),
    *("/tutorials", *map("/pages/{}".format, MUSCLES.values()), "/pages/safety", "/pages/about"),
    *map("/blogs/the-ql-blawg/{}".format, MUSCLES),
    *("/search", "/search?q=psoas", "/cart", "/account/login", "/account/register", "/nowhere"),
    *(f"/policies/{handle}" for handle in POLICIES),
)


def words(tag):
    return " ".join(tag.get_text(" ").split())


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
@pytest.mark.parametrize("handle", MUSCLES)
def test_article_tutorial_and_product_lead_to_each_other(client, handle):
    about, routine = f"/blogs/the-ql-blawg/{handle}", f"/pages/{MUSCLES[handle]}"
    article = visit(client, about)
    assert addresses(section(article, "What to do about it"))[0] == routine
    assert addresses(section(article, "The tool in this text")) == [
        f"/products/ql-claw?from={about}"
    ]
    assert "$89.00" in words(section(article, "The tool in this text"))
    assert routine in addresses(article.main.select_one(".prose"))

    tutorial = visit(client, routine)
    (tool,) = addresses(section(tutorial, "The tool for this tutorial"))
    assert tool == f"/products/ql-claw?from={routine}"
    assert about in addresses(section(tutorial, "Read about it"))
    assert about in addresses(section(tutorial, "About this muscle").select_one(".prose"))

    product = visit(client, "/products/ql-claw")
    assert set(addresses(section(product, "Tutorials for this tool"))) == {
        f"/pages/{each}" for each in MUSCLES.values()
    }
    assert about in addresses(section(product, "Read before you buy"))


@pytest.mark.seeded
def test_the_article_of_each_muscle_says_when_to_see_a_doctor_before_it_speaks_of_pressing(client):
    for handle in MUSCLES:
        article = visit(client, f"/blogs/the-ql-blawg/{handle}")
        headings = [words(heading) for heading in article.main.select(".prose h2")]
        (release,) = [each for each in headings if each.startswith("Release:")]
        assert headings.index("When to see a doctor first") < headings.index(release), handle
        assert "#when-to-see-a-doctor-first" in addresses(article.main.select_one(".prose")), handle
        assert "What the evidence says" in headings, handle


@pytest.mark.seeded
def test_each_page_has_its_landmarks_a_title_and_a_way_to_the_content(client):
    seen = set()
    for address in PUBLIC:
        html = visit(client, address).html
        assert [
            tag.name for tag in html.body.find_all(["header", "main", "footer"], recursive=False)
        ] == [*("header", "main", "footer")], address
        assert html.header.find("nav", {"aria-label": "Main"}) is not None, address
        assert html.main["id"] == "main", address
        first = html.body.find("a")
        assert (words(first), first["href"]) == ("Skip to content", "#main"), address
        assert len(html.find_all("h1")) == 1, address
        assert html.html["lang"] == "en"
        assert html.title.get_text() not in seen, address
        seen.add(html.title.get_text())
        for picture in html.find_all("img"):
            assert picture.has_attr("alt"), address


@pytest.mark.seeded
def test_no_page_uses_an_id_twice_and_each_reference_to_one_holds(client):
    for address in PUBLIC:
        html = visit(client, address).html
        ids = [tag["id"] for tag in html.find_all(id=True)]
        assert len(ids) == len(set(ids)), (address, sorted(ids))
        for name in ("aria-labelledby", "aria-describedby", "for"):
            for tag in html.find_all(attrs={name: True}):
                assert set(tag[name].split()) <= set(ids), (address, tag[name])


@pytest.mark.seeded
def test_the_cart_link_carries_the_number_of_items(client, session):
    def cart_link():
        return words(visit(client, "/tutorials").html.header.find("a", href="/cart"))

    assert cart_link() == "Cart (0 items)"

    client.post("/cart/add", data={"id": variant_id(session, "QLC-RED")})
    assert cart_link() == "Cart (1 item)"

    client.post("/cart/add", data={"id": variant_id(session, "QLC-PINE"), "quantity": 2})
    assert cart_link() == "Cart (3 items)"


@pytest.mark.seeded
def test_no_link_of_any_public_page_is_broken(client):
    pages, links = crawl(client)

    assert {"/", "/cart", "/account/login", ARTICLE, *map("/policies/{}".format, POLICIES)} <= set(
        pages
    )
    broken = {link: sources for link, sources in links.items() if not is_whole(client, pages, link)}
    assert broken == {}
    statics = [link for link in links if link.startswith("/static/")]
    assert any(link.endswith(".avif") for link in statics)
    assert any(link.endswith(".svg") for link in statics)


@pytest.mark.seeded
def test_every_page_that_links_lead_to_has_one_heading_and_no_id_twice(client):
    pages, _ = crawl(client)

    wrong = {}
    for address, page in pages.items():
        if page.response.mimetype != "text/html":
            continue
        ids = [tag["id"] for tag in page.html.find_all(id=True)]
        twice = {it for it in ids if ids.count(it) > 1}
        headings = len(page.html.find_all("h1"))
        spoken = "de" if address.startswith("/de") else "en"
        if twice or headings != 1 or page.html.html["lang"] != spoken:
            wrong[address] = (twice, headings, page.html.html["lang"])
    assert wrong == {}
    assert sum(address.startswith("/de/") for address in pages) > 50


@pytest.mark.seeded
def test_no_page_asks_another_host_for_anything(client):
    pages, _ = crawl(client)

    for address, page in pages.items():
        for tag in page.html.find_all(["img", "script", "source", "iframe", "link"]):
            if tag.get("rel") in (["canonical"], ["alternate"]):
                continue  # an address to tell, not to fetch
            for asked in (tag.get("src"), tag.get("href"), *candidates(tag.get("srcset"))):
                assert not asked or asked.startswith(("/", "data:")), (address, asked)


@pytest.mark.seeded
def test_the_style_sheet_asks_for_files_that_are_there(client):
    sheet = visit(client, "/").html.find("link", rel="stylesheet")["href"]

    with client.get(sheet) as answer:
        asked = re.findall(r"url\([\"']?([^)\"']+)", answer.text)

    assert asked
    for name in asked:
        assert name.startswith("data:") or status(client, urljoin(sheet, name)) == 200, name


@pytest.mark.seeded
def test_a_page_names_its_one_address_for_search_engines(client):
    def canonical(address):
        link = visit(client, address).html.find("link", rel="canonical")
        return link["href"] if link else None

    assert canonical("/products/ql-claw?variant=2&utm=x") == "http://localhost/products/ql-claw"
    assert canonical("/collections/all?page=1") == "http://localhost/collections/all"
    assert canonical("/no-such-page") is None


def test_the_second_page_of_a_list_names_itself(client, session):
    for _ in range(25):
        make_variant(session)

    link = visit(client, "/collections/all?page=2").html.find("link", rel="canonical")

    assert link["href"] == "http://localhost/collections/all?page=2"
