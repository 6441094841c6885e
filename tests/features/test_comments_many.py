"""Floods, repetitions, spam, helpful counts and feeds of comments; nobody's address shows."""

import hashlib
import logging
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import func, select

from models import Blog, Comment, CommentStatus, CommentVote, now
from storefront.comments import spam
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_article, make_blog
from tests.features.test_comments import WORDS, ask, comments, make_comment, publish
from tests.staff import counted_statements

ATOM = "{http://www.w3.org/2005/Atom}"
PAGE = "/blogs/the-ql-blawg/ql"


@pytest.fixture
def article(session):
    return make_article(session, blog=make_blog(session), handle="ql", title="The QL & <you>")


def sent(text="Does it help when I sit?", **over):
    return spam.Sent(
        **{"name": "Ann", "email": "ann@example.com", "seconds": 60.0} | over, text=text
    )


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        (sent(), (0, [])),
        (sent("Hilft es, wenn ich sitze? نعم 🙂 Да, помогает."), (0, [])),
        (sent("MRI: L4/L5, QL, SI."), (0, [])),
        (sent(seconds=None),
         (10, ["The page's script did not run; so it is for some people, too."])),
        (sent(seconds=1.0), (40, ["It was sent within four seconds."])),
        (sent(is_trapped=True), (100, ["A field was filled that people do not see."])),
        (sent("See https://a.example"), (15, ["It has 1 link."])),
        (sent("http://a.example www.b.example HTTPS://c.example http://d.example"),
         (60, ["It has 4 links."])),
        (sent(name="https://a.example"), (40, ["The name is a link."])),
        (sent('<a href="x">x</a>'), (40, ["It has markup of links, as programs write it."])),
        (sent(copies=2), (50, ["The same text came before."])),
        (sent("Best casino, best Viagra"), (60, ["It says casino, viagra."])),
        (sent("PLEASE HELP ME WITH MY BACK"), (20, ["It is written in capitals."])),
        (sent("Gооd tооls"), (30, ["It mixes alphabets within one word."])),
        (sent(email="a@mailinator.com"), (20, ["The email address is a throw-away one."])),
    ],
)  # fmt: skip
def test_a_score_says_why(comment, expected):
    assert spam.score(comment) == expected


@pytest.mark.usefixtures("article")
def test_what_looks_like_spam_goes_to_its_folder_and_its_sender_learns_nothing(client, session):
    own = ask(client, homepage="https://spam.example")

    assert own.heading == "Your comment waits to be read"
    assert (comments(session)[0].status, comments(session)[0].spam_score) == ("spam", 100)


@pytest.mark.usefixtures("article")
def test_the_trap_is_hidden_from_people_and_screen_readers(client):
    trap = visit(client, PAGE).main.find(id="comment-homepage")

    assert trap["tabindex"] == "-1"
    assert trap.find_parent(attrs={"aria-hidden": "true"}) is not None


@pytest.mark.usefixtures("article")
def test_the_seconds_that_the_script_counts_are_kept_through_a_mistake(client, session):
    page = ask(client, comment="", seconds="2.5")

    assert page.html.find(id="comment-seconds")["value"] == "2.5"
    page.submit("Post comment", comment="Now.", seconds="5.1")
    assert comments(session)[0].spam_score == 0


@pytest.mark.usefixtures("article")
def test_the_same_comment_sent_twice_is_one(client, session):
    first, second = ask(client), ask(client)

    assert first.url == second.url
    assert len(comments(session)) == 1


@pytest.mark.usefixtures("article")
def test_who_sends_a_published_comment_again_is_not_led_to_its_authors_page(client, session):
    ask(client)
    publish(session, comments(session)[0])

    answer = client.post(f"{PAGE}/comments", data=WORDS)

    assert answer.location == f"{PAGE}#comments"
    assert len(comments(session)) == 1


@pytest.mark.usefixtures("article")
def test_the_same_text_of_others_is_marked(client, session):
    ask(client)
    ask(client, email="bea@example.com")

    assert comments(session)[1].spam_reasons[0] == "The same text came before."


@pytest.mark.usefixtures("article")
def test_too_many_comments_are_refused_and_the_text_is_kept(client, session):
    for number in range(6):
        assert ask(client, comment=f"Number {number}.").status == 200

    page = ask(client, comment="One more.")

    assert page.status == 429
    assert 0 < int(page.response.headers["Retry-After"]) <= 600
    assert "It is still in the form" in page.text
    assert page.main.find(id="comment-text").get_text().strip() == "One more."
    assert len(comments(session)) == 6
    others = client.post(f"{PAGE}/comments", data=WORDS, environ_base={"REMOTE_ADDR": "10.0.0.9"})
    assert others.status_code == 303


@pytest.mark.usefixtures("article")
def test_a_home_with_many_addresses_is_one_sender(client, session):
    for number in range(7):
        address = f"2001:db8:1:2::{number}"
        answer = client.post(
            f"{PAGE}/comments",
            data={**WORDS, "comment": f"Number {number}."},
            environ_base={"REMOTE_ADDR": address},
        )

    assert answer.status_code == 429
    assert len(comments(session)) == 6


@pytest.mark.usefixtures("article")
def test_a_thousand_a_minute_from_everywhere_leave_the_queue_readable(client, session):
    statuses = []
    for number in range(130):
        answer = client.post(
            f"{PAGE}/comments",
            data={**WORDS, "comment": f"Number {number}."},
            environ_base={"REMOTE_ADDR": f"10.0.{number}.1"},
        )
        statuses.append(answer.status_code)

    assert statuses == [303] * 120 + [429] * 10
    assert len(comments(session)) == 120


def helpful(client, comment, agent="Firefox", address="127.0.0.1"):
    return client.post(
        f"/comments/{comment.id}/helpful",
        headers={"User-Agent": agent},
        environ_base={"REMOTE_ADDR": address},
    )


def test_a_comment_is_helpful_once_to_each_person(client, session, article):
    comment = make_comment(session, article)

    page = visit(client, PAGE).submit("Helpful comment by Ann", follow=False)
    assert page.location == f"{PAGE}#comment-{comment.id}"
    for _ in range(2):
        assert helpful(client, comment).status_code == 303
    helpful(client, comment, address="10.0.0.9")

    session.expire_all()
    assert comment.helpful_count == session.scalar(select(func.count(CommentVote.voter))) == 3
    assert "Helpful (3)" in visit(client, PAGE).text
    assert problems(session) == []
    comment.helpful_count = 2
    session.flush()
    assert problems(session) == [f"comment {comment.id}: counted helpful to 2, votes of 3"]
    assert "Set-Cookie" not in page.response.headers


def test_what_nobody_sees_is_helpful_to_nobody(client, session, article):
    hidden = make_comment(session, article, status=CommentStatus.WAITING)

    assert helpful(client, hidden).status_code == 404
    for odd in ("0", "x", "9" * 20, "99999"):
        assert client.post(f"/comments/{odd}/helpful").status_code == 404
    assert session.scalar(select(func.count(CommentVote.voter))) == 0


def test_a_machine_that_presses_helpful_is_stopped(client, session, article):
    found = [make_comment(session, article) for _ in range(61)]

    answers = [helpful(client, comment).status_code for comment in found]

    assert answers == [303] * 60 + [429]
    assert session.scalar(select(func.sum(Comment.helpful_count))) == 60


def parsed(answer):
    return ET.fromstring(answer.data)  # noqa: S314 (our own feed)


def test_feeds_hold_what_is_published_and_escape_it(client, session, article):
    blog = session.get_one(Blog, article.blog_id)
    other = make_article(session, blog=blog, handle="other", title="Other")
    make_comment(session, article, text="<b>1 < 2</b> & more", name='"Ann" & Co')
    make_comment(session, article, status=CommentStatus.WAITING, text="Secret.")
    make_comment(session, other, text="Of the other one.")
    draft = make_article(session, blog=blog, handle="draft", published_at=None)
    make_comment(session, draft, text="Of a draft.")

    answer = client.get(f"{PAGE}.comments.atom")
    every = parsed(client.get("/comments.atom"))

    assert answer.mimetype == "application/atom+xml"
    assert "public" in answer.headers["Cache-Control"]
    feed = parsed(answer)
    assert feed.findtext(f"{ATOM}title") == "Comments on The QL & <you> – QL Claw"
    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}content") == "<b>1 < 2</b> & more"
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == '"Ann" & Co'
    assert entry.findtext(f"{ATOM}updated").endswith("+00:00")
    texts = [it.findtext(f"{ATOM}content") for it in every.findall(f"{ATOM}entry")]
    assert texts == ["Of the other one.", "<b>1 < 2</b> & more"]
    assert client.get("/blogs/the-ql-blawg/draft.comments.atom").status_code == 404
    assert client.get("/blogs/the-ql-blawg/none.comments.atom").status_code == 404


def test_an_empty_feed_is_valid_as_well(client):
    feed = parsed(client.get("/comments.atom"))

    assert feed.findtext(f"{ATOM}updated") == "2026-01-01T00:00:00+00:00"
    assert feed.findall(f"{ATOM}entry") == []


@pytest.mark.usefixtures("article")
def test_address_and_origin_show_on_no_page_in_no_feed_and_in_no_log(client, session, caplog):
    with caplog.at_level(logging.DEBUG):
        own = ask(client, homepage="x")
        (comment,) = comments(session)
        publish(session, comment)
        pages = [PAGE, "/comments.atom", f"{PAGE}.comments.atom", "/blogs/the-ql-blawg"]
        answers = [client.get(address).text for address in pages]

    token = own.url.rpartition("/")[2]
    assert hashlib.sha256(token.encode()).hexdigest() == comment.token_sha256
    for secret in ("ann@example.com", comment.origin, token, comment.token_sha256):
        assert all(secret not in text for text in (*answers, caplog.text))
    assert "127.0.0.1" not in comment.origin


def test_a_page_asks_as_often_with_many_comments_as_with_one(app, client, session, article):
    counts = []
    for more in (1, 30):
        for _ in range(more):
            root = make_comment(session, article)
            make_comment(session, article, parent_id=root.id, is_staff=True, published_at=now())
        with counted_statements(app) as seen:
            assert client.get(PAGE).status_code == 200
        counts.append(len([it for it in seen if "comments" in it]))

    assert counts == [1, 1]


def test_what_was_refused_is_forgotten_after_three_months(session, worker, article):
    old, new = now() - timedelta(days=91), now() - timedelta(days=89)
    for status in CommentStatus:
        make_comment(session, article, status=status, created_at=old, text=f"Old {status}.")
        make_comment(session, article, status=status, created_at=new, text=f"New {status}.")

    worker.stopping.set()
    worker._beat()

    kept = {it.text for it in comments(session)}
    assert {f"New {status}." for status in CommentStatus} < kept
    assert {it for it in kept if it.startswith("Old")} == {
        *("Old waiting.", "Old published.", "Old withdrawn.")
    }
