"""Staff say where old addresses lead, and find links that lead nowhere."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from sqlalchemy import select, update

from models import Article, Job, LinkCheck, Redirect, Task, now
from storefront.jobs import queue
from storefront.staff.broken_links import jobs
from storefront.staff.broken_links.checking import Follower
from tests.browser import visit
from tests.factories import make_article, make_blog, make_product, make_variant
from tests.staff import rows, sign_in

REDIRECTS, LINKS = "/staff/redirects", "/staff/broken-links"


@pytest.fixture(autouse=True)
def _owner(client, session):
    sign_in(client, session)


def test_an_old_address_leads_on_is_found_and_taken_away(client, session):
    made = visit(client, REDIRECTS).submit("Save", path="/products/old/", target="/cart?from=old#x")

    assert "/products/old leads to /cart?from=old#x." in made.text
    assert client.get("/products/old").location == "/cart?from=old#x"
    assert rows(visit(client, f"{REDIRECTS}?q=OLD"))[0][:2] == ["/products/old", "/cart?from=old#x"]
    assert client.get(f"{REDIRECTS}/redirects.csv").text == (
        "\ufeffpath,target\r\n/products/old,/cart?from=old#x\r\n"
    )
    made.submit("Remove")
    assert client.get("/products/old").status_code == 404


@pytest.mark.parametrize(
    ("path", "target", "words"),
    [
        ("", "/cart", "Enter the old address."),
        ("products/old", "/cart", "Enter an address of this shop"),
        ("//evil", "/cart", "Enter an address of this shop"),
        ("/staff/orders", "/cart", "This address always leads to its own page."),
        ("/", "/cart", "This address always leads to its own page."),
        ("/a", "/a/", "An address cannot lead to itself."),
        ("/a", "https://evil.example", "others are not led to"),
        ("/a", "//evil.example", "others are not led to"),
        ("/a", "/\\evil.example", "others are not led to"),
        ("/a", "javascript:alert(1)", "others are not led to"),
        ("/a", "/x" * 300, "Enter at most 500 signs."),
        pytest.param("/a\x00", "/cart", "Remove the characters", id="nul"),
    ],
)
def test_a_redirect_that_cannot_be_is_refused_and_what_was_typed_stays(
    client, session, path, target, words
):
    page = visit(client, REDIRECTS).submit("Save", path=path, target=target)

    assert page.status == 422
    assert any(words in error for error in page.errors())
    assert session.scalars(select(Redirect)).all() == []


@pytest.mark.parametrize("target", ["/b", "/b/", "/b?x=1", "/b#x", "/%62"])
def test_no_redirect_leads_to_another_nor_in_a_circle(client, session, target):
    visit(client, REDIRECTS).submit("Save", path="/b", target="/cart?a=1#c")
    before = session.execute(select(Redirect.path, Redirect.target)).all()

    chain = visit(client, REDIRECTS).submit("Save", path="/a", target=target)

    assert (chain.status, chain.errors()) == (
        422,
        ["This leads on to /cart?a=1#c. Lead there instead."],
    )
    assert chain.main.find(id="target")["value"] == target
    assert session.execute(select(Redirect.path, Redirect.target)).all() == before
    visit(client, REDIRECTS).submit("Save", path="/cart-of-old", target="/a")
    circle = visit(client, REDIRECTS).submit("Save", path="/a", target="/cart-of-old")
    assert circle.errors() == ["This leads on to /a. Lead there instead."]
    assert client.get("/b?utm=x").location == "/cart?a=1&utm=x#c"


def linking(session, html):
    """An article whose text has these links."""
    article = make_article(session, blog=make_blog(session))
    session.execute(update(Article).where(Article.id == article.id).values(body_html=html))
    session.commit()
    return f"/blogs/the-ql-blawg/{article.handle}"


def test_broken_links_are_found_by_the_worker_with_the_page_that_they_stand_on(
    client, session, worker
):
    make_variant(session, product=make_product(session, handle="here"))
    path = linking(
        session,
        '<a href="/products/here">a</a> <a href="/products/gone#x">b</a> <a href="gone-too">c</a>'
        '<a href="mailto:a@example.org">d</a> <a href="http://127.0.0.1:9/inside">e</a>',
    )

    page = visit(client, LINKS).submit("Follow every link now")
    assert page.heading == "Follow every link"
    worker.work_off()

    found = {row[0]: row[1:] for row in rows(visit(client, LINKS))}
    assert found["/products/gone"] == ["404. Nothing is there.", path]
    assert found["/blogs/the-ql-blawg/gone-too"] == ["404. Nothing is there.", path]
    assert found["http://127.0.0.1:9/inside"] == [
        "This address is not on the public internet.",
        path,
    ]
    assert "/products/here" not in found
    assert session.scalars(select(Task.status)).all() == ["done"]


def test_a_link_that_was_mended_is_forgotten_at_the_next_look(client, session, worker):
    linking(session, '<a href="/products/gone">b</a>')
    visit(client, LINKS).submit("Follow every link now")
    worker.work_off()
    session.execute(update(Article).values(body_html=""))
    session.commit()

    visit(client, LINKS).submit("Follow every link now")
    worker.work_off()

    assert session.scalars(select(LinkCheck).where(LinkCheck.url == "/products/gone")).all() == []


def test_the_shop_looks_again_by_itself_after_a_week_but_never_before_staff_began(
    app, client, session, worker
):
    linking(session, '<a href="/products/gone">b</a>')
    sessions = app.extensions["sessions"]

    def a_day_later(number):
        with sessions.write.begin() as writer:
            queue.enqueue(writer, "check-links", f"day-{number}", {})
        worker.work_off()
        return session.scalars(select(LinkCheck.checked_at)).all()

    assert a_day_later(1) == []
    visit(client, LINKS).submit("Follow every link now")
    worker.work_off()
    first = session.scalars(select(LinkCheck.checked_at)).all()
    assert a_day_later(2) == first
    session.execute(update(LinkCheck).values(checked_at=now() - timedelta(days=8)))

    again = a_day_later(3)

    assert len(again) == len(first)
    assert min(again) > max(first)


def test_slow_links_let_other_jobs_come_between(app, client, session, worker, monkeypatch):
    monkeypatch.setattr(jobs, "ROUND_S", 0.0)
    linking(session, '<a href="/products/gone">b</a><a href="/products/gone-too">c</a>')

    visit(client, LINKS).submit("Follow every link now")
    worker.work_off()

    rounds = session.scalars(select(Job.key).where(Job.kind == "check-links")).all()
    assert len(rounds) == len(session.scalars(select(LinkCheck.url)).all())
    assert session.scalars(select(Task.status)).all() == ["done"]


class Elsewhere(BaseHTTPRequestHandler):
    """A site that answers with the status in its address, or leads on."""

    def do_GET(self):
        where = self.path.strip("/")
        self.send_response(302 if where == "round" else int(where))
        self.send_header("Location", "/round")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *args):
        """Say nothing."""


@pytest.fixture
def elsewhere():
    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/200", 200, ""),
        ("/404", 404, "Nothing is there."),
        ("/410", 410, "Nothing is there."),
        ("/500", 500, "It answers an error."),
        ("/403", 403, "It lets no machine look: open it yourself."),
        ("/round", 0, "It leads on more than 5 times."),
    ],
)
def test_what_a_site_elsewhere_answers_is_said_in_words(elsewhere, path, status, words):
    found = Follower(lambda _: 200, may_go_inside=True).follow(elsewhere + path)

    assert (found.status, found.error) == (status, words)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/x", "http://10.0.0.1:80/"]
)
def test_no_link_of_a_text_lets_the_shop_look_into_its_own_network(url):
    found = Follower(lambda _: 200).follow(url)

    assert (found.status, found.error) == (0, "This address is not on the public internet.")
