"""Every kind of thing that can be found: in groups, in a good order, suggested while one types."""

from urllib.parse import urlencode

import pytest
from sqlalchemy import delete, select

from models import (
    BodySide,
    GlossaryTerm,
    Muscle,
    Region,
    RegionMuscle,
    Routine,
    RoutinePart,
    SearchEntry,
    SearchWord,
)
from storefront.search.index import index_page
from storefront.seed.finding import index_everything
from storefront.text import render
from tests.browser import visit
from tests.factories import make_article, make_blog, make_product, make_tutorial, make_variant


def ask(client, query, **more):
    return visit(client, "/search?" + urlencode({"q": query, **more}))


def shown(page):
    """Return (kind, title) of each result."""
    return [
        (it.select_one(".label").get_text(), " ".join(it.h3.get_text().split()))
        for it in page.main.select(".result")
    ]


def suggested(client, query):
    answer = client.get("/search/suggest", query_string={"q": query})
    assert answer.status_code == 200
    return [(it["kind"], it["title"], it["url"]) for it in answer.json]


@pytest.fixture
def body(session):
    """A muscle, a region, a routine and a word of the glossary, as the back office leaves them."""
    tutorial = make_tutorial(session, title="Soleus release", handle="soleus-release")
    muscle = Muscle(handle="soleus", name="Soleus", latin="Musculus soleus", location="Calf.")
    session.add(muscle)
    session.flush()
    region = Region(handle="calf", name="Back of the calf", side=BodySide.BACK, summary="Below.")
    region.muscles = [RegionMuscle(muscle_id=muscle.id, note="Felt when you climb stairs.")]
    routine = Routine(handle="evening", title="An evening", body_html=render("Before *bed*."))
    routine.parts = [RoutinePart(tutorial_id=tutorial.id)]
    term = GlossaryTerm(handle="rom", term="Range of motion", also=["ROM"])
    term.definition_html = render("How far a joint goes.")
    session.add_all([region, routine, term])
    session.flush()
    session.expunge_all()
    index_everything(session)
    session.flush()


@pytest.mark.parametrize(
    ("query", "kind", "title", "url"),
    [
        ("musculus", "muscle", "Soleus", "/muscles/soleus"),
        ("stairs", "where it hurts", "Back of the calf", "/where-does-it-hurt/calf"),
        ("bed", "routine", "An evening", "/routines/evening"),
        ("rom", "word explained", "Range of motion", "/glossary#rom"),
        ("joint goes", "word explained", "Range of motion", "/glossary#rom"),
    ],
)
def test_every_kind_is_found_by_its_own_words(client, body, query, kind, title, url):
    page = ask(client, query)

    assert (kind, title) in shown(page)
    assert url in [it["href"] for it in page.main.select(".result__title a")]


def test_a_routine_is_found_by_its_tutorials_and_a_region_by_its_muscles(client, body):
    assert sorted(shown(ask(client, "soleus"))) == [
        ("muscle", "Soleus"),
        ("routine", "An evening"),
        ("tutorial", "Soleus release"),
        ("where it hurts", "Back of the calf"),
    ]


@pytest.fixture
def many(session):
    """The same words as a tutorial, an article, a page, and a product with them in its text."""
    from models import PlainPage

    page = PlainPage(handle="about-sacrum", title="Sacrum notes", body_html=render("Sacrum."))
    session.add(page)
    session.flush()
    index_page(session, page)
    make_variant(
        session, product=make_product(session, title="Wedge", description="For the sacrum.")
    )
    make_article(session, blog=make_blog(session), title="Sacrum notes", body="Sacrum.")
    make_tutorial(session, title="Sacrum notes")


def test_titles_go_first_and_tutorials_and_articles_before_pages(client, many):
    results = shown(ask(client, "sacrum"))

    assert sorted(results[:2]) == [("article", "Sacrum notes"), ("tutorial", "Sacrum notes")]
    assert results[2:] == [("page", "Sacrum notes"), ("product", "Wedge")]


def test_results_are_narrowed_to_a_kind_by_a_link(client, many):
    page = ask(client, "sacrum")
    links = [" ".join(it.get_text().split()) for it in page.main.select(".search-kinds a")]
    assert links == ["All 4", "Tutorials 1", "Articles 1", "Products 1", "Pages 1"]

    narrowed = page.follow("Articles 1")

    assert narrowed.url.endswith("/search?q=sacrum&kind=article")
    assert shown(narrowed) == [("article", "Sacrum notes")]
    current = narrowed.main.select_one(".search-kinds [aria-current=page]")
    assert current.get_text(" ").split() == ["Articles", "1"]
    assert len(shown(narrowed.follow("All 4"))) == 4


def test_a_kind_without_results_says_where_the_others_are(client, many):
    page = ask(client, "sacrum", kind="muscle")

    assert shown(page) == []
    assert "Nothing found for “sacrum” among these" in page.text
    assert len(shown(page.follow("Show results of every kind"))) == 4


def test_a_strange_kind_is_not_found(client, many):
    for kind in ("policy", "tutorials", "'", "\0"):
        assert ask(client, "sacrum", kind=kind).status == 404


def test_what_was_asked_for_is_marked_in_titles_too(client, many):
    page = ask(client, "sacrum")

    assert [it.get_text() for it in page.main.select(".result__title mark")] == ["Sacrum"] * 3


def test_markup_in_a_title_is_shown_as_text(client, session):
    make_product(session, title="<b>Sacrum</b> & co", description="A wedge.")

    page = ask(client, "sacrum")

    assert shown(page) == [("product", "<b>Sacrum</b> & co")]
    assert page.main.select(".result b") == []


def test_suggestions_are_the_best_eight_and_the_same_to_everybody(client, session, many):
    found = suggested(client, "sac")
    assert sorted(kind for kind, _, _ in found[:2]) == ["article", "tutorial"]
    assert found[2] == ("page", "Sacrum notes", "/pages/about-sacrum")
    assert found[3][:2] == ("product", "Wedge")
    for number in range(10):
        make_product(session, title=f"Sacrum {number}")
    assert len(suggested(client, "sacrum")) == 8

    client.set_cookie("cart", "hers")
    answer = client.get("/search/suggest?q=sacrum")
    assert answer.headers["Cache-Control"].startswith("public, max-age=300")
    assert "Set-Cookie" not in answer.headers


def test_suggestions_mend_and_know_what_people_say(client, many):
    assert suggested(client, "scarum")[0][1] == "Sacrum notes"
    assert suggested(client, "tailbone")[0][1] == "Sacrum notes"
    assert suggested(client, "") == suggested(client, '"') == suggested(client, "xylophone") == []


def test_suggestions_for_ten_thousand_signs_are_refused(client, many):
    answer = client.get("/search/suggest", query_string={"q": "x" * 10_000})

    assert answer.status_code == 422
    assert answer.json == {"error": "Search for at most 200 characters."}


@pytest.mark.seeded
def test_the_index_is_built_anew_by_a_command(app, session):
    entries = select(SearchEntry.kind, SearchEntry.url, SearchEntry.title, SearchEntry.body)
    before = sorted(session.execute(entries))
    words = sorted(session.scalars(select(SearchWord.word)))
    assert {row.kind for row in before} >= {"product", "article", "tutorial", "muscle", "page"}
    session.execute(delete(SearchEntry).where(SearchEntry.kind == "article"))
    session.add(SearchEntry(kind="page", url="/pages/gone", title="Gone"))
    session.add(SearchWord(word="gone-word"))
    session.flush()

    for _ in range(2):
        done = app.test_cli_runner().invoke(args=["index"])
        assert done.output == f"{len(before)} things can be found.\n"

    session.rollback()
    assert sorted(session.execute(entries)) == before
    assert sorted(session.scalars(select(SearchWord.word))) == words
