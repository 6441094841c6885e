"""Writing articles: saving, previewing, publishing."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from models import Article, Reference, SearchEntry
from models.content import article_references
from tests.browser import visit
from tests.factories import make_article, make_blog
from tests.staff import counted_statements, rows, sign_in

ADDRESS = "/staff/articles/the-ql"


@pytest.fixture
def blog(session):
    return make_blog(session)


@pytest.fixture
def article(session, blog):
    session.add_all(
        [
            Reference(key="gray", citation="Gray, Anatomy"),
            Reference(key="travell", citation="Travell"),
        ]
    )
    return make_article(session, blog=blog, handle="the-ql", title="The QL", body="It is *deep*.")


def saved(session):
    """Return all that saving an article could change."""
    session.rollback()
    article = session.scalars(select(Article).execution_options(populate_existing=True)).one()
    link = article_references.c
    cited = session.scalars(
        select(Reference.key)
        .join(article_references, link.reference_id == Reference.id)
        .order_by(link.position)
    ).all()
    found = session.execute(select(SearchEntry.title, SearchEntry.body)).all()
    session.rollback()
    words = (article.title, article.summary, article.body_markdown, article.body_html)
    return words, article.published_at, cited, found, article.updated_at


def test_the_list_shows_unpublished_articles_too(client, session, blog, article):
    sign_in(client, session)
    make_article(session, blog=blog, title="Not yet", published_at=None)

    found = rows(visit(client, "/staff/articles?sort=title"))

    assert [line[0] for line in found] == ["Not yet", "The QL"]
    assert found[0][1:4] == ["The QL Blawg", "The shop", "Not published"]


def test_the_list_costs_the_same_however_long_it_is(app, client, session, blog, article):
    sign_in(client, session)

    with counted_statements(app) as with_one:
        visit(client, "/staff/articles")
    for _ in range(10):
        make_article(session, blog=blog)
    with counted_statements(app) as with_many:
        visit(client, "/staff/articles")

    assert len(with_many) == len(with_one)


def test_a_saved_article_stands_in_the_shop_with_its_references(client, session, article):
    sign_in(client, session)

    page = visit(client, ADDRESS).submit(
        "Save",
        title="The muscle",
        summary="In\r\nshort.",
        body="Deep.[^travell]\r\n\r\nAnd wide.[^gray] And deep.[^travell]",
    )

    assert page.status == 200
    assert "The muscle is saved, and published." in page.text
    words, _, cited, found, _ = saved(session)
    assert words[:3] == (
        "The muscle",
        "In short.",
        "Deep.[^travell]\n\nAnd wide.[^gray] And deep.[^travell]",
    )
    assert cited == ["travell", "gray"]
    assert found[0].title == "The muscle"
    shop = visit(client, "/blogs/the-ql-blawg/the-ql")
    assert shop.heading == "The muscle"
    assert "Gray, Anatomy" in shop.text


def test_references_that_are_no_longer_cited_are_unlinked(client, session, article):
    sign_in(client, session)
    visit(client, ADDRESS).submit("Save", body="Deep.[^gray]")

    visit(client, ADDRESS).submit("Save", body="Deep.")

    assert saved(session)[2] == []


def test_references_that_nobody_knows_are_named(client, session, article):
    sign_in(client, session)
    before = saved(session)

    page = visit(client, ADDRESS).submit("Save", body="A[^one] b[^gray] c[^two].")

    assert page.status == 422
    assert page.errors() == [
        "No reference is known as [^one], [^two]. Correct the key, or take it out."
    ]
    assert page.main.find(id="body").get_text().strip() == "A[^one] b[^gray] c[^two]."
    assert saved(session) == before


def test_a_footnote_of_the_text_itself_needs_no_reference(client, session, article):
    sign_in(client, session)

    page = visit(client, ADDRESS).submit("Save", body="Deep.[^own]\n\n[^own]: My own words.")

    assert page.status == 200
    words, _, cited, _, _ = saved(session)
    assert "My own words." in words[3]
    assert cited == []


def test_a_preview_shows_what_was_typed_and_saves_nothing(client, session, article):
    sign_in(client, session)
    before = saved(session)

    page = visit(client, ADDRESS).submit(
        "Preview", title="New", body="It is **wide**.[^gray] <script>alert(1)</script>"
    )

    assert page.status == 200
    frame = page.main.find(id="preview").iframe
    assert frame["sandbox"] == ["allow-same-origin"]  # no script, no form
    preview = BeautifulSoup(frame["srcdoc"], "html.parser").main
    assert preview.h1.get_text() == "New"
    assert preview.find("strong").get_text() == "wide"
    assert "Gray, Anatomy" in preview.get_text()
    assert preview.find("script") is None
    assert page.main.find(id="title")["value"] == "New"
    assert saved(session) == before
    assert page.submit("Save").status == 200
    assert saved(session)[0][0] == "New"


def test_a_preview_of_a_wrong_form_says_what_is_wrong(client, session, article):
    sign_in(client, session)
    form = visit(client, ADDRESS)

    empty = form.submit("Preview", title="")
    unknown = form.submit("Preview", body="A[^nobody]")

    assert (empty.status, empty.errors()) == (422, ["Enter a title."])
    assert unknown.status == 422
    assert unknown.main.find(id="preview").has_attr("hidden")


def test_an_article_is_taken_back_and_published_again(client, session, article):
    sign_in(client, session)

    page = visit(client, ADDRESS).submit("Unpublish", title="Better")

    assert "Better is saved, and not published." in page.text
    assert saved(session)[1] is None
    assert saved(session)[3] == []
    assert visit(client, "/blogs/the-ql-blawg/the-ql").status == 404

    page.submit("Save", title="Better still")

    assert saved(session)[1] is None

    visit(client, ADDRESS).submit("Publish")

    assert saved(session)[1] is not None
    assert visit(client, "/blogs/the-ql-blawg/the-ql").heading == "Better still"


def test_saving_a_published_article_keeps_its_date(client, session, article):
    sign_in(client, session)
    before = saved(session)[1]

    visit(client, ADDRESS).submit("Save", title="Better")

    assert saved(session)[1] == before


def test_two_who_write_at_once_lose_neither_text(client, session, article):
    sign_in(client, session)
    first, second = visit(client, ADDRESS), visit(client, ADDRESS)

    first.submit("Save", body="Her words.")
    before = saved(session)
    page = second.submit("Save", body="His words.")

    assert page.status == 409
    theirs = " ".join(page.main.find(id="theirs").parent.get_text(" ").split())
    assert theirs == "Saved meanwhile Text Her words."
    assert page.main.find(id="body").get_text().strip() == "His words."
    assert saved(session) == before

    assert page.submit("Save").status == 200
    assert saved(session)[0][2] == "His words."


@pytest.mark.parametrize(
    "typed",
    [{"title": ""}, {"title": "x" * 201}, {"summary": "x" * 501}, {"body": " "}, {"body": "a\0b"}],
)
def test_words_that_do_not_fit_are_refused(client, session, article, typed):
    sign_in(client, session)
    before = saved(session)

    page = visit(client, ADDRESS).submit("Save", **typed)

    assert page.status == 422
    assert len(page.errors()) == 1
    assert saved(session) == before
