"""Machines that ask for German get German: feeds, twins, linked data, share pictures, errors."""

import re
from xml.etree import ElementTree as ET

import pytest

from models import ArticleTag, Redirect, Translation
from models.translation import digest_of
from tests.browser import visit
from tests.factories import make_article, make_blog, make_product, make_variant
from tests.features.linked import link, meta, things
from tests.features.test_comments import make_comment

ATOM = "{http://www.w3.org/2005/Atom}"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
SAID = {
    "The QL": "Der QL",
    "anatomy": "Anatomie",
    "On *it*, see [more](/pages/safety).": "Mehr [dazu](/pages/safety).",
}


@pytest.fixture
def article(session):
    made = make_article(session, blog=make_blog(session), handle="ql", title="The QL")
    session.add_all(ArticleTag(article_id=made.id, tag=it) for it in ("anatomy", "sitting"))
    made.body_markdown, made.body_html = [*SAID][2], "<p>English</p>"
    session.add_all(
        Translation(language="de", digest=digest_of(own), text=text, place="test")
        for own, text in SAID.items()
    )
    session.commit()
    return made


def feed(client, path):
    answer = client.get(path)
    assert answer.status_code == 200, path
    return ET.fromstring(answer.data)  # noqa: S314 (our own answer)


def test_the_feed_of_articles_speaks_german_and_leads_to_german_pages(client, article):
    root = feed(client, "/de/blogs/the-ql-blawg.atom")

    assert root.get(XML_LANG) == "de"
    entry = root.find(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}title") == "Der QL"
    links = [it.get("href") for it in root.iter(f"{ATOM}link")]
    page = "http://localhost/de/blogs/the-ql-blawg"
    assert links == [f"{page}.atom", page, f"{page}/ql"]
    assert 'href="http://localhost/de/pages/safety"' in entry.findtext(f"{ATOM}content")
    english = feed(client, "/blogs/the-ql-blawg.atom").find(f"{ATOM}entry")
    ids = [it.findtext(f"{ATOM}id") for it in (english, entry)]
    assert ids[1] == f"{ids[0]}/de"


def test_the_feed_of_comments_says_which_are_in_another_language(client, session, article):
    for code in ("en", "de"):
        make_comment(session, article, text=code, language=code)

    root = feed(client, "/de/blogs/the-ql-blawg/ql.comments.atom")

    assert root.findtext(f"{ATOM}title").startswith("Kommentare zu „Der QL“ – ")
    assert root.findtext(f"{ATOM}entry/{ATOM}title") == "Ann zu „Der QL“"
    said = {it.text: it.get(XML_LANG) for it in root.iter(f"{ATOM}content")}
    assert said == {"en": "en", "de": None}
    for each in root.iter(f"{ATOM}link"):
        assert each.get("href").startswith("http://localhost/de/")


def test_twins_and_their_list_speak_german(client, article):
    listed = client.get("/de/llms.txt").text
    assert "## Artikel" in listed
    assert "[Der QL](http://localhost/de/blogs/the-ql-blawg/ql.md)" in listed
    assert "[The QL](http://localhost/blogs/the-ql-blawg/ql.md)" in client.get("/llms.txt").text

    twin = client.get("/de/blogs/the-ql-blawg/ql.md")
    assert '\nlanguage: "de"\n' in twin.text
    assert "Mehr [dazu](http://localhost/de/pages/safety)." in twin.text
    assert twin.headers["Link"].startswith("<http://localhost/de/blogs/the-ql-blawg/ql>")


@pytest.mark.seeded
def test_a_tutorials_twin_has_its_german_cautions_before_its_steps(client):
    text = client.get("/de/pages/ql-release.md").text
    order = ("## Lies das zuerst", "## Auf einen Blick", "- Muskel: ", "### 1. ")
    places = [text.index(it) for it in order]
    assert places == sorted(places)
    assert "http://localhost/static/" in text
    assert not re.search(r"\(http://localhost/(?!de/|static/|media/)", text)


def test_a_page_says_to_machines_in_which_language_it_is(client, session, article):
    page = visit(client, "/de/blogs/the-ql-blawg/ql")
    said = things(page)
    url = "http://localhost/de/blogs/the-ql-blawg/ql"
    assert (said["Article"]["inLanguage"], said["Article"]["url"]) == ("de", url)
    assert said["Article"]["headline"] == "Der QL"
    assert said["Article"]["keywords"] == ["Anatomie", "sitting"]  # one of them has no German
    assert said["BreadcrumbList"]["itemListElement"][0]["item"] == "http://localhost/de/"
    assert link(page, "alternate", "text/markdown") == ["/de/blogs/the-ql-blawg/ql.md"]
    home = things(visit(client, "/de/"))["WebSite"]
    assert (home["inLanguage"], home["url"]) == ("de", "http://localhost/de/")
    assert "inLanguage" not in things(visit(client, "/"))["WebSite"]

    shared = [meta(visit(client, f"{it}/blogs/the-ql-blawg/ql"), "og:image") for it in ("", "/de")]
    addresses = [it.removeprefix("http://localhost") for it in shared]
    assert addresses[1].startswith("/de/share/article/ql-")
    for _ in range(2):  # that of one language does not take the other's place
        drawn = [client.get(it) for it in addresses]
        assert [(it.status_code, it.mimetype) for it in drawn] == [(200, "image/png")] * 2
    assert drawn[0].data != drawn[1].data


def test_the_home_page_menus_and_mistakes_speak_german(client, session):
    make_variant(session, product=make_product(session, title="QL Claw"), on_hand=9)
    session.add(Redirect(path="/old", target="/tutorials", actor="test"))
    session.commit()

    page = visit(client, "/de/")
    price = page.main.find(class_="hero__price").get_text(" ", strip=True)
    assert price.startswith("QL Claw, 89,00\N{NO-BREAK SPACE}$")
    assert page.link("QL Claw ansehen").startswith("/de/products/")
    assert page.main.find("a", string="wann du nicht drücken darfst")["href"] == "/de/pages/safety"
    menu = [it.get_text(strip=True) for it in page.html.select(".masthead__link")]
    assert menu[:3] == ["Wo tut es weh?", "Shop", "Anleitungen"]
    assert menu[-1] == "Warenkorb (0 Stück)"
    assert page.link("Rücksendung und Erstattung") == "/de/policies/refund-policy"

    missing = visit(client, "/de/nothing")
    assert (missing.status, missing.link("Anleitungen")) == (404, "/de/tutorials")
    assert "Fehler 404" in missing.text
    assert client.get("/de/old?a=1").location == "/de/tutorials?a=1"
    answer = client.get("/de/nothing", headers={"Accept": "application/json"})
    assert answer.json["message"].startswith("Vielleicht ist die Adresse vertippt")
    refused = client.post("/de/newsletter", headers={"Origin": "https://example.net"})
    assert (refused.status_code, "von einer anderen Website" in refused.text) == (403, True)
