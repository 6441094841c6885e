"""Anonymous pages are made once; whoever comes after a change sees it, in every process."""

import pytest
from sqlalchemy import select, update

from models import Article, Product, Stock, Variant
from models.inventory import adjust
from tests.browser import visit
from tests.factories import PASSWORD, make_article, make_blog, make_customer
from tests.page_cache.kept_pages import TOOL, asked


def write(app, statement):
    with app.extensions["sessions"].write.begin() as session:
        session.execute(statement)


def test_the_second_visitor_gets_the_page_without_a_query(processes, tool):
    app = processes[0]
    first, made = asked(app, TOOL)
    second, kept = asked(app, TOOL)

    assert made > 0
    assert kept == 0
    assert second.status_code == 200
    assert second.data == first.data
    for name in ("Content-Type", "ETag", "Vary", "Cache-Control", "Content-Security-Policy"):
        assert second.headers[name] == first.headers[name]
    assert "X-Request-Id" not in second.headers


def test_a_product_that_is_sold_is_seen_by_the_next_visitor_of_every_process(processes, tool):
    seller, other = processes
    assert "Sold out" not in asked(other, TOOL)[0].text
    assert asked(other, TOOL)[1] == 0

    with seller.extensions["sessions"].write.begin() as session:
        adjust(
            session,
            variant_id=session.scalar(select(Variant.id)),
            change=-3,
            reason="Sold",
            actor="till",
        )

    answer, statements = asked(other, TOOL)
    assert "Sold out" in answer.text
    assert statements > 0
    assert asked(other, TOOL)[1] == 0


def test_an_edited_article_is_seen_and_other_pages_stay(processes, session, tool):
    writer, other = processes
    make_article(session, blog=make_blog(session), handle="the-ql", title="The QL")
    article = "/blogs/the-ql-blawg/the-ql"
    assert "The QL" in asked(other, article)[0].text
    asked(other, "/collections/all")

    write(writer, update(Article).values(title="The deep QL"))

    assert "The deep QL" in asked(other, article)[0].text
    assert asked(other, "/collections/all")[1] == 0  # it shows no article


def test_a_transaction_that_changed_nothing_visible_ends_no_page(processes, tool):
    app = processes[0]
    asked(app, TOOL)
    buyer = app.test_client()
    variant = visit(buyer, TOOL)
    variant.submit("Add to cart")

    assert asked(app, TOOL)[1] == 0


def test_nothing_of_two_customers_is_ever_given_to_others(processes, session, tool):
    app = processes[0]
    plain = asked(app, TOOL)[0].text
    for email in [make_customer(session).email for _ in range(2)]:
        browser = app.test_client()
        visit(browser, "/account/login").submit("Sign in", email=email, password=PASSWORD)
        visit(browser, TOOL).submit("Add to cart")
        assert "Cart (1 item)" in visit(browser, TOOL).html.get_text()
        assert email in visit(browser, "/account").response.text

    again = asked(app, TOOL)[0]

    assert "Cart (0 items)" in again.text
    assert again.text == plain
    for path in ("/account", "/cart", "/account/details"):
        assert "public" not in asked(app, path)[0].headers["Cache-Control"]


def test_a_browser_that_has_the_page_is_told_so(processes, tool):
    app = processes[0]
    etag = asked(app, TOOL)[0].headers["ETag"]

    answer, statements = asked(app, TOOL, **{"If-None-Match": etag})

    assert (answer.status_code, answer.data, statements) == (304, b"", 0)
    assert answer.headers["ETag"] == etag
    assert "Content-Type" not in answer.headers
    assert asked(app, TOOL, **{"If-None-Match": '"another"'})[0].status_code == 200


def test_each_encoding_and_language_is_kept_by_itself(processes, tool):
    app = processes[0]
    plain = asked(app, TOOL)[0]
    brotli = asked(app, TOOL, **{"Accept-Encoding": "br"})[0]
    german = asked(app, f"/de{TOOL}")[0]

    assert "Content-Encoding" not in plain.headers
    assert brotli.headers["Content-Encoding"] == "br"
    assert asked(app, TOOL, **{"Accept-Encoding": "br"})[0].data == brotli.data
    assert asked(app, TOOL)[0].data == plain.data
    assert 'lang="de"' in german.text
    assert asked(app, f"/de{TOOL}")[0].data == german.data


def test_head_is_answered_from_the_kept_page(processes, tool):
    app = processes[0]
    page = asked(app, TOOL)[0]

    answer = app.test_client(use_cookies=False).head(TOOL)

    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(page.data))


@pytest.mark.parametrize("path", ["/search?q=ql", "/nowhere", f"{TOOL}?from=/x", "/cart.js"])
def test_what_is_asked_for_otherwise_is_made_anew(processes, tool, path):
    app = processes[0]
    first = asked(app, path)
    again = asked(app, path)

    assert again[1] == first[1]
    assert again[0].headers["X-Request-Id"] != first[0].headers["X-Request-Id"]


def test_a_strange_host_is_not_given_a_kept_page(processes, tool):
    app = processes[0]
    asked(app, TOOL)

    answer, _ = asked(app, TOOL, Host="evil.example")

    assert answer.status_code == 400


def test_stock_that_is_written_by_the_ledger_alone_ends_a_page_too(processes, session, tool):
    app = processes[0]
    asked(app, TOOL)

    write(app, update(Stock).values(on_hand=Stock.on_hand))
    assert asked(app, TOOL)[1] > 0
    write(app, update(Stock).values(on_hand=2))
    assert "Only 2 left" in asked(app, TOOL)[0].text
    write(app, update(Product).values(title="QL Claw 2"))
    assert "QL Claw 2" in asked(app, TOOL)[0].text
