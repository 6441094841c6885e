"""Saying the shop's texts in German: finding what is missing, writing it, seeing it in the shop."""

import pytest
from sqlalchemy import select

from models import Blog, Translation
from models.translation import digest_of
from tests.browser import visit
from tests.factories import make_article, make_blog
from tests.staff import counted_statements, rows, sign_in

CAUTION = "Do not press on a bruise."


@pytest.fixture
def article(session):
    return make_article(
        session,
        blog=make_blog(session),
        handle="the-ql",
        title="The QL",
        body=CAUTION,
    )


def said(session):
    session.rollback()
    found = session.execute(select(Translation.language, Translation.digest, Translation.text))
    return {(code, digest): text for code, digest, text in found}


def box(text):
    return f"text-{digest_of(text)[:16]}"


def still(text):
    return f"still-{digest_of(text)[:16]}"


def value(page, name):
    return page.main.find(attrs={"name": name}).get_text().strip()


def address(article):
    return f"/staff/translations/de/articles/{article.id}"


def say(client, article, **texts):
    return visit(client, address(article)).submit("Save", **texts)


def say_all(client, article):
    return say(
        client,
        article,
        **{
            box("The QL"): "Der QL",
            box("In short."): "Kurz gesagt.",
            box(CAUTION): "Drück nicht auf einen blauen Fleck. [Mehr](/pages/safety)",
        },
    )


def test_a_text_is_said_in_german_and_the_next_visitor_reads_it(client, session, article):
    sign_in(client, session)
    assert "Articles" in visit(client, "/staff/translations").text
    page = visit(client, "/staff/translations/de/articles")
    assert rows(page) == [["The QL", "0", "0", "3"]]

    page = say_all(client, article)

    assert "Saved: the shop says it in Deutsch from now on." in page.text
    assert rows(visit(client, "/staff/translations/de/articles")) == [["The QL", "3", "0", "0"]]
    german = visit(client, "/de/blogs/the-ql-blawg/the-ql")
    assert german.heading == "Der QL"
    assert "Drück nicht auf einen blauen Fleck." in german.text
    assert german.main.find("a", string="Mehr")["href"] == "/de/pages/safety"
    english = visit(client, "/blogs/the-ql-blawg/the-ql")
    assert english.heading == "The QL"
    assert CAUTION in english.text


def test_an_edited_text_stands_in_english_until_somebody_has_looked(client, session, article):
    sign_in(client, session)
    say_all(client, article)
    edited = "Do not press on a bruise or a fresh scar."

    visit(client, "/staff/articles/the-ql").submit("Save", body=edited)

    german = visit(client, "/de/blogs/the-ql-blawg/the-ql")
    assert german.heading == "Der QL"
    assert edited in german.text
    assert "Drück nicht" not in german.text
    assert rows(visit(client, "/staff/translations/de/articles")) == [["The QL", "2", "1", "0"]]
    page = visit(client, address(article))
    assert "Changed since" in page.text
    before = said(session)

    page.submit("Save")
    assert said(session) == before  # what was said before is kept by nobody who did not look

    new = "Drück nicht auf einen blauen Fleck oder eine frische Narbe."
    page = visit(client, address(article)).submit("Save", **{box(edited): new})
    assert new in visit(client, "/de/blogs/the-ql-blawg/the-ql").text


def test_german_that_still_holds_is_kept_by_one_tick(client, session, article):
    sign_in(client, session)
    say_all(client, article)
    edited = "Never press on a bruise."
    visit(client, "/staff/articles/the-ql").submit("Save", body=edited)

    visit(client, address(article)).submit("Save", **{still(edited): "y"})

    assert (
        "Drück nicht auf einen blauen Fleck." in visit(client, "/de/blogs/the-ql-blawg/the-ql").text
    )


def test_what_is_emptied_stands_in_english_again(client, session, article):
    sign_in(client, session)
    say_all(client, article)

    say(client, article, **{box("The QL"): "  "})

    assert visit(client, "/de/blogs/the-ql-blawg/the-ql").heading == "The QL"
    assert ("de", digest_of("The QL")) not in said(session)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("The QL", "Q" * 201, "Enter at most 200 characters."),
        (CAUTION, "Nicht drücken.[^made-up]", "The text has no source made-up."),
        (CAUTION, "Nicht \0 drücken", "Remove the characters that cannot be read."),
    ],
)
def test_what_cannot_be_kept_is_refused_beside_its_text(
    client, session, article, field, typed, message
):
    sign_in(client, session)
    before = said(session)

    page = say(client, article, **{box(field): typed, box("In short."): "Tief."})

    assert page.status == 422
    assert page.errors() == [message]
    assert value(page, box("In short.")) == "Tief."
    assert said(session) == before


def test_two_who_translate_at_once_both_keep_what_they_typed(client, session, article):
    sign_in(client, session)
    mine = visit(client, address(article))
    say_all(client, article)
    before = said(session)

    page = mine.submit("Save", **{box("The QL"): "Der QL-Muskel"})

    assert page.status == 409
    assert value(page, box("The QL")) == "Der QL-Muskel"
    assert said(session) == before
    page.submit("Save")
    assert said(session)["de", digest_of("The QL")] == "Der QL-Muskel"


@pytest.mark.parametrize(
    "path", ["/fr/articles", "/de/orders", "/de/articles/99", "/de/articles/x", "/en/shop"]
)
def test_what_is_not_there_is_not_found(client, session, path):
    sign_in(client, session)
    assert visit(client, f"/staff/translations{path}").status == 404


def test_the_shop_says_of_itself_in_german(client, session):
    sign_in(client, session)
    promise = visit(client, "/").heading

    page = visit(client, "/staff/translations/de/shop").submit(
        "Save", **{box(promise): "Ein Gerät für den Boden."}
    )

    assert page.status == 200
    assert visit(client, "/de/").heading == "Ein Gerät für den Boden."
    assert visit(client, "/").heading == promise


def test_the_list_asks_as_often_for_one_as_for_many(app, client, session, article):
    sign_in(client, session)
    visit(client, "/staff/translations/de/articles")
    with counted_statements(app) as few:
        visit(client, "/staff/translations/de/articles")
    blog = session.get(Blog, article.blog_id)
    for number in range(10):
        make_article(session, blog=blog, handle=f"text-{number}", title=f"Text {number}")

    with counted_statements(app) as many:
        visit(client, "/staff/translations/de/articles")

    assert len(many) == len(few)
