"""A reader asks below an article or a tutorial, and withdraws what she wrote."""

import pytest
from sqlalchemy import select

from models import BodySide, Comment, CommentStatus, Question, Region, now
from tests.browser import visit
from tests.factories import make_article, make_blog, make_product, make_tutorial

WORDS = {"name": "Ann", "email": "Ann@Example.com", "comment": "Does it help when I sit?"}


@pytest.fixture
def article(session):
    return make_article(session, blog=make_blog(session), handle="ql", title="The QL")


def ask(client, address="/blogs/the-ql-blawg/ql", **typed):
    return visit(client, address).submit("Post comment", **{**WORDS, **typed})


def comments(session):
    session.expire_all()
    return list(session.scalars(select(Comment).order_by(Comment.id)))


def publish(session, comment, **over):
    comment.status, comment.published_at = CommentStatus.PUBLISHED, now()
    for name, value in over.items():
        setattr(comment, name, value)
    session.flush()


def make_comment(session, article, **over):
    values = {"name": "Ann", "email": "ann@example.com", "text": "Words.", "token_sha256": None}
    if over.get("status", CommentStatus.PUBLISHED) is CommentStatus.PUBLISHED:
        values |= {"status": CommentStatus.PUBLISHED, "published_at": now()}
    comment = Comment(article_id=article.id, **(values | over))
    session.add(comment)
    session.flush()
    return comment


@pytest.mark.usefixtures("article")
def test_a_comment_waits_and_only_its_author_sees_it(client, session):
    page = visit(client, "/blogs/the-ql-blawg/ql")
    assert "No comments yet. Ask the first question." in page.text
    assert "Nobody can diagnose you here." in page.text
    assert page.link("Read when to see a doctor") == "/where-does-it-hurt#signs"

    own = page.submit("Post comment", **WORDS)

    assert own.heading == "Your comment waits to be read"
    assert "Does it help when I sit?" in own.text
    assert own.response.headers["Cache-Control"] == "private, no-store"
    assert own.response.headers["X-Robots-Tag"] == "noindex"
    assert own.response.headers["Referrer-Policy"] == "same-origin"
    (comment,) = comments(session)
    assert (comment.name, comment.email) == ("Ann", "ann@example.com")
    assert (comment.status, comment.spam_score) == (CommentStatus.WAITING, 10)
    assert own.url.rpartition("/")[2] not in str(vars(comment))
    assert "Does it help" not in client.get("/blogs/the-ql-blawg/ql").text


def test_below_a_tutorial_as_well_but_not_below_a_plain_page(client, session):
    make_tutorial(session, handle="release", title="A release")

    own = ask(client, "/pages/release")

    assert own.follow("Back to “A release”").heading == "A release"
    assert comments(session)[0].page_id is not None
    assert client.post("/pages/safety/comments", data=WORDS).status_code == 404
    assert client.post("/blogs/the-ql-blawg/none/comments", data=WORDS).status_code == 404
    assert len(comments(session)) == 1


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({"name": " "}, ["Enter a name. A first name is enough."]),
        ({"name": "a" * 121}, ["Enter at most 120 characters."]),
        ({"email": "ann"}, ["Enter an email address such as name@example.com."]),
        ({"comment": ""}, ["Write your comment."]),
        ({"comment": "a" * 5001}, ["Shorten your comment to 5,000 characters."]),
        ({"comment": "a" * 100_000}, ["Shorten your comment to 5,000 characters."]),
        ({"comment": "a\x00b"}, ["Remove the characters that cannot be read."]),
        (
            {"comment": "http://a.example " * 10},
            ["Use at most 5 links. They are shown as text."],
        ),
        ({"region": "7"}, ["Choose a region from the list."]),
    ],
)
def test_a_mistake_is_marked_and_everything_typed_is_kept(client, session, typed, errors):
    session.add(Region(handle="low-back", name="Low back", side=BodySide.BACK))
    session.flush()

    page = ask(client, **typed)

    assert (page.status, page.errors()) == (422, errors)
    kept = {**WORDS, "email": "Ann@Example.com", **typed}
    assert page.main.find(id="comment-text").get_text().strip() in kept["comment"].strip()
    assert page.main.find(attrs={"autofocus": True})["aria-invalid"] == "true"
    assert page.heading == "The QL"
    assert comments(session) == []


def test_what_hurts_is_shown_with_the_comment(client, session, article):
    region = Region(handle="low-back", name="Low back", side=BodySide.BACK)
    session.add(region)
    session.flush()

    ask(client, region=region.id)
    publish(session, comments(session)[0])

    assert "Hurts: Low back" in visit(client, "/blogs/the-ql-blawg/ql").text
    assert article.id == comments(session)[0].article_id


@pytest.mark.usefixtures("article")
def test_markup_and_links_are_text_and_paragraphs_stay(client, session):
    typed = '<script>alert(1)</script>\r\n\r\n\r\n\r\nSee https://a.example **now**\r\n"line"'

    ask(client, comment=typed, name="<b>Ann</b>")
    publish(session, comments(session)[0])
    page = visit(client, "/blogs/the-ql-blawg/ql")

    parts = [it.get_text() for it in page.main.select(".plain-text__part")]
    assert parts == ["<script>alert(1)</script>", 'See https://a.example **now**\n"line"']
    assert page.main.select(".comment a[href^=http]") == []
    assert page.main.select(".comment script, .comment b") == []


@pytest.mark.usefixtures("article")
@pytest.mark.parametrize("sign", [" ", "\t", "\u0315\u0300"])
def test_a_quarter_of_a_million_signs_are_refused_at_once(client, session, sign):
    """Of quadratic time it would not end within the time that a test has."""
    page = ask(client, comment="a" + sign * (250_000 // len(sign.encode())) + "b")

    assert page.status == 422
    assert page.errors() == ["Shorten your comment to 5,000 characters."]
    assert comments(session) == []


def test_the_page_counts_its_comments_and_stays_the_same_for_everybody(client, session, article):
    first = make_comment(session, article, name="Ann")
    make_comment(session, article, parent_id=first.id, is_staff=True, name="Bea", email="")
    make_comment(session, article, status=CommentStatus.WAITING)
    answer = client.get("/blogs/the-ql-blawg/ql")

    page = visit(client, "/blogs/the-ql-blawg/ql")

    assert page.link("2 comments") == "#comments"
    assert "Answer from QL Claw" in page.text
    assert "ann@example.com" not in answer.text
    assert "public" in answer.headers["Cache-Control"]
    assert "Set-Cookie" not in answer.headers
    assert "2 comments" in visit(client, "/blogs/the-ql-blawg").text


def test_a_thousand_comments_come_in_pages_newest_first(client, session, article):
    values = {"article_id": article.id, "name": "Ann", "status": "published"}
    session.add_all(
        Comment(**values, text=f"Number {number}.", published_at=now()) for number in range(1000)
    )
    session.flush()

    page = visit(client, "/blogs/the-ql-blawg/ql")
    last = visit(client, "/blogs/the-ql-blawg/ql?comments=50")

    assert page.link("1000 comments") == "#comments"
    assert [it.get_text(strip=True) for it in page.main.select(".plain-text")][:2] == [
        "Number 999.",
        "Number 998.",
    ]
    assert len(page.main.select(".comment")) == 20
    assert len(page.response.data) < 60_000
    assert page.link("Older comments") == "/blogs/the-ql-blawg/ql?comments=2#comments"
    assert "Page 50 of 50" in last.text
    assert "Number 0." in last.text
    assert "Page 50 of 50" in visit(client, "/blogs/the-ql-blawg/ql?comments=9999").text
    for odd in ("0", "x", "٣", "99999999"):
        assert client.get(f"/blogs/the-ql-blawg/ql?comments={odd}").status_code == 404


def test_a_comment_has_an_address_that_finds_its_page(client, session, article):
    first = make_comment(session, article)
    answer = make_comment(session, article, parent_id=first.id, is_staff=True)
    for _ in range(20):
        make_comment(session, article)

    place = f"/blogs/the-ql-blawg/ql?comments=2#comment-{answer.id}"
    assert client.get(f"/comments/{answer.id}").location == place
    hidden = make_comment(session, article, status=CommentStatus.WAITING)
    for number in (hidden.id, 999_999, 0, 2**40):
        assert client.get(f"/comments/{number}").status_code == 404


@pytest.mark.usefixtures("article")
def test_a_comment_is_withdrawn_by_its_link_at_once(client, session):
    own = ask(client)
    (comment,) = comments(session)
    publish(session, comment)
    product = make_product(session)
    session.add(Question(product_id=product.id, comment_id=comment.id, question=comment.text))
    session.add(
        Comment(
            article_id=comment.article_id,
            parent_id=comment.id,
            is_staff=True,
            name="Bea",
            text="It may.",
            status=CommentStatus.PUBLISHED,
            published_at=now(),
        )
    )
    session.flush()

    gone = visit(client, own.url).submit("Withdraw comment")

    assert gone.heading == "Your comment is withdrawn"
    (kept, _) = comments(session)
    assert (kept.name, kept.email, kept.text, kept.origin) == ("", "", "", "")
    assert kept.status is CommentStatus.WITHDRAWN
    assert session.scalars(select(Question)).all() == []
    page = visit(client, "/blogs/the-ql-blawg/ql")
    assert "This comment was withdrawn by its author." in page.text
    assert "It may." in page.text
    assert "Ann" not in page.text
    again = client.post(own.url.removeprefix("http://localhost") + "/withdraw")
    assert again.status_code == 303
    assert visit(client, own.url).heading == "Your comment is withdrawn"


def test_a_wrong_link_withdraws_nothing_and_says_what_to_do(client, session, article):
    make_comment(session, article, token_sha256="a" * 64)

    for token in ("a" * 64, "wrong", "é" * 50, "%00"):
        for answer in (
            client.get(f"/comments/own/{token}"),
            client.post(f"/comments/own/{token}/withdraw"),
        ):
            assert answer.status_code == 404, token
    assert "No comment has this link." in client.get("/comments/own/wrong").text
    assert comments(session)[0].text == "Words."


def test_a_withdrawn_comment_without_an_answer_leaves_nothing(client, session, article):
    make_comment(session, article, status=CommentStatus.WITHDRAWN, name="", text="")

    assert "No comments yet" in visit(client, "/blogs/the-ql-blawg/ql").text
