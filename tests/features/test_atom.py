"""Readers of feeds get the newest articles, whole, with links that work from anywhere."""

import re
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import update

from models import Article, ArticleTag
from tests.browser import visit
from tests.factories import make_article, make_author, make_blog
from tests.features.linked import link
from tests.features.test_caching import counted

ATOM = "{http://www.w3.org/2005/Atom}"


def read(client, path="/blogs/the-ql-blawg.atom"):
    """A feed that has what RFC 4287 demands of it, and its entries."""
    answer = client.get(path)
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8", path
    root = ET.fromstring(answer.data)  # noqa: S314 (our own answer)
    assert root.tag == f"{ATOM}feed"
    for holder in (root, *root.findall(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(holder.findall(ATOM + name)) == 1, name
        assert datetime.fromisoformat(holder.findtext(f"{ATOM}updated")).tzinfo
        assert ":" in holder.findtext(f"{ATOM}id")
    for entry in root.findall(f"{ATOM}entry"):
        assert entry.findtext(f"{ATOM}author/{ATOM}name")
        assert len(entry.findall(f"{ATOM}link[@rel='alternate']")) == 1
    ids = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert len(ids) == len(set(ids))
    return answer, root, root.findall(f"{ATOM}entry")


@pytest.mark.seeded
def test_the_feed_has_the_articles_of_the_blog_as_their_pages_show_them(client):
    page = visit(client, "/blogs/the-ql-blawg")
    _, root, entries = read(client)

    (own,) = root.findall(f"{ATOM}link[@rel='self']")
    assert own.get("href") == "http://localhost/blogs/the-ql-blawg.atom"
    titles = [each.get_text(strip=True) for each in page.main.select(".article-card__title")]
    assert [entry.findtext(f"{ATOM}title") for entry in entries] == titles
    for entry in entries:
        address = entry.find(f"{ATOM}link").get("href").removeprefix("http://localhost")
        shown = visit(client, address)
        assert shown.heading == entry.findtext(f"{ATOM}title")
        assert entry.findtext(f"{ATOM}author/{ATOM}name") in shown.text
        published = shown.main.select_one(".byline time")["datetime"]
        assert entry.findtext(f"{ATOM}published") == published
        content = entry.find(f"{ATOM}content")
        assert content.get("type") == "html"
        assert len(content.text) > 1000
        for start in ('href="/', 'src="/', 'href="#'):
            assert start not in content.text
        assert 'href="http://localhost' in content.text
        for picture in re.findall(r'src="http://localhost([^"]+)"', content.text):
            with client.get(picture) as answer:
                assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin", picture


@pytest.mark.seeded
def test_pages_lead_to_their_feeds(client):
    feed, kind = "/blogs/the-ql-blawg.atom", "application/atom+xml"
    tagged = "/blogs/the-ql-blawg/tagged/anatomy"

    assert link(visit(client, "/blogs/the-ql-blawg"), "alternate", kind) == [feed]
    article = "/blogs/the-ql-blawg/ql-muscle"
    assert link(visit(client, article), "alternate", kind) == [feed, f"{article}.comments.atom"]
    assert link(visit(client, tagged), "alternate", kind) == [feed, f"{tagged}.atom"]
    _, root, entries = read(client, f"{tagged}.atom")
    assert root.findtext(f"{ATOM}title") == "The QL Blawg: anatomy"
    for entry in entries:
        assert "anatomy" in [each.get("term") for each in entry.findall(f"{ATOM}category")]
    assert 0 < len(entries) == len(visit(client, tagged).main.select(".article-card"))


def test_odd_words_stand_in_the_feed_as_they_are(client, session):
    odd = "Fish & <chips> \u0623\u0644\u0645 \U0001f9b4 ]]> \u0001\u000b\ufffe'\""
    author = make_author(session, "A & B <c>")
    make_article(session, blog=make_blog(session), title=odd, body=f"{odd}\n", author=author)

    _, _, (entry,) = read(client)

    readable = odd.replace("\u0001\u000b\ufffe", "")
    assert entry.findtext(f"{ATOM}title") == readable
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "A & B <c>"
    assert "Fish &amp; &lt;chips&gt;" in entry.findtext(f"{ATOM}content")


def test_a_feed_that_has_not_changed_is_not_sent_again(client, session):
    text = make_article(session, blog=make_blog(session))
    first, root, _ = read(client)
    assert first.last_modified == datetime.fromisoformat(root.findtext(f"{ATOM}updated"))
    assert first.last_modified == text.updated_at.replace(microsecond=0)

    for headers in (
        {"If-None-Match": first.headers["ETag"]},
        {"If-Modified-Since": first.headers["Last-Modified"]},
    ):
        again = client.get("/blogs/the-ql-blawg.atom", headers=headers)
        assert (again.status_code, again.data) == (304, b"")

    later = text.updated_at + timedelta(minutes=1)
    session.execute(update(Article).values(title="Changed", updated_at=later))
    anew = client.get(
        "/blogs/the-ql-blawg.atom", headers={"If-Modified-Since": first.headers["Last-Modified"]}
    )
    assert (anew.status_code, "Changed" in anew.text) == (200, True)


def test_an_entry_keeps_its_id_whatever_becomes_of_it(client, session):
    make_article(session, blog=make_blog(session), handle="before")
    _, _, (first,) = read(client)

    session.execute(update(Article).values(handle="after", title="After"))
    _, _, (then,) = read(client)

    assert then.findtext(f"{ATOM}id") == first.findtext(f"{ATOM}id")
    assert then.find(f"{ATOM}link").get("href") == "http://localhost/blogs/the-ql-blawg/after"


def test_an_article_written_long_before_it_appears_is_new_in_the_feed(client, session):
    early = datetime(2026, 1, 1, tzinfo=UTC)
    text = make_article(session, blog=make_blog(session), updated_at=early)

    _, root, (entry,) = read(client)

    appeared = text.published_at.replace(microsecond=0).isoformat()
    assert entry.findtext(f"{ATOM}updated") == root.findtext(f"{ATOM}updated") == appeared


def test_the_feed_holds_the_newest_twenty_in_a_constant_number_of_queries(app, client, session):
    blog, counts = make_blog(session), []
    for more in (3, 27):
        for _ in range(more):
            make_article(session, blog=blog, tags=[ArticleTag(tag="back")])
        with counted(app) as seen:
            _, _, entries = read(client)
        counts.append((len(entries), len(seen)))

    assert counts == [(3, 3), (20, 3)]


def test_an_empty_blog_has_an_empty_feed_and_a_wrong_one_none(client, session):
    make_blog(session)

    assert read(client)[2] == []
    assert client.get("/blogs/nowhere.atom").status_code == 404
    assert client.get("/blogs/the-ql-blawg/tagged/nothing.atom").status_code == 404
