"""Where it hurts: the signs that come first, the map, and what each place on it leads to."""

import re
import tomllib

import pytest
from sqlalchemy import event, select

from models import BodySide, Muscle, Reference, Region, RegionMuscle
from models.content import tutorial_products
from storefront.config import ROOT
from storefront.text import cited, render
from tests.browser import visit
from tests.factories import make_product, make_tutorial, make_variant

BACK = {
    "low-spine": "Beside the low spine",
    "between-rib-and-hip": "The side, between rib and hip",
    "top-of-the-hip-bone": "The top of the hip bone",
    "sacrum-and-tailbone": "The sacrum and the tailbone",
    "buttock": "The buttock",
    "outer-hip": "The outer hip",
    "back-of-the-leg": "The back of the leg",
}
FRONT = {
    "front-of-the-hip": "The front of the hip",
    "groin": "The groin",
    "front-of-the-thigh": "The front of the thigh",
}
LIKELIEST = {
    "low-spine": ["psoas", "iliacus", "gluteus-medius", "quadratus-lumborum"],
    "between-rib-and-hip": ["quadratus-lumborum", "psoas"],
    "top-of-the-hip-bone": ["quadratus-lumborum", "gluteus-medius"],
    "sacrum-and-tailbone": ["piriformis", "gluteus-medius", "quadratus-lumborum", "psoas"],
    "buttock": ["piriformis", "gluteus-medius", "quadratus-lumborum"],
    "outer-hip": ["quadratus-lumborum", "piriformis", "gluteus-medius"],
    "back-of-the-leg": [],
    "front-of-the-hip": ["iliacus", "psoas"],
    "groin": ["quadratus-lumborum", "psoas"],
    "front-of-the-thigh": ["psoas", "iliacus"],
}
ANY = sorted(LIKELIEST)


def words(tag):
    return " ".join(tag.get_text(" ").split())


def titles(page, level):
    return [words(heading) for heading in page.main.find_all(level)]


def linked(handles):
    return [f"/where-does-it-hurt/{handle}" for handle in handles]


def make_region(session, handle="elbow", *, side=BodySide.BACK, position=0, muscles=(), **over):
    body = over.pop("body", "It hurts.\n\n## What else it can be\n\nA bruise.")
    region = Region(
        handle=handle,
        name=over.pop("name", handle.capitalize()),
        side=side,
        position=position,
        body_markdown=body,
        body_html=render(body),
        muscles=[
            RegionMuscle(muscle_id=it.id, position=at, note=f"It may be the {it.name}.")
            for at, it in enumerate(muscles)
        ],
        **over,
    )
    session.add(region)
    session.commit()
    return region


@pytest.mark.seeded
def test_the_signs_that_need_a_doctor_stand_before_the_map(client):
    page = visit(client, "/").follow("Where does it hurt?")

    assert page.heading == "Where does it hurt?"
    assert titles(page, "h2") == [
        "First: is one of these true of you?",
        "Then leave the tool aside, and do this",
        "Point at the place",
    ]
    groups = page.main.select(".signs__group")
    assert [words(group.h3) for group in groups] == [
        "These need help now",
        "These need a doctor today",
        "These need a doctor before anything else",
    ]
    assert [len(group.find_all("li")) for group in groups] == [6, 4, 5]
    assert "911" in words(groups[0].p)
    for sign in ("urine", "saddle", "weaker", "both legs", "crash", "pulse"):
        assert sign in words(groups[0])
    for sign in ("fever", "infection", "immune", "swollen", "blood in your urine"):
        assert sign in words(groups[1])
    for sign in ("cancer", "losing weight", "at night", "under 20", "below the knee"):
        assert sign in words(groups[2])


@pytest.mark.seeded
def test_an_answer_to_the_signs_is_an_anchor_and_is_kept_nowhere(client):
    answer = client.get("/where-does-it-hurt")
    page = visit(client, "/where-does-it-hurt")

    assert page.link("One of these is true") == "#care"
    assert page.link("None of these is true of me") == "#map"
    assert page.main.find(id="care").name == page.main.find(id="map").name == "section"
    assert page.main.find_all(["form", "input", "button"]) == []
    assert "Set-Cookie" not in answer.headers
    assert "public" in answer.headers["Cache-Control"]
    care = page.main.find(id="care")
    assert care.find("a", href="tel:911") is not None
    assert [words(step).split(":")[1].strip() for step in care.find_all("h3")] == [
        "get help now",
        "call a doctor today",
        "see a doctor soon",
    ]


@pytest.mark.seeded
def test_the_signs_name_their_sources(client):
    sources = visit(client, "/where-does-it-hurt").main.select(".sources li")

    assert [words(source).split(".")[0] for source in sources] == [
        "Red flag conditions and cauda equina syndrome",
        "Table of red flags in low back pain",
        "Osinski T",
        "Normal muscle tension and clinical red flags: when to use self-massage tools safely",
        "Sciatica",
        "Deep vein thrombosis (DVT)",
        "Kidney infection: when to go to the hospital",
    ]


@pytest.mark.seeded
def test_every_place_is_a_named_link_on_the_body_and_in_the_list(client):
    sides = visit(client, "/where-does-it-hurt").main.select(".body-map__side")

    assert [words(side.h3) for side in sides] == ["Back", "Front"]
    for side, places in zip(sides, (BACK, FRONT), strict=True):
        drawn = side.svg.find_all("a")
        listed = side.select("li a")
        assert [link["href"] for link in drawn] == linked(places)
        assert [link["href"] for link in listed] == linked(places)
        assert [link["aria-label"] for link in drawn] == list(places.values())
        assert [words(link) for link in listed] == list(places.values())
        assert all(link.find("path")["d"].startswith("M") for link in drawn)


@pytest.mark.seeded
@pytest.mark.parametrize("handle", ANY)
def test_a_place_names_the_muscles_that_may_be_behind_it_the_likeliest_first(client, handle):
    page = visit(client, f"/where-does-it-hurt/{handle}")

    assert page.heading == (BACK | FRONT)[handle]
    rows = page.main.select(".candidates__row")
    assert [row.h3.a["href"] for row in rows] == [f"/muscles/{m}" for m in LIKELIEST[handle]]
    for row in rows:
        told = words(row.p)
        assert "may be" in told or "may speak" in told or "Think of it" in told or "likely" in told
        assert "[^" not in told
        links = [link["href"] for link in row.select(".candidates__ways a")]
        assert [link.split("/")[1] for link in links] == ["pages", "blogs"]
        assert len(row.select(".candidates__sources li")) >= 1
    assert [title for title in titles(page, "h2") if title[0] == "W"] == [
        "What people feel here",
        "What else it can be",
        "When to see a doctor",
    ]


@pytest.mark.seeded
@pytest.mark.parametrize("handle", ANY)
def test_a_place_shows_itself_on_the_body_the_way_on_and_the_tool(client, handle):
    page = visit(client, f"/where-does-it-hurt/{handle}")

    marked = page.main.find("svg")["aria-label"]
    assert marked.endswith(f"Marked: {(BACK | FRONT)[handle].lower()}.")
    assert marked.startswith("Back" if handle in BACK else "Front")
    order = [*BACK, *FRONT]
    at = order.index(handle)
    near = [it for it in order[max(at - 1, 0) : at + 2] if it != handle]
    ways = [link["href"] for link in page.main.select(".region__link")]
    assert ways == [*linked(near), "/where-does-it-hurt#map"]
    tools = [card["href"] for card in page.main.select(".product-card__link")]
    tool = f"/products/ql-claw?from=/where-does-it-hurt/{handle}"
    assert (tool in tools) == bool(LIKELIEST[handle])
    assert page.main.select_one(".caution").a["href"] == "/where-does-it-hurt#signs"
    assert "Set-Cookie" not in page.response.headers


@pytest.mark.seeded
def test_the_back_of_the_leg_sends_one_to_somebody_first_and_shows_no_tutorial(client):
    page = visit(client, "/where-does-it-hurt/back-of-the-leg")

    assert "somebody should look at you first" in page.text
    assert "Muscles that may be behind it" not in page.text
    assert page.main.find_all("a", href=re.compile(r"^/pages/.+-release$")) == []


def test_every_note_and_text_of_the_map_cites_sources_that_there_are():
    seed = ROOT / "storefront/seed"
    known = {
        row["key"] for row in tomllib.loads((seed / "references.toml").read_text())["reference"]
    }
    for region in tomllib.loads((seed / "regions.toml").read_text())["region"]:
        for text in (region["body"], *(row["note"] for row in region.get("muscle", []))):
            assert cited(text), text
            assert set(cited(text)) <= known, region["handle"]


def test_a_map_without_places_says_where_else_to_look(client):
    page = visit(client, "/where-does-it-hurt")

    assert page.status == 200
    assert "The map has no places yet" in page.text
    assert page.follow("muscles").status == 200
    assert len(page.main.select(".signs__group")) == 3


def test_a_place_that_is_not_on_the_map_is_answered_with_those_that_are(client, session):
    make_region(session, "elbow")

    page = visit(client, "/where-does-it-hurt/nose")

    assert page.status == 404
    assert "There is no such place on the map." in page.text
    assert page.follow("Elbow").heading == "Elbow"


@pytest.mark.parametrize(
    "odd", ["%00", "%F0%9F%92%A9", "<script>", "x" * 5000, "%ED%A0%80", "..%2f"]
)
def test_an_odd_address_is_not_found(client, odd):
    for folder in ("where-does-it-hurt", "muscles"):
        assert client.get(f"/{folder}/{odd}").status_code == 404


def test_a_place_that_nobody_drew_is_in_the_list_and_has_a_page(client, session):
    make_region(session, "elbow")

    page = visit(client, "/where-does-it-hurt").follow("Elbow")

    assert (page.status, page.heading) == (200, "Elbow")
    assert page.main.find("svg") is None


def test_words_of_a_place_are_escaped(client, session):
    make_region(session, "elbow", name="<script>alert(1)</script>", summary="<b>bold</b>")

    for address in ("/where-does-it-hurt", "/where-does-it-hurt/elbow"):
        body = client.get(address).get_data(as_text=True)
        assert "<script>alert" not in body
        assert "<b>bold" not in body


@pytest.mark.seeded
def test_a_muscle_without_article_or_tutorial_is_named_all_the_same(client, session):
    muscle = Muscle(handle="lonely", name="Lonely")
    session.add(muscle)
    session.commit()
    make_region(session, "elbow", muscles=[muscle], position=99)

    page = visit(client, "/where-does-it-hurt/elbow")

    (row,) = page.main.select(".candidates__row")
    assert words(row) == "Lonely It may be the Lonely."
    assert page.main.select(".product-card") == []


def queries_of(app, client, address):
    counted = []
    engine = app.extensions["sessions"].engine

    def count(*_args):
        counted.append(1)

    event.listen(engine, "before_cursor_execute", count)
    try:
        assert client.get(address).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", count)
    return len(counted)


def test_the_pages_take_the_same_number_of_queries_however_much_there_is(app, client, session):
    def more(number):
        tutorial = make_tutorial(session, handle=f"lesson-{number}")
        product = make_variant(session, product=make_product(session)).product_id
        link = {"tutorial_id": tutorial.id, "product_id": product, "position": 0}
        session.execute(tutorial_products.insert(), [link])
        return session.get_one(Muscle, tutorial.muscle_id)

    first = [more(0)]
    make_region(session, "one", muscles=first)
    addresses = ["/where-does-it-hurt", "/where-does-it-hurt/one", "/muscles"]
    addresses.append(f"/muscles/{first[0].handle}")
    before = [queries_of(app, client, address) for address in addresses]

    several = [more(number) for number in range(1, 5)]
    for row, muscle in enumerate(several, start=1):
        session.add(RegionMuscle(region_id=1, muscle_id=muscle.id, position=row, note="May be."))
        make_region(session, f"region-{row}", muscles=[*first, *several], position=row)
    session.add(Reference(key="one", citation="One."))
    session.commit()

    assert [queries_of(app, client, address) for address in addresses] == before
    assert max(before) <= 10, before
    assert session.scalar(select(Region.id).filter_by(handle="region-4")) is not None
