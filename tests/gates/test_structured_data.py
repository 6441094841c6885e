"""What any public page says to machines is whole, true, and what it shows, in every language."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from urllib.parse import urldefrag

import pytest

from tests.browser import Page, visit
from tests.crawl import SITE
from tests.gates import pages as seen
from tests.gates.schema import ADDRESSES, AVAILABILITIES, MOMENTS, PICTURES, REQUIRED

pytestmark = [
    pytest.mark.seeded,
    pytest.mark.parametrize("engine_name", ["sqlite"]),
]
MAIN = {"Article", "Product", "HowTo", "WebPage"}
SAYS_NOTHING = re.compile(
    r"(/de)?/(account|cart|orders|search|newsletter|privacy|discount)\b"
    r"|(/de)?/(authors|back-in-stock|log|references)\b|.*/(play|delivery|questions|print)\b|.*\?"
)


@pytest.fixture
def pages(client) -> dict[str, Page]:
    return seen.public(client)


def test_what_pages_say_is_whole_and_true_and_what_they_show(client, pages):
    told = {address: graph_of(page) for address, page in pages.items()}
    kinds = {kind for graph in told.values() for thing in graph for kind in kinds_of(thing)}

    assert kinds >= {"Product", "Article", "HowTo", "VideoObject", "BreadcrumbList", "WebSite"}
    silent = {address for address, graph in told.items() if not graph}
    assert {address for address in silent if not SAYS_NOTHING.match(address)} == set()
    wrong = {}
    for address, graph in told.items():
        found = [*faults(graph), *disagreements(pages, address, graph)]
        if found:
            wrong[address] = found
    assert wrong == {}
    assert broken(client, pages, told) == {}


def test_each_offer_has_the_price_and_the_stock_that_its_page_shows(client, pages):
    states = set()
    for address, page in pages.items():
        for product in (it for it in graph_of(page) if "Product" in kinds_of(it)):
            for offer in product["offers"]:
                shown = visit(client, offer["url"].removeprefix(SITE)).main
                price = shown.select_one(".purchase__price .price").get_text(" ", strip=True)
                assert digits(price).endswith(digits(offer["price"])), (address, offer, price)
                is_sold_out = shown.select_one(".purchase button[disabled]") is not None
                state = offer["availability"].rpartition("/")[2]
                assert (state == "OutOfStock") == is_sold_out, (address, offer)
                states.add(state)
    assert states >= {"InStock", "OutOfStock"}


def graph_of(page: Page) -> list[dict]:
    """The things that a page tells of; none where it tells nothing."""
    blocks = page.html.find_all("script", type="application/ld+json")
    assert len(blocks) <= 1, page.url
    return json.loads(blocks[0].string)["@graph"] if blocks else []


def faults(graph: list[dict]) -> Iterator[str]:
    """What is missing or has the wrong form."""
    for path, thing in walked(graph):
        for kind in kinds_of(thing):
            yield from (f"{path}: a {kind} without {names}" for names in missing(kind, thing))
        for name in MOMENTS & set(thing):
            if datetime.fromisoformat(thing[name]).tzinfo is None:
                yield f"{path}.{name}: no zone"
        yield from (f"{path}: {found}" for found in useless(thing))
        if thing.get("availability", "https://schema.org/InStock") not in AVAILABILITIES:
            yield f"{path}: {thing['availability']}"
        for name, value in addresses(thing):
            if not value.startswith(("http://", "https://")):
                yield f"{path}.{name}: {value} is not absolute"


def useless(thing: dict) -> Iterator[str]:
    """A price of nothing; a step of breadcrumbs that leads nowhere, but for the page's own."""
    if float(thing.get("price", 1)) <= 0:
        yield f"a price of {thing['price']}"
    crumbs = thing["itemListElement"] if "BreadcrumbList" in kinds_of(thing) else []
    yield from (f"{it['name']} has no address" for it in crumbs[:-1] if "item" not in it)


def missing(kind: str, thing: dict) -> Iterator[str]:
    """What a thing of this type must have and has not."""
    for names in REQUIRED.get(kind, ("a type that is known",)):
        each = (names,) if isinstance(names, str) else names
        if not any(thing.get(name) not in (None, "", []) for name in each):
            yield " or ".join(each)


def disagreements(pages: dict[str, Page], address: str, graph: list[dict]) -> Iterator[str]:
    """What a page tells of but does not show; a step, where its address leads."""
    page = pages[address]
    for _, thing in walked(graph):
        if "AggregateRating" in kinds_of(thing) and str(thing["reviewCount"]) not in words(page):
            yield f"{thing['reviewCount']} reviews"
        at = urldefrag(thing["url"]).url if "HowToStep" in kinds_of(thing) else ""
        name = " ".join(thing.get("headline", thing.get("name", "")).split())
        if name not in words(pages[at.removeprefix(SITE)] if at else page):
            yield f"{thing['@type']}: {name}"
    crumbs = [each.get_text(strip=True) for each in page.html.select(".breadcrumbs a")]
    for thing in graph:
        if "BreadcrumbList" in kinds_of(thing):
            told = [it["name"] for it in thing["itemListElement"]]
            if told != [*crumbs, page.heading] or not crumbs:
                yield f"breadcrumbs {told}, shown {[*crumbs, page.heading]}"
        about = thing.get("headline", thing.get("name"))
        if MAIN & set(kinds_of(thing)) and about != page.heading:
            yield f"{about}, but the heading is {page.heading}"


def broken(client, pages, told) -> dict[str, str]:
    """Addresses that are told and do not answer, or pictures that are none."""
    asked = {}
    for graph in told.values():
        for _, thing in walked(graph):
            for name, value in addresses(thing):
                asked[urldefrag(value).url] = asked.get(value, False) or name in PICTURES
    found = {}
    for url, is_picture in asked.items():
        if not url.startswith(f"{SITE}/") or url.removeprefix(SITE) in pages:
            continue
        with client.get(url.removeprefix(SITE)) as answer:
            if answer.status_code != 200 or is_picture != answer.mimetype.startswith("image/"):
                found[url] = f"{answer.status_code} {answer.mimetype}"
    return found


def walked(value: object, path: str = "") -> Iterator[tuple[str, dict]]:
    """Every thing in what is told, with where it stands."""
    if isinstance(value, list):
        for number, each in enumerate(value):
            yield from walked(each, f"{path}[{number}]")
    elif isinstance(value, dict):
        if "@type" in value:
            yield path, value
        for name, each in value.items():
            yield from walked(each, f"{path}.{name}")


def kinds_of(thing: dict) -> list[str]:
    kind = thing["@type"]
    return kind if isinstance(kind, list) else [kind]


def addresses(thing: dict) -> Iterator[tuple[str, str]]:
    for name in ADDRESSES & set(thing):
        for each in thing[name] if isinstance(thing[name], list) else [thing[name]]:
            if isinstance(each, str):
                yield name, each


def words(page: Page) -> str:
    """All that is shown on a page."""
    return " ".join(page.html.get_text(" ").split())


def digits(text: str) -> str:
    return re.sub(r"\D", "", text)
