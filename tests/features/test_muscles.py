"""The pages of the muscles, and the glossary."""

import tomllib

import pytest

from models import GlossaryTerm, Muscle
from storefront.config import ROOT
from storefront.text import render
from tests.browser import visit

MUSCLES = {
    "quadratus-lumborum": ("Quadratus lumborum (QL)", "ql-muscle", "ql-release"),
    "psoas": ("Psoas", "psoas-muscle-pain", "psoas-release"),
    "iliacus": ("Iliacus", "iliacus-release", "iliacus-release"),
    "gluteus-medius": ("Gluteus medius", "gluteus-medius-pain", "gluteus-medius-release"),
    "piriformis": ("Piriformis", "piriformis-trigger-points", "piriformis-release"),
}
FELT = {
    "quadratus-lumborum": 7,
    "psoas": 6,
    "iliacus": 3,
    "gluteus-medius": 5,
    "piriformis": 3,
}


def words(tag):
    return " ".join(tag.get_text(" ").split())


def addresses(page, part):
    return [link["href"] for link in page.main.select(part)]


def add_term(session, term, **over):
    definition = over.pop("definition", f"{term}, *explained*.")
    session.add(
        GlossaryTerm(
            handle=over.pop("handle", term.lower().replace(" ", "-")),
            term=term,
            definition_markdown=definition,
            definition_html=render(definition),
            **over,
        )
    )
    session.commit()


@pytest.mark.seeded
def test_the_list_shows_the_five_muscles_with_their_figures(client):
    page = visit(client, "/").follow("The five muscles")

    assert page.heading == "The muscles"
    assert [words(h) for h in page.main.find_all("h2")] == [it[0] for it in MUSCLES.values()]
    assert addresses(page, ".plate__link") == [f"/muscles/{handle}" for handle in MUSCLES]
    assert len(page.main.select(".plate img")) == 5


@pytest.mark.seeded
@pytest.mark.parametrize("handle", MUSCLES)
def test_a_muscle_leads_to_its_places_article_tutorial_and_tool(client, handle):
    page = visit(client, f"/muscles/{handle}")

    name, article, tutorial = MUSCLES[handle]
    assert page.heading == name
    assert words(page.main.select_one(".muscle__latin")).startswith("Musculus ")
    figures = page.main.select(".figure__image")
    assert len(figures) == 2
    assert all(figure["alt"].endswith(".") for figure in figures)
    assert "referred-pain" in figures[1]["src"]
    assert len(addresses(page, ".chips__link")) == FELT[handle]
    assert addresses(page, ".tutorial-card__link") == [f"/pages/{tutorial}"]
    assert addresses(page, ".article-card__link")[0] == f"/blogs/the-ql-blawg/{article}"
    assert f"/products/ql-claw?from=/muscles/{handle}" in addresses(page, ".product-card__link")
    assert len(page.main.select(".sources__item")) >= 3
    assert page.follow(words(page.main.select_one(".chips__link"))).link(name) == (
        f"/muscles/{handle}"
    )
    assert "Set-Cookie" not in page.response.headers


def test_a_muscle_that_the_shop_does_not_know_is_answered_with_those_it_knows(client, session):
    session.add(Muscle(handle="soleus", name="Soleus"))
    session.commit()

    page = visit(client, "/muscles/heart")

    assert page.status == 404
    assert page.follow("Soleus").heading == "Soleus"


def test_without_muscles_the_list_says_so(client):
    page = visit(client, "/muscles")

    assert (page.status, "does not write about any muscle yet" in page.text) == (200, True)


def test_a_bare_muscle_has_a_page(client, session):
    session.add(Muscle(handle="soleus", name="Soleus <b>", location="Low <i>leg</i>"))
    session.commit()

    page = visit(client, "/muscles/soleus")

    assert (page.status, page.heading) == (200, "Soleus <b>")
    assert page.main.find(["img", "b", "i"]) is None


def test_the_glossary_runs_from_a_to_z_with_letters_to_jump_to(client, session):
    add_term(session, "psoas", also=["psoas major"], see="/muscles")
    add_term(session, "Ache")
    add_term(session, "12th rib", handle="twelfth-rib")
    add_term(session, "Pelvis")

    page = visit(client, "/glossary")

    letters = page.main.select(".letters__link")
    assert [words(letter) for letter in letters] == ["#", "A", "P"]
    for letter in letters:
        section = page.main.find(id=letter["href"].removeprefix("#"))
        assert words(section.h2) == words(letter)
    assert [words(h) for h in page.main.find_all("h3")] == ["12th rib", "Ache", "Pelvis", "psoas"]
    entry = page.main.find(id="psoas")
    assert words(entry.select_one(".term__also")) == "Also: psoas major"
    assert entry.em.get_text() == "explained"
    assert words(entry.find("a")) == "Read on about psoas"
    assert entry.find("a")["href"] == "/muscles"


def test_an_empty_glossary_says_where_words_are_found(client):
    page = visit(client, "/glossary")

    assert (page.status, page.main.select(".letters")) == (200, [])
    assert "No word has been explained yet" in page.text


def test_a_word_with_markup_is_shown_as_it_is_written(client, session):
    add_term(session, "<script>", handle="script", also=["<b>"], definition="<img src=x>")
    add_term(session, "Foreign", see="javascript:alert(1)")

    page = visit(client, "/glossary")

    assert page.main.find(["script", "b", "img"]) is None
    assert page.main.find(id="foreign").find("a") is None


@pytest.mark.seeded
def test_every_word_of_the_seed_is_explained_and_leads_somewhere_that_there_is(client):
    seed = ROOT / "storefront/seed/glossary.toml"
    terms = tomllib.loads(seed.read_text())["term"] if seed.exists() else []

    page = visit(client, "/glossary")

    assert {term["id"] for term in page.main.select(".term")} == {it["handle"] for it in terms}
    assert len(page.html.find_all(id=True)) == len({it["id"] for it in page.html.find_all(id=True)})
    for link in page.main.select(".term a[href^='/']"):
        assert client.get(link["href"]).status_code == 200, link["href"]
