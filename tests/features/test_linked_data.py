"""What pages say to machines is what they show to people."""

import re
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from models import (
    Article,
    Selling,
    Variant,
)
from tests.browser import visit
from tests.factories import (
    make_article,
    make_author,
    make_blog,
    make_product,
    make_rate,
    make_variant,
    make_zone,
)
from tests.features.linked import link, meta, things

PAGES = {
    "/": {"WebSite", "Organization"},
    "/products/ql-claw": {"Product", "Organization", "BreadcrumbList"},
    "/collections": {"CollectionPage"},
    "/collections/all": {"CollectionPage", "BreadcrumbList"},
    "/collections/floor-tools": {"CollectionPage", "BreadcrumbList"},
    "/blogs/the-ql-blawg": {"CollectionPage", "Blog", "BreadcrumbList"},
    "/blogs/the-ql-blawg/tagged/anatomy": {"CollectionPage", "BreadcrumbList"},
    "/blogs/the-ql-blawg/ql-muscle": {"Article", "BreadcrumbList"},
    "/tutorials": {"CollectionPage", "BreadcrumbList"},
    "/pages/ql-release": {"HowTo", "BreadcrumbList", "VideoObject"},
    "/pages/safety": {"WebPage", "BreadcrumbList"},
    "/policies/refund-policy": {"WebPage", "BreadcrumbList"},
    "/gift-cards": {"WebPage"},
    "/accessibility": {"WebPage"},
}


@pytest.mark.seeded
def test_every_kind_of_page_says_what_it_is(client):
    for address, kinds in PAGES.items():
        page = visit(client, address)
        said = things(page)

        assert set(said) == kinds, address
        assert "AggregateRating" not in str(said), address
        assert link(page, "canonical") == [f"http://localhost{address}"], address
        assert meta(page, "og:url") == f"http://localhost{address}", address
        assert (
            meta(page, "og:description")
            == page.html.find("meta", {"name": "description"})["content"]
        )
        assert meta(page, "og:title"), address


@pytest.mark.seeded
def test_the_breadcrumbs_that_are_said_are_those_that_are_seen_and_the_page(client):
    for address, kinds in PAGES.items():
        if "BreadcrumbList" not in kinds:
            continue
        page = visit(client, address)
        seen = [
            (each.get_text(strip=True), f"http://localhost{each['href']}")
            for each in page.html.select(".breadcrumbs a")
        ]

        said = things(page)["BreadcrumbList"]["itemListElement"]

        assert [(it["name"], it["item"]) for it in said[:-1]] == seen, address
        assert (said[-1]["name"], "item" in said[-1]) == (page.heading, False), address
        assert [it["position"] for it in said] == list(range(1, len(said) + 1)), address


@pytest.mark.seeded
def test_a_list_says_what_it_shows_in_its_order(client):
    for address, selector in (
        ("/collections/all", ".product-card a"),
        ("/blogs/the-ql-blawg", ".article-card a"),
        ("/blogs/the-ql-blawg/tagged/anatomy", ".article-card a"),
        ("/tutorials", ".tutorial-card a"),
    ):
        page = visit(client, address)
        seen = list(
            dict.fromkeys(f"http://localhost{it['href']}" for it in page.main.select(selector))
        )

        listed = things(page)["CollectionPage"]["mainEntity"]

        assert [it["url"] for it in listed["itemListElement"]] == seen, address
        assert listed["numberOfItems"] == len(seen) > 0, address


@pytest.mark.seeded
def test_an_article_says_its_title_dates_author_words_and_sources(client, session):
    page = visit(client, "/blogs/the-ql-blawg/ql-muscle")
    said = things(page)["Article"]
    row = session.scalars(select(Article).filter_by(handle="ql-muscle")).one()

    assert said["headline"] == page.heading == row.title
    assert said["description"] == page.main.select_one(".heading__lead").get_text()
    shown = page.main.select_one(".byline time")["datetime"]
    assert datetime.fromisoformat(said["datePublished"]) == datetime.fromisoformat(shown)
    assert datetime.fromisoformat(said["dateModified"]) == row.updated_at.replace(microsecond=0)
    assert said["author"]["name"] in page.main.select_one(".byline").get_text()
    assert said["author"]["@type"] == "Organization"
    notes = page.main.select(".footnotes li")
    assert len(said["citation"]) == len(notes) > 10
    for each in said["citation"]:
        (note,) = (it.get_text() for it in notes if it.get_text().startswith(each["name"]))
        assert each.get("url", "") in note, each
    assert 600 < said["wordCount"] < 3000
    assert said["image"] == [
        meta(page, "og:image"),
        f"http://localhost{page.main.select_one('.article__plate img')['src']}",
    ]


def test_an_author_with_a_name_is_a_person(client, session):
    author = make_author(session, "Ada Example", "physical therapist")
    make_article(session, blog=make_blog(session), handle="one", author=author)

    said = things(visit(client, "/blogs/the-ql-blawg/one"))["Article"]["author"]

    assert said == {
        "@type": "Person",
        "name": "Ada Example",
        "description": "physical therapist",
    }


def test_an_article_that_stands_first_elsewhere_names_that_address(client, session):
    there = "https://example.org/first"
    make_article(session, blog=make_blog(session), handle="copy", canonical_url=there)

    page = visit(client, "/blogs/the-ql-blawg/copy?from=mail")

    assert link(page, "canonical") == [there]
    assert things(page)["Article"]["url"] == there


@pytest.mark.seeded
def test_a_tutorial_says_its_cautions_its_time_and_its_steps(client):
    page = visit(client, "/pages/ql-release")
    said = things(page)["HowTo"]

    assert said["name"] == page.heading
    for each in page.main.select(".caution li"):
        assert each.get_text(strip=True).rstrip(".") in said["text"]
    assert said["text"].startswith("Read this first: ")
    assert [it["name"] for it in said["step"]] == [
        it.get_text() for it in page.main.select(".step h3")
    ]
    for place, step in enumerate(said["step"], start=1):
        shown = page.main.select_one(f"#step-{place}")
        assert step["url"] == f"http://localhost/pages/ql-release#step-{place}"
        assert " ".join(step["text"].split()) in " ".join(shown.get_text(" ").split())
        image = shown.find("img")
        assert step.get("image") == (f"http://localhost{image['src']}" if image else None)
    minutes = re.search(r"(\d+) minutes", page.main.select_one(".routine__facts").get_text())[1]
    assert said["totalTime"] == f"PT{minutes}M"
    needs = [it.get_text(strip=True) for it in page.main.select(".routine__needs li")]
    assert [it["name"] for it in said["tool"]] == needs != []


@pytest.mark.seeded
def test_a_product_says_the_price_and_stock_of_each_variant_that_it_shows(client, session):
    page = visit(client, "/products/ql-claw")
    said = things(page)["Product"]

    assert said["name"] == page.heading
    assert "aggregateRating" not in said
    rows = session.scalars(select(Variant).join(Variant.product).filter_by(handle="ql-claw"))
    assert {it["sku"] for it in said["offers"]} == {row.sku for row in rows}
    for offer in said["offers"]:
        shown = visit(client, offer["url"].removeprefix("http://localhost"))
        price = shown.main.select_one(".purchase__price .price").get_text(" ", strip=True)
        assert price.split()[-1] == f"${offer['price']}"
        words = shown.main.select_one(".purchase .stock").get_text()
        state = offer["availability"].removeprefix("https://schema.org/")
        assert {"InStock": "In stock", "OutOfStock": "Sold out"}[state] == words or (
            state == "InStock" and words.startswith("Only")
        )
    assert said["sku"] == "QLC-RED"


def test_an_offer_says_what_must_be_waited_for(client, session):
    tool = make_product(session, handle="tool")
    for sku, selling in (
        ("LATE", Selling.BACKORDER),
        ("FIRST", Selling.PREORDER),
        ("GONE", Selling.IN_STOCK),
    ):
        make_variant(session, product=tool, sku=sku, on_hand=0, selling=selling, price_minor=1050)

    offers = things(visit(client, "/products/tool"))["Product"]["offers"]

    assert [(it["sku"], it["availability"]) for it in offers] == [
        ("LATE", "https://schema.org/BackOrder"),
        ("FIRST", "https://schema.org/PreOrder"),
        ("GONE", "https://schema.org/OutOfStock"),
    ]
    assert {(it["price"], it["priceCurrency"]) for it in offers} == {("10.50", "USD")}


def test_an_offer_says_what_shipping_costs_and_where_the_returns_are_told(client, session):
    make_variant(session, product=make_product(session, handle="tool"), price_minor=5000)
    make_zone(session, "US", rates=(make_rate(690), make_rate(1990, "Express")))
    make_zone(session, "CA", "GB", rates=(make_rate(1500, free_from_minor=4000),))
    make_zone(session, "*", rates=(make_rate(9900),))
    make_zone(session, "JP", rates=(make_rate(100, least_weight_g=501),))

    (offer,) = things(visit(client, "/products/tool"))["Product"]["offers"]

    told = [
        (
            it["shippingRate"]["value"],
            it["shippingRate"]["currency"],
            [at["addressCountry"] for at in it["shippingDestination"]],
        )
        for it in offer["shippingDetails"]
    ]
    assert told == [("6.90", "USD", ["US"]), ("0.00", "USD", ["CA", "GB"])]
    assert offer["hasMerchantReturnPolicy"] == {
        "@type": "MerchantReturnPolicy",
        "merchantReturnLink": "http://localhost/policies/refund-policy",
    }


def test_no_title_breaks_out_of_the_linked_data(client, session):
    title = "</script><script>alert(1)</script> & <!-- \u2028 'it'"
    make_article(session, blog=make_blog(session), handle="odd", title=title)

    page = visit(client, "/blogs/the-ql-blawg/odd")

    assert things(page)["Article"]["headline"] == title
    assert meta(page, "og:title") == title
    assert "<script>alert" not in page.response.text


@pytest.mark.seeded
def test_the_canonical_address_has_no_query_but_the_page_of_a_list(client):
    for asked, canonical in (
        ("/products/ql-claw?variant=2&from=ql-muscle", "/products/ql-claw"),
        ("/blogs/the-ql-blawg?page=1&x=y", "/blogs/the-ql-blawg"),
        ("/collections/all?page=2", "/collections/all?page=2"),
    ):
        assert link(visit(client, asked), "canonical") == [f"http://localhost{canonical}"]


@pytest.mark.seeded
def test_the_first_page_says_whose_it_is_and_how_it_is_searched(client):
    page = visit(client, "/")
    said = things(page)

    assert said["WebSite"]["name"] == said["Organization"]["name"] == "QL Claw"
    assert said["WebSite"]["publisher"] == {"@id": said["Organization"]["@id"]}
    search = said["WebSite"]["potentialAction"]
    assert search["query-input"] == "required name=search_term_string"
    found = search["target"]["urlTemplate"].replace("{search_term_string}", "psoas")
    assert "Psoas" in visit(client, found.removeprefix("http://localhost")).text
    (feed,) = link(page, "alternate", "application/atom+xml")
    assert client.get(feed).status_code == 200


def test_an_offer_has_the_price_that_the_visitor_sees(app, client, session, monkeypatch):
    several = replace(app.config["SETTINGS"], currencies=("USD", "JPY", "EUR"))
    monkeypatch.setitem(app.config, "SETTINGS", several)
    tool = make_product(session, handle="tool")
    make_variant(session, product=tool, sku="BOTH", price_minor=8900, prices={"JPY": 12000})
    make_variant(session, product=tool, sku="HERE", price_minor=8900)

    for code, told in (
        ("USD", [("BOTH", "89.00", "USD"), ("HERE", "89.00", "USD")]),
        ("JPY", [("BOTH", "12000", "JPY")]),
        ("EUR", []),
    ):
        page = visit(client, "/products/tool").submit("Change currency", currency=code)
        offers = things(page)["Product"].get("offers", [])
        assert [(it["sku"], it["price"], it["priceCurrency"]) for it in offers] == told


def test_a_wrong_address_says_nothing_to_machines(client):
    page = visit(client, "/nowhere")

    assert page.html.find("script", type="application/ld+json") is None
    assert link(page, "canonical") == []
    assert page.html.find("meta", property="og:url") is None
