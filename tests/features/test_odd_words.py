"""Odd words in every form where the shop teaches: refused, or kept as they were typed."""

import re
import uuid
from urllib.parse import quote

import pytest
from sqlalchemy import delete, func, select

from models import AttemptCount, Base, BodySide, Comment, Consent, Practice, Region
from storefront.newsletter.links import Links
from tests.factories import make_article, make_blog, make_tutorial
from tests.features.newsletter import make_sequence, make_subscriber
from tests.features.test_comments import make_comment
from tests.features.test_log import sign_in

UNREADABLE = "a\x00b"
HUGE = "x" * 100_000
LINKS = " ".join(f"https://{n}.example" for n in range(10))
# What people may write, however odd: it is kept as it is, and shown as text.
READABLE = ["<script>alert(1)</script>", "=cmd()", "\U0001f9ff", "مرحبا", "{{7*7}}", "';--", "%00"]
NUMBERS = ["-1", "0x1", "1e9", "٣", "1_0", "9" * 20, "9" * 5000, "NaN", "%00", "\x00"]
NO_EMAILS = (
    "",
    "a",
    "a@b",
    "a@b.co, c@d.co",
    "a@b.co\r\nBcc: c@d.co",
    "\U0001f9ff",
    UNREADABLE,
    HUGE,
)
NOT_COUNTED = {"attempt_counts", "sign_ins"}


@pytest.fixture
def shop(client, session):
    """A shop with one of everything that can be written to, and a customer who is signed in."""
    session.add(Region(handle="buttock", name="Buttock", side=BodySide.BACK, summary="x"))
    article = make_article(session, blog=make_blog(session), handle="ql", title="The QL")
    make_tutorial(session, handle="release")
    make_comment(session, article)
    make_sequence(session, topic="muscles")
    make_sequence(session, handle="news", topic="news")
    sign_in(client, session)
    return client


def kept(session):
    """How many rows each table has, but for what is counted of tries."""
    session.rollback()
    return {
        table.name: session.scalar(select(func.count()).select_from(table))
        for table in Base.metadata.sorted_tables
        if table.name not in NOT_COUNTED
    }


def comment(**over):
    return {"name": "Ann", "email": "ann@example.com", "comment": "Why?", "region": ""} | over


def practice(**over):
    said = {"title": "QL", "day": "2026-11-01", "minutes": "3", "key": str(uuid.uuid4())}
    return said | over


COMMENTS = [
    *({"name": it} for it in ("", " ", "\x01", UNREADABLE, HUGE)),
    *({"comment": it} for it in ("", "\u202e", UNREADABLE, HUGE, LINKS)),
    *({"email": it} for it in NO_EMAILS),
    *({"region": it} for it in [*NUMBERS, HUGE]),
]
PRACTICES = [
    *({"title": it} for it in ("", " ", UNREADABLE, HUGE)),
    *({"note": it} for it in (UNREADABLE, HUGE)),
    *({"day": it} for it in ("", "soon", "2999-01-01", "0001-01-01", UNREADABLE, HUGE)),
    *({"minutes": it} for it in ("-1", "601", "9" * 20, "9" * 5000, "NaN", UNREADABLE)),
    *({"pain_before": it} for it in [*NUMBERS, "11"]),
    *({"key": it} for it in ("", "a", "A" * 36, UNREADABLE, HUGE)),
]
SHOWN = (
    *("/", "/blogs/the-ql-blawg/ql", "/blogs/the-ql-blawg", "/pages/release/play", "/log"),
    *("/where-does-it-hurt", "/where-does-it-hurt/buttock", "/glossary", "/search", "/newsletter"),
    *("/search/suggest", "/comments.atom", "/blogs/the-ql-blawg.atom", "/llms.txt", "/offline"),
    *("/blogs/the-ql-blawg/ql.md", "/pages/release/print", "/sitemap.xml", "/account/log"),
)
ARGUMENTS = ("page", "comments", "q", "kind", "as", "first", "from", "saved", "confirm")
NO_PLACES = ("-1", "0x1", "٣", "9" * 20, "\x00", "..", "a/b", "\u202e", "x" * 5000, "a\r\nX: y")
HOLES = (
    *("/comments/{}", "/comments/own/{}", "/share/article/{}", "/share/{}/ql-0.png"),
    *("/newsletter/confirm/{}", "/newsletter/unsubscribe/{}", "/newsletter/preferences/{}"),
    *("/newsletter/preferences/{}/data", "/videos/{}/captions.vtt", "/sitemap-articles-{}.xml"),
    *("/routines/{}", "/pages/{}/play", "/where-does-it-hurt/{}", "/muscles/{}", "/authors/{}"),
    *("/blogs/the-ql-blawg/{}.md", "/blogs/{}.atom", "/blogs/the-ql-blawg/tagged/{}.atom"),
)
POSTED = (
    *("/comments/{}/helpful", "/comments/own/{}/withdraw", "/newsletter/confirm/{}"),
    *("/newsletter/unsubscribe/{}", "/newsletter/preferences/{}", "/account/log/{}/removal"),
    *("/newsletter/preferences/{}/erase", "/blogs/the-ql-blawg/{}/comments"),
)


def test_what_cannot_be_kept_is_refused_and_nothing_is_stored(shop, session):
    before = kept(session)

    for typed in COMMENTS:
        answer = shop.post("/blogs/the-ql-blawg/ql/comments", data=comment(**typed))
        assert answer.status_code == 422, {name: it[:40] for name, it in typed.items()}
    for typed in PRACTICES:
        answer = shop.post("/account/log", data=practice(**typed))
        assert answer.status_code == 422, {name: it[:40] for name, it in typed.items()}
    for email in NO_EMAILS:
        assert shop.post("/newsletter", data={"email": email}).status_code == 422, email[:40]

    assert kept(session) == before


def test_what_is_only_odd_is_kept_as_it_was_typed(shop, session):
    for odd in READABLE:
        answer = shop.post("/blogs/the-ql-blawg/ql/comments", data=comment(name=odd, comment=odd))
        found = session.scalars(select(Comment).order_by(Comment.id.desc())).first()
        assert (answer.status_code, found.name, found.text) == (303, odd, odd)
        assert "<script>alert" not in shop.get(answer.location).text
        session.execute(delete(AttemptCount))
        answer = shop.post("/account/log", data=practice(title=odd, note=odd))
        found = session.scalars(select(Practice).order_by(Practice.id.desc())).first()
        assert (answer.status_code, found.title, found.note) == (303, odd, odd)

    assert "<script>alert" not in shop.get("/account/log").text
    assert not re.search(r"(^|,)=", shop.get("/account/log/export.csv").text, re.MULTILINE)


def test_signs_that_no_feed_takes_do_not_come_in_by_any_form(shop, session):
    shop.post("/account/log", data=practice(title="a\x01b\x0b\ufffe c"))
    shop.post("/blogs/the-ql-blawg/ql/comments", data=comment(name="A\x02n", comment="a\x0cb"))

    assert session.scalars(select(Practice.title)).one() == "a b  c"
    written = session.scalars(select(Comment).order_by(Comment.id.desc())).first()
    assert (written.name, written.text) == ("A n", "a b")


def test_no_address_takes_what_is_none_and_looking_stores_nothing(shop, session):
    before = kept(session)

    for address in SHOWN:
        for odd in NO_PLACES:
            answer = shop.get(address, query_string=dict.fromkeys(ARGUMENTS, odd))
            assert answer.status_code in {200, 404, 422}, (address, odd[:40], answer.status_code)
    for address in HOLES:
        for odd in NO_PLACES:
            answer = shop.get(address.format(quote(odd)))
            assert answer.status_code in {200, 302, 308, 404}, (address, odd[:40])
    for address in POSTED:
        for odd in NO_PLACES:
            answer = shop.post(address.format(quote(odd)), data={"sure": "y", "pause": odd})
            assert answer.status_code in {308, 404, 405}, (address, odd[:40], answer.status_code)

    assert kept(session) == before


def test_a_link_is_good_for_one_purpose_and_one_person_and_only_whole(shop, session):
    links = Links("")
    ada, eve = make_subscriber(session), make_subscriber(session, "eve@example.org")
    asked = Consent(subscriber_id=ada.id, act="asked")
    session.add(asked)
    session.flush()
    good = [links.unsubscribe(ada), links.preferences(ada), links.confirm(ada, asked.id)]
    tokens = {it.split("/")[2]: it.split("/")[3] for it in good}
    before = kept(session), [it.status for it in (ada, eve)]

    for purpose in tokens:
        for of, token in tokens.items():
            wrong = [token[:-1], token + "A", token.upper(), f"{eve.id}{token[len(str(ada.id)) :]}"]
            for each in wrong if of == purpose else [token, *wrong]:
                for end in ("", "/erase", "/data"):
                    path = f"/newsletter/{purpose}/{each}{end}"
                    assert shop.get(path).status_code in {404, 405}, path
                    sent = {"sure": "y", "pause": "none", "topics": "news"}
                    assert shop.post(path, data=sent).status_code in {404, 405}, path

    session.expire_all()
    assert (kept(session), [it.status for it in (ada, eve)]) == before
