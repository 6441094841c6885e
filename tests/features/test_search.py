"""Finding products, articles and tutorials by what stands in them."""

from urllib.parse import urlencode

import pytest

from models import ProductStatus
from storefront.search.index import index_article, index_product
from storefront.search.queries import LONGEST_QUERY
from storefront.text import render
from tests.browser import visit
from tests.factories import make_article, make_blog, make_product, make_tutorial, make_variant


def found(client, query):
    """The titles that a search shows, best first."""
    page = ask(client, query)
    assert page.status == 200, page.text
    return [" ".join(it.get_text().split()) for it in page.main.select(".result__title")]


def ask(client, query):

    return visit(client, "/search?" + urlencode({"q": query}))


@pytest.fixture
def things(session):
    """A product, an article and a tutorial that speak of different muscles."""
    product = make_product(
        session,
        handle="tool",
        title="Pressing wedge",
        description="It presses on the *iliacus*, in the bowl of the pelvis.",
    )
    make_variant(session, product=product)
    article = make_article(
        session,
        blog=make_blog(session),
        handle="text",
        title="On stretching",
        body="The psoas lies deep. Ask at the Café about the musculus piriformis, naïve or not.",
    )
    tutorial = make_tutorial(session, title="Gluteus release", handle="release")
    return product, article, tutorial


def test_a_product_an_article_and_a_tutorial_are_found_by_a_word(client, things):
    assert found(client, "iliacus") == ["Pressing wedge"]
    assert found(client, "psoas") == ["On stretching"]
    assert found(client, "gluteus") == ["Gluteus release"]


def test_a_tutorial_is_found_by_its_steps(client, things):
    assert found(client, "slowly") == ["Gluteus release"]
    assert found(client, "gluteus slowly") == ["Gluteus release"]


def test_what_is_found_leads_to_its_page_and_says_what_it_is(client, things):
    for query, kind, address in (
        ("iliacus", "product", "/products/tool"),
        ("psoas", "article", "/blogs/the-ql-blawg/text"),
        ("gluteus", "tutorial", "/pages/release"),
    ):
        page = ask(client, query)
        assert f"1 result for “{query}”" in page.text
        (result,) = page.main.select(".result")
        assert result.select_one(".label").get_text() == kind
        assert result.find("a")["href"] == address
        assert page.follow(result.find("a").get_text()).status == 200


@pytest.mark.parametrize("query", ["PSOAS", "Psoas", "  psoas  ", "psoas deep", "deep psoas"])
def test_case_spaces_and_order_do_not_matter(client, things, query):
    assert found(client, query) == ["On stretching"]


@pytest.mark.parametrize("query", ["ilia", "iliac", "pelv"])
def test_the_beginning_of_a_word_finds_it(client, things, query):
    assert found(client, query) == ["Pressing wedge"]


@pytest.mark.parametrize("query", ["stretch", "stretches", "stretched"])
def test_another_form_of_a_word_finds_it(client, things, query):
    assert found(client, query) == ["On stretching"]


@pytest.mark.parametrize("query", ["café", "cafe", "CAFÉ", "cafe\u0301", "naive", "naïve", "caf"])
def test_accents_do_not_matter(client, things, query):
    assert found(client, query) == ["On stretching"]


def test_every_word_must_be_there(client, things):
    assert found(client, "psoas iliacus") == []


def test_a_title_outranks_a_text(client, session):
    make_product(session, title="Ball", description="It has nothing to do with the sacrum. " * 3)
    make_product(session, title="Roller", description="A roller.")
    make_product(session, title="Sacrum wedge", description="For the low back.")

    assert found(client, "sacrum") == ["Sacrum wedge", "Ball"]


def test_the_excerpt_marks_what_was_asked_for(client, things):
    page = ask(client, "psoas")

    (excerpt,) = page.main.select(".result__text")
    assert [mark.get_text() for mark in excerpt.find_all("mark")] == ["psoas"]
    assert "lies deep" in excerpt.get_text()


def test_markup_in_a_text_is_shown_as_text_in_the_excerpt(client, session):
    make_product(
        session, title="Odd", description="Write `<script>alert(1)</script>` in sacral code."
    )

    page = ask(client, "sacral")

    assert "alert(1)" in page.text
    assert page.main.find("script") is None
    assert [tag.get("src") is None for tag in page.html.find_all("script")] == [False] * 2


@pytest.mark.seeded
def test_the_shops_own_texts_are_found(client):
    assert "QL release with the QL Claw" in found(client, "quadratus lumborum")
    assert "QL Claw" in found(client, "claw")
    assert "Before you press: safety" in found(client, "safety")
    assert found(client, "quintner") == [], "the author of a source"
    assert found(client, "How to choose a pressure tool")[0].startswith(
        "How to choose a pressure tool"
    )


def test_an_empty_question_shows_where_to_begin(client, things):
    for query in ("", "   "):
        page = ask(client, query)
        assert page.status == 200
        assert "Where to begin" in page.text
        assert page.link("tutorials") == "/tutorials"
    assert visit(client, "/search").main.find("label", {"for": "q"}).get_text() == "Search"


@pytest.mark.parametrize(
    "query",
    ['"', '""', "*", "-", "(", ")", "'", ":", "^", "&", "|", "!", "<->", ":*", "\\", "%", "_"],
)
def test_signs_alone_find_nothing_and_break_nothing(client, things, query):
    page = ask(client, query)

    assert page.status == 200
    assert page.main.select(".result") == []
    assert page.main.find("input", {"name": "q"})["value"] == query


@pytest.mark.parametrize(
    "query", ["AND", "OR", "NOT", "NEAR", "psoas AND", "NOT psoas", "near(a b)"]
)
def test_operators_are_words_like_others(client, things, query):
    assert found(client, query) in ([], ["On stretching"], ["Pressing wedge"], ["Gluteus release"])


@pytest.mark.parametrize(
    "query",
    ['"psoas"', "psoas*", "(psoas)", "psoas'", "title:psoas", "-psoas", "psoas & | !", "psoas:*"],
)
def test_operators_beside_a_word_are_left_out(client, things, query):
    assert found(client, query.replace("title:", "")) == ["On stretching"]


def test_a_column_of_the_database_cannot_be_asked_for(client, things):
    assert found(client, "title:psoas") == []


def test_nothing_found_says_so_and_helps(client, things):
    page = ask(client, "xylophone")

    assert page.status == 200
    assert "Nothing found for “xylophone”" in page.text
    assert page.link("articles") == "/blogs/the-ql-blawg"
    assert page.main.find("input", {"name": "q"})["value"] == "xylophone"


def test_a_question_of_ten_thousand_signs_is_refused_and_kept_as_far_as_the_field_goes(
    client, things
):
    page = ask(client, "psoas " + "x" * 10_000)

    assert page.status == 422
    assert "Search for at most 200 characters." in page.text
    field = page.main.find("input", {"name": "q"})
    assert field["value"] == ("psoas " + "x" * 10_000)[:LONGEST_QUERY]
    assert field["aria-invalid"] == "true"
    assert page.main.find(id=field["aria-describedby"]).get_text().startswith("Search")
    assert page.main.select(".result") == []


def test_the_longest_question_is_answered(client, things):
    assert ask(client, "x" * LONGEST_QUERY).status == 200
    assert ask(client, "psoas " * 33).status == 200


def test_a_script_in_the_question_is_shown_as_text(client, things):
    query = '"><script>alert(1)</script>'
    page = ask(client, query)

    assert page.status == 200
    assert page.main.find("input", {"name": "q"})["value"] == query
    assert f"Nothing found for “{query}”" in page.text
    assert page.main.find("script") is None


@pytest.mark.parametrize(
    "query", ["\0", "a\0b", "腰", "ﬁ", "💪", "'; DROP TABLE search_entries; --"]
)
def test_odd_signs_break_nothing(client, things, query):
    assert ask(client, query).status == 200
    assert found(client, "psoas") == ["On stretching"]


def test_an_edited_product_is_found_by_its_new_words_only(client, session, things):
    product, _, _ = things
    product.title = "Kneading tool"
    product.description_html = render("For the *soleus*.")
    index_product(session, product)
    session.flush()

    assert found(client, "soleus") == ["Kneading tool"]
    assert found(client, "kneading") == ["Kneading tool"]
    for old in ("iliacus", "pelvis", "wedge"):
        assert found(client, old) == []


def test_a_product_that_becomes_a_draft_is_found_no_longer(client, session, things):
    product, _, _ = things
    product.status = ProductStatus.DRAFT
    index_product(session, product)
    session.flush()

    assert found(client, "iliacus") == []


def test_an_article_that_is_withdrawn_is_found_no_longer(client, session, things):
    _, article, _ = things
    article.published_at = None
    index_article(session, article, "the-ql-blawg")
    session.flush()

    assert found(client, "psoas") == []


def test_a_draft_is_never_found(client, session):
    make_product(session, title="Hidden wedge", status=ProductStatus.DRAFT)
    make_article(session, blog=make_blog(session), title="Hidden words", published_at=None)

    assert found(client, "hidden") == []


def test_results_come_in_pages_of_twenty(client, session):
    for number in range(35):
        make_product(session, title=f"Wedge {number}")

    first = ask(client, "wedge")
    second = first.follow("Next page")

    assert "35 results for “wedge”" in first.text
    assert [len(page.main.select(".result")) for page in (first, second)] == [20, 15]
    assert second.main.ol["start"] == "21"
    titles = {it.get_text() for page in (first, second) for it in page.main.select("h3")}
    assert len(titles) == 35
    assert ask(client, "wedge&page=0").status == 200  # it is a part of the question here
    assert visit(client, "/search?q=wedge&page=0").status == 404
