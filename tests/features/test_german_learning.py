"""In German: where it hurts, what teaches, the log, and the search."""

import pytest
from sqlalchemy import select

from models import Muscle, SearchEntry, Translation, Tutorial
from models.translation import digest_of
from storefront.search.anew import index_row_anew
from tests.browser import visit

PSOAS = "/de/muscles/psoas"


def shown(client, query, **more):
    page = client.get("/de/search", query_string={"q": query, **more})
    assert page.status_code == 200
    return page.text


def suggested(client, query, prefix="/de"):
    found = client.get(f"{prefix}/search/suggest", query_string={"q": query}).json
    return [it["url"] for it in found]


@pytest.mark.seeded
def test_pages_that_teach_speak_german(client):
    signs = visit(client, "/de/where-does-it-hurt")
    assert signs.heading == "Wo tut es weh?"
    assert "Ruf den Notruf (112, in den USA 911)" in signs.text
    assert "Du hast oder hattest Krebs." in signs.text
    assert signs.main.select_one("a[href^='tel:']")["href"] == "tel:112"
    assert signs.link("Die Leiste") == "/de/where-does-it-hurt/groin"
    here = visit(client, "/de/where-does-it-hurt/groin").main
    named = here.select_one("svg[role=img]")["aria-label"]
    assert named == "Vorderseite des Körpers. Markiert: Die Leiste."
    tutorial = visit(client, "/de/pages/ql-release")
    for words in ("Lies das zuerst", "Hör sofort auf, wenn du das spürst", "Etwa 10 Sekunden"):
        assert words in tutorial.text
    player = visit(client, "/de/pages/ql-release/play?first=right")
    assert player.main.select_one("input[name=first][checked]")["value"] == "right"
    assert "Leg das Gerät in Reichweite." in player.text
    stage = player.html.select_one("routine-player")
    assert stage["data-say-left-within"] == "linke Seite"
    assert stage["data-keep"] == "/de/log /de/offline"
    assert "/de/pages/ql-release" in visit(client, "/de/pages/ql-release/print").text
    assert visit(client, "/de/muscles/nothing").heading == "Diese Seite gibt es hier nicht"
    letters = visit(client, "/de/glossary").main.select(".terms__letter")
    assert all(it.text.isascii() for it in letters)


@pytest.mark.seeded
def test_tags_are_read_in_german_and_keep_their_addresses(client):
    blog = visit(client, "/de/blogs/the-ql-blawg")
    tagged = blog.follow("übertragener Schmerz")
    assert tagged.url.endswith("/de/blogs/the-ql-blawg/tagged/referred-pain")
    assert tagged.heading == "Artikel zum Thema: übertragener Schmerz"
    assert tagged.html.find("a", string="referred pain") is None


@pytest.mark.seeded
@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("Gesäß", "/de/where-does-it-hurt/buttock"),
        ("gesaess", "/de/where-does-it-hurt/buttock"),
        ("Po", "/de/where-does-it-hurt/buttock"),
        ("Leistenschmerzen", "/de/where-does-it-hurt/groin"),
        ("Kreuzschmerzen", "/de/where-does-it-hurt/low-spine"),
        ("Steißbein", "/de/where-does-it-hurt/sacrum-and-tailbone"),
        ("Hüftbeuger", PSOAS),
    ],
)
def test_german_words_find_german_pages_alone(client, typed, url):
    assert url in shown(client, typed)
    found = suggested(client, typed)
    assert found
    assert all(it.startswith("/de/") for it in found)


@pytest.mark.seeded
def test_each_language_finds_its_own(client):
    assert suggested(client, "Gesäß", "") == []
    assert not any(it.startswith("/de/") for it in suggested(client, "psoas", ""))
    assert PSOAS in suggested(client, "psoas")
    page = shown(client, "QL Claw", kind="product")
    assert "/de/products/ql-claw" in page
    assert "\N{NO-BREAK SPACE}$" in page
    assert "Das sind die Treffer für <strong>piriformis</strong>." in shown(client, "piriformos")
    assert "Das sind die Treffer für <strong>rücken</strong>." in shown(client, "rueken")
    assert "Nichts gefunden für „xyzzyx“" in shown(client, "xyzzyx")
    refused = client.get("/de/search/suggest", query_string={"q": "x" * 300})
    assert refused.json == {"error": "Such nach höchstens 200 Zeichen."}


@pytest.mark.seeded
def test_what_is_said_anew_is_found_so_and_what_is_said_no_more_is_not(client, session):
    muscle = session.scalars(select(Muscle).filter_by(handle="psoas")).one()
    wanted = select(Translation).filter_by(language="de", digest=digest_of(muscle.location))
    said = session.scalars(wanted).one()
    said.text = "Neben dem Zwerchfellpfeiler."
    index_row_anew(session, muscle)
    session.commit()
    assert suggested(client, "Zwerchfellpfeiler") == [PSOAS]

    session.delete(said)
    index_row_anew(session, muscle)
    session.commit()
    urls = set(session.scalars(select(SearchEntry.url).filter_by(kind="muscle")))
    assert "/muscles/psoas" in urls
    assert PSOAS not in urls


@pytest.mark.seeded
def test_a_tutorial_that_is_taken_back_is_found_in_no_language(session):
    tutorial = session.scalars(select(Tutorial).filter_by(handle="psoas-release")).one()
    tutorial.published_at = None
    index_row_anew(session, tutorial)
    ends = select(SearchEntry.url).where(SearchEntry.url.endswith("/pages/psoas-release"))
    assert session.scalars(ends).all() == []
