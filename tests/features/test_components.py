"""The page that shows every component in every state, on a developer's machine only."""

import re
from collections import Counter

import pytest
from bs4 import BeautifulSoup

from storefront.config import ROOT
from storefront.dev.specimens import FAMILIES
from storefront.dev.specimens.parts import PAGES
from storefront.dev.specimens.till import DRAWERS
from tests.browser import visit

COMPONENTS = ROOT / "templates" / "components"
SPECIMENS = ROOT / "templates" / "dev" / "specimens"


def page_of(client, handle, language="en"):
    answer = client.get(f"/dev/components/{handle}?language={language}")
    assert answer.status_code == 200, handle
    return BeautifulSoup(answer.text, "html.parser")


def test_the_page_of_components_leads_to_each_family_and_each_empty_page(client):
    page = visit(client, "/dev/components")

    for family in FAMILIES.values():
        assert page.follow(family.title).heading == family.title
    for name in PAGES:
        assert client.get(f"/dev/pages/{name}").status_code == 200


@pytest.mark.parametrize("handle", FAMILIES)
def test_a_family_shows_each_of_its_specimens_under_a_name_of_its_own(client, handle):
    page = page_of(client, handle)

    names = [it["id"] for it in page.select("[data-specimen]")]
    ids = Counter(it["id"] for it in page.select("[id]"))
    assert names
    assert {name for name in names if ids[name] > 1} == set()
    for name in names:
        assert page.select_one(f"#{name}-name").get_text(strip=True), name
        assert name == "pagination-only" or page.select_one(f"#{name}").find(True), name


def test_no_two_specimens_have_the_same_name(client):
    names = Counter(
        it["id"] for handle in FAMILIES for it in page_of(client, handle).select("[data-specimen]")
    )

    assert len(names) > 100
    assert [name for name, count in names.items() if count > 1] == []


def test_every_component_for_visitors_has_a_specimen():
    shown = "\n".join(path.read_text(encoding="utf-8") for path in SPECIMENS.iterdir())
    for path in COMPONENTS.iterdir():
        imported = re.findall(rf'from "components/{path.name}" import ([^%]+) %', shown)
        public = re.findall(r"{% macro ([a-z]\w*)\(", path.read_text(encoding="utf-8"))
        said = {name.split(" as ")[0].strip() for it in imported for name in it.split(",")}
        assert set(public) <= said, path.name


def test_specimens_speak_german_where_they_are_asked_to(client):
    page = page_of(client, "products", "de")

    assert page.html["lang"] == "de"
    assert page.select_one("#stock-none").get_text(strip=True) == "Ausverkauft"


def test_the_drawer_is_shown_as_its_script_asks_for_it(client):
    for state in DRAWERS:
        assert "data-drawer-cart" in client.get(f"/dev/drawers/{state}").text
    assert client.get("/dev/drawers/none-such").status_code == 404


def test_what_is_no_family_is_not_found(client):
    assert client.get("/dev/components/none-such").status_code == 404
    assert client.get("/dev/pages/none-such").status_code == 404


def test_nobody_keeps_a_page_of_components(client):
    answer = client.get("/dev/components/forms")

    assert answer.headers["Cache-Control"] == "private, no-store"
    assert 'content="noindex"' in answer.text
