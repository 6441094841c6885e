"""Films beside a text: files of our own, and links of which nothing loads before the click."""

import re

import pytest

from models import Video
from storefront.learn.videos import link_from
from storefront.learn.vtt import VttError, cues, parse
from tests.browser import visit
from tests.factories import make_article, make_blog, make_tutorial

ADDRESS = "/blogs/the-ql-blawg/the-ql"
CHAPTERS = (
    "WEBVTT\n\n00:00.000 --> 00:05.000\nFirst\n\nNOTE a\nb\n\n2\n01:05.500 --> 01:09.000\nThen\n"
)


@pytest.fixture
def article(session):
    return make_article(session, blog=make_blog(session), handle="the-ql", title="The QL")


def add_video(session, **over):
    values = {"title": "A film", "chapters_vtt": CHAPTERS, "transcript_html": "<p>Spoken.</p>"}
    video = Video(**(values | over))
    session.add(video)
    session.commit()
    return video


def words(tag):
    return " ".join(tag.get_text(" ").split())


def frames(page):
    return re.search(r"frame-src ([^;]*)", page.response.headers["Content-Security-Policy"])[1]


@pytest.mark.seeded
def test_the_ql_release_is_shown_as_a_film_of_our_own(client):
    page = visit(client, "/pages/ql-release")

    film = page.main.find("video")
    assert film["preload"] == "none"
    assert film.has_attr("controls")
    assert [source["type"] for source in film.find_all("source")] == [
        *('video/webm; codecs="vp9"', "video/mp4")
    ]
    for address in [film["poster"], *(source["src"] for source in film.find_all("source"))]:
        with client.get(address) as answer:
            assert answer.status_code == 200
            assert "immutable" in answer.headers["Cache-Control"]
    assert words(page.main.select_one(".video__chapters li")) == "0:00 Before you start"
    assert "The film has no sound." in words(page.main.select_one(".video__transcript"))
    assert frames(page) == "'self'"


@pytest.mark.seeded
def test_captions_and_chapters_are_served_as_web_vtt(client):
    tracks = visit(client, "/pages/ql-release").main.find_all("track")

    assert [track["kind"] for track in tracks] == ["captions", "chapters"]
    for track in tracks:
        answer = client.get(track["src"])
        assert answer.content_type == "text/vtt; charset=utf-8"
        assert answer.headers["Cache-Control"].startswith("public")
        assert len(parse(answer.text)) >= 7


@pytest.mark.seeded
def test_one_may_jump_within_the_file(client):
    source = visit(client, "/pages/ql-release").main.find("source")["src"]

    with client.get(source, headers={"Range": "bytes=1000-1999"}) as answer:
        assert answer.status_code == 206
        assert len(answer.data) == 1000
        assert answer.headers["Content-Range"].startswith("bytes 1000-1999/")
        assert answer.headers["Content-Type"] == "video/webm"


@pytest.mark.parametrize(
    ("link", "site", "origin"),
    [
        ("https://vimeo.com/76979871", "Vimeo", "https://player.vimeo.com"),
        ("https://youtu.be/abcdefghijk", "YouTube", "https://www.youtube-nocookie.com"),
    ],
)
def test_a_linked_film_loads_nothing_before_the_click(client, session, article, link, site, origin):
    add_video(session, article_id=article.id, link=link)

    page = visit(client, ADDRESS)

    assert page.link(f"Watch on {site}") == link_from(link).page
    assert page.main.find(["iframe", "video"]) is None
    for tag in page.html.find_all(["img", "source", "script", "link"]):
        address = tag.get("src") or tag.get("href") or tag.get("srcset") or ""
        assert "vimeo" not in address
        assert "youtu" not in address
    assert frames(page) == f"'self' {origin}"
    assert "Spoken." in page.text
    assert [words(it) for it in page.main.select(".video__chapters li")] == [
        "0:00 First",
        "1:05 Then",
    ]


def test_only_the_page_of_a_linked_film_may_hold_its_player(client, session, article):
    add_video(session, article_id=article.id, link="https://vimeo.com/76979871")
    visit(client, ADDRESS)

    assert frames(visit(client, "/blogs/the-ql-blawg")) == "'self'"


def test_the_tracks_of_a_text_that_nobody_sees_are_hidden_too(client, session):
    article = make_article(session, blog=make_blog(session), published_at=None)
    video = add_video(session, article_id=article.id, link="https://vimeo.com/76979871")

    assert client.get(f"/videos/{video.id}/chapters.vtt").status_code == 404


@pytest.mark.parametrize(
    "address", ["/videos/1/chapters.vtt", "/videos/x/captions.vtt", "/videos/0/a.vtt"]
)
def test_a_track_that_is_not_there_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_a_film_without_captions_has_no_track_of_them(client, session):
    tutorial = make_tutorial(session, handle="a-release")
    video = add_video(session, page_id=tutorial.id, file_key="ql-release")

    page = visit(client, "/pages/a-release")

    assert [track["kind"] for track in page.main.find_all("track")] == ["chapters"]
    assert client.get(f"/videos/{video.id}/captions.vtt").status_code == 404


@pytest.mark.parametrize(
    "typed",
    [
        *("", "vimeo.com/76979871", "https://example.org/76979871", "javascript:alert(1)"),
        *("https://vimeo.com.example.org/76979871", "https://www.youtube.com/watch?v=short"),
        *("https://user@evil.example/https://youtu.be/abcdefghijk", "https://vimeo.com/about"),
    ],
)
def test_an_address_of_no_known_film_is_refused(typed):
    with pytest.raises(ValueError, match="Enter the address of a video at YouTube or Vimeo"):
        link_from(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "https://www.youtube.com/watch?v=abcdefghijk",
        "http://m.youtube.com/watch?t=3&v=abcdefghijk&list=x",
        "https://youtu.be/abcdefghijk?si=x",
        "https://www.youtube.com/shorts/abcdefghijk",
        "https://www.youtube-nocookie.com/embed/abcdefghijk",
    ],
)
def test_a_film_is_known_by_every_form_of_its_address(typed):
    assert link_from(typed).page == "https://www.youtube.com/watch?v=abcdefghijk"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The first line must be WEBVTT."),
        ("WEBVTTX", "The first line must be WEBVTT."),
        ("WEBVTT\n\n0:01 --> 0:02\nx", "Line 3: expected times such as 00:00.000 --> 00:04.000."),
        ("WEBVTT\n\nname", "Line 3: expected times such as 00:00.000 --> 00:04.000."),
        ("WEBVTT\n\n00:04.000 --> 00:04.000\nx", "Line 3: the end must come after the beginning."),
        ("WEBVTT\n\n00:01.000 --> 00:04.000\n", "Line 3: there are no words under the times."),
        (
            "WEBVTT\n\n00:09.000 --> 00:10.000\na\n\n00:01.000 --> 00:02.000\nb",
            "What begins at 0:01 stands after what begins at 0:09.",
        ),
        ("WEBVTT" + "x" * 60_000, "Enter at most 60000 characters."),
    ],
)
def test_what_is_no_web_vtt_is_refused_with_its_line(text, message):
    with pytest.raises(VttError) as wrong:
        parse(text)

    assert str(wrong.value) == message


@pytest.mark.parametrize("text", ["NOTE " + "1" * 500_000, "NOTE " + "<" * 500_000, "<" * 500_000])
def test_a_long_line_is_read_at_once(text):
    """Of quadratic time it would not end within the time that a test has."""
    assert cues(f"WEBVTT\n\n{text}\n") == []


def test_cues_have_their_moments_and_their_words_without_markup():
    found = parse(
        "\ufeffWEBVTT kind\r\n\r\n01:00:01.500 --> 01:00:03.000 align:start\r\n<v Ada>Hi</v>\r\nyou"
    )

    assert [(it.start_s, it.end_s, it.text, it.at) for it in found] == [
        (3601.5, 3603.0, "Hi you", "1:00:01")
    ]
