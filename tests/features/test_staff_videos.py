"""Adding films to articles and tutorials, and editing them."""

import pytest
from sqlalchemy import select

from models import Video
from tests.browser import visit
from tests.factories import make_article, make_blog, make_tutorial
from tests.staff import sign_in

VTT = "WEBVTT\n\n00:00.000 --> 00:04.000\nHello.\n"


@pytest.fixture
def article(session):
    return make_article(session, blog=make_blog(session), handle="the-ql", title="The QL")


def videos(session):
    session.rollback()
    return session.scalars(select(Video).execution_options(populate_existing=True)).all()


def add(client, **typed):
    form = visit(client, "/staff/articles/the-ql").follow("Add a film")
    return form.submit("Save", **({"title": "A film", "length": "1:05"} | typed))


def test_a_link_is_kept_in_its_one_form_and_shown_with_its_words(client, session, article):
    sign_in(client, session)

    page = add(
        client, link="https://youtu.be/abcdefghijk?si=x", chapters=VTT, transcript="*Hello.*"
    )

    assert page.heading == "Edit The QL"
    assert "A film is saved." in page.text
    (video,) = videos(session)
    assert video.link == "https://www.youtube.com/watch?v=abcdefghijk"
    assert (video.article_id, video.page_id, video.duration_s) == (article.id, None, 65)
    shop = visit(client, "/blogs/the-ql-blawg/the-ql")
    assert shop.link("Watch on YouTube") == video.link
    assert shop.main.select_one(".video__transcript em").get_text() == "Hello."


def test_a_file_is_chosen_among_those_that_are_there(client, session):
    sign_in(client, session)
    tutorial = make_tutorial(session, handle="a-release")

    form = visit(client, "/staff/videos/new?page=a-release")
    assert [it["value"] for it in form.main.find(id="file_key").find_all("option")] == [
        *("", "ql-release")
    ]
    form.submit(
        "Save", title="A film", length="0:59", file_key="ql-release", captions=VTT, follow=False
    )

    (video,) = videos(session)
    assert (video.page_id, video.file_key, video.link) == (tutorial.id, "ql-release", None)
    assert visit(client, "/pages/a-release").main.find("track")["kind"] == "captions"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"title": ""}, "Enter a title."),
        ({"link": ""}, "Enter a link, or choose a file: one of the two."),
        ({"file_key": "ql-release"}, "Enter a link, or choose a file: one of the two."),
        ({"link": "https://example.org/film"}, "Enter the address of a video at YouTube or Vimeo"),
        ({"link": "javascript:alert(1)"}, "Enter the address of a video at YouTube or Vimeo"),
        ({"captions": "Hello"}, "The first line must be WEBVTT."),
        ({"chapters": "WEBVTT\n\n00:01 - 00:02\nx"}, "Line 3: expected times such as"),
        ({"chapters": "WEBVTT" + "x" * 100_000}, "Enter at most 60000 characters."),
        ({"length": "long"}, "Enter minutes and seconds, such as 1:05."),
        ({"length": "0:00"}, "Enter minutes and seconds, such as 1:05."),
        ({"position": "-1"}, "Enter a whole number from 0 to 99."),
        ({"transcript": "a\0b"}, "Remove the characters that cannot be read."),
    ],
)
def test_what_is_no_film_is_refused_with_all_that_was_typed(
    client, session, article, typed, message
):
    sign_in(client, session)

    page = add(client, **({"link": "https://vimeo.com/76979871"} | typed))

    assert page.status == 422
    assert message in " ".join(page.errors())
    assert page.main.find(id="length")["value"] == typed.get("length", "1:05")
    assert videos(session) == []


def test_a_film_is_edited_and_removed(client, session, article):
    sign_in(client, session)
    add(client, link="https://vimeo.com/76979871")

    form = visit(client, "/staff/articles/the-ql").follow("A film")
    page = form.submit("Save", title="Better", length="1:01:05")

    assert "Better is saved." in page.text
    assert [(it.title, it.duration_s) for it in videos(session)] == [("Better", 3665)]
    page = page.follow("Better")
    assert page.main.find(id="length")["value"] == "1:01:05"
    assert "Better is removed." in page.submit("Remove this film").text
    assert videos(session) == []


def test_two_who_edit_a_film_at_once_are_told(client, session, article):
    sign_in(client, session)
    add(client, link="https://vimeo.com/76979871")
    address = f"/staff/videos/{videos(session)[0].id}"
    first, second = visit(client, address), visit(client, address)
    first.submit("Save", title="Hers", follow=False)

    page = second.submit("Save", title="His")

    assert page.status == 409
    assert videos(session)[0].title == "Hers"
    page.submit("Save", follow=False)
    assert videos(session)[0].title == "His"


@pytest.mark.parametrize(
    "address", ["new", "new?article=none", "new?page=none", "99", "x", "new?article=a%00b"]
)
def test_a_film_of_nothing_is_not_found(client, session, address):
    sign_in(client, session)

    assert visit(client, f"/staff/videos/{address}").status == 404
