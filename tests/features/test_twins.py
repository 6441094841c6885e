"""Each text as Markdown, for who wants the words alone."""

import json
import re

import pytest

from models import (
    BodySide,
    Muscle,
    Policy,
    Reference,
    Region,
    RegionMuscle,
    Routine,
    RoutinePart,
)
from tests.browser import visit
from tests.factories import make_article, make_blog, make_tutorial
from tests.features.linked import link

ARTICLE = "/blogs/the-ql-blawg/ql-muscle"


def read(client, path):
    """A twin: its front matter and its text."""
    answer = client.get(f"{path}.md")
    assert answer.status_code == 200, path
    assert answer.headers["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer.headers["Link"] == f'<http://localhost{path}>; rel="canonical"'
    assert answer.headers["Cache-Control"].startswith("public")
    assert len(client.get(f"{path}.md", headers={"Accept-Encoding": "br"}).data) <= len(answer.data)
    assert "noindex" not in answer.headers.get("X-Robots-Tag", "")
    _, front, text = answer.text.split("---\n", 2)
    said = dict(line.split(": ", 1) for line in front.splitlines())
    return {name: json.loads(value) for name, value in said.items()}, text


@pytest.mark.seeded
def test_pages_lead_to_their_twins_which_say_the_same(client):
    for path in (ARTICLE, "/pages/ql-release", "/pages/safety", "/policies/refund-policy"):
        page = visit(client, path)
        assert link(page, "alternate", "text/markdown") == [f"{path}.md"]

        front, text = read(client, path)

        assert front["title"] == page.heading
        assert front["canonical"] == f"http://localhost{path}"
        assert text.strip().startswith(f"# {page.heading}\n")
        assert "](/" not in text
        assert "figure:" not in text
        assert "\n\n\n" not in text
        assert "<p>" not in text
        for address in re.findall(r"\]\(http://localhost([^)\s]+)", text):
            with client.get(address) as answer:
                assert answer.status_code in {200, 301}, address


@pytest.mark.seeded
def test_an_articles_twin_has_its_author_dates_figure_and_sources(client):
    front, text = read(client, ARTICLE)
    page = visit(client, ARTICLE)

    assert front["author"] == "The QL Claw shop"
    assert front["published"] == page.main.select_one(".byline time")["datetime"]
    assert "anatomy" in front["tags"]
    assert "](http://localhost/static/img/figures/ql-anatomy.svg)" in text
    notes = re.findall(r"^\[\^[a-z0-9-]+\]: ", text, re.MULTILINE)
    assert len(notes) == len(set(notes)) == len(page.main.select(".footnotes li")) > 10


@pytest.mark.seeded
def test_a_tutorials_twin_has_its_cautions_before_its_steps(client):
    _, text = read(client, "/pages/ql-release")
    page = visit(client, "/pages/ql-release")

    order = ["## Read this first", "## Stop at once", "## What you need", "## Steps", "### 1. "]
    places = [text.index(each) for each in order]
    assert places == sorted(places)
    steps = [each.get_text() for each in page.main.select(".step h3")]
    assert re.findall(r"^### \d+\. (.+)$", text, re.MULTILINE) == steps
    assert f"- Muscle: {page.main.select_one('.routine__facts dd').get_text(strip=True)}" in text
    seconds = re.findall(r"About (\d+) seconds", page.text)
    assert re.findall(r"About (\d+) seconds", text) == seconds != []
    assert text.count("\n[^") == len({*re.findall(r"\[\^([a-z0-9-]+)\](?!:)", text)})


def test_odd_words_stay_as_they_were_typed(client, session):
    title = 'A "title": & <b> # \u0623 \U0001f9b4'
    body = "Line <script>\n\n[out](//example.org/x) [in](/pages/x) {{ 7*7 }}\n\n[a]: /b\n"
    make_article(session, blog=make_blog(session), handle="odd", title=title, body=body)

    front, text = read(client, "/blogs/the-ql-blawg/odd")

    assert front["title"] == title
    assert f"# {title}\n" in text
    assert "<script>" in text
    assert "[out](//example.org/x) [in](http://localhost/pages/x) {{ 7*7 }}" in text
    assert "[a]: http://localhost/b" in text


def test_a_canonical_address_of_any_script_is_ascii_in_the_header(client, session):
    url = "https://example.org/\u0448>;rel=next"
    make_article(session, blog=make_blog(session), handle="odd", canonical_url=url)

    answer = client.get("/blogs/the-ql-blawg/odd.md")

    assert answer.headers["Link"].startswith("<https://example.org/%D1%88%3E;rel=next>")


def test_a_note_without_a_source_stays_and_one_with_it_is_explained(client, session):
    source = Reference(key="a", citation="A book.", doi="10.1/x")
    blog, body = make_blog(session), "It is.[^a] So.[^b]"
    make_article(session, blog=blog, handle="one", body=body, references=[source])

    _, text = read(client, "/blogs/the-ql-blawg/one")

    assert text.endswith("It is.[^a] So.[^b]\n\n[^a]: A book. <https://doi.org/10.1/x>\n")


def test_regions_and_routines_have_a_twin(client, session):
    tutorial = make_tutorial(session, title="Press", handle="press")
    muscle = Muscle(handle="ql", name="QL")
    region = Region(handle="low-back", name="Low back", side=BodySide.BACK, body_markdown="Words.")
    region.muscles = [RegionMuscle(muscle=muscle, note="Deep.")]
    routine = Routine(handle="ten", title="Ten minutes", summary="Short.")
    routine.parts = [RoutinePart(tutorial_id=tutorial.id, steps=[1])]
    session.add_all([muscle, region, routine])
    session.flush()

    _, of_region = read(client, "/where-does-it-hurt/low-back")
    _, of_routine = read(client, "/routines/ten")

    assert "- [QL](http://localhost/muscles/ql): Deep." in of_region
    assert of_routine.index("- Stop when it hurts.") < of_routine.index(
        "## [Press](http://localhost/pages/press)"
    )
    assert "### 1. Lie down" in of_routine


def test_a_wrong_address_has_no_twin(client, session):
    make_article(session, blog=make_blog(session), handle="here")
    make_blog(session, "other")
    session.add(Policy(handle="returns", title="Returns"))
    session.flush()

    for address in (
        *("/blogs/other/here", "/blogs/the-ql-blawg/nowhere", "/pages/here", "/pages/returns"),
        *("/policies/here", "/routines/here", "/where-does-it-hurt/here", "/pages/%00"),
    ):
        assert client.get(f"{address}.md").status_code == 404, address


@pytest.mark.seeded
def test_a_list_for_programs_leads_to_every_twin(client):
    answer = client.get("/llms.txt")

    assert answer.text.startswith("# QL Claw\n\n> ")
    addresses = re.findall(r"\]\(http://localhost(/[^)]+\.md)\)", answer.text)
    assert {f"{ARTICLE}.md", "/pages/ql-release.md", "/pages/safety.md"} <= set(addresses)
    for address in addresses:
        assert client.get(address).status_code == 200, address
    assert "/policies/refund-policy" not in answer.text
