"""What a shared cache may keep, what it may not, and how many queries a page takes."""

import re
from contextlib import contextmanager

import pytest
from sqlalchemy import event, insert, select

from models import ArticleTag, Collection, Variant
from models.catalog import collection_products
from models.content import article_products, article_tutorials, tutorial_products
from models.inventory import adjust
from tests.browser import visit
from tests.factories import (
    PASSWORD,
    make_article,
    make_blog,
    make_customer,
    make_paid_order,
    make_product,
    make_tutorial,
    make_variant,
)

PUBLIC = (
    *("/", "/collections", "/collections/all", "/collections/floor-tools", "/products/ql-claw"),
    *("/products/ql-claw.js", "/blogs/the-ql-blawg", "/blogs/the-ql-blawg/tagged/anatomy"),
    *("/blogs/the-ql-blawg/ql-muscle", "/tutorials", "/pages/ql-release", "/pages/safety"),
    *("/policies/refund-policy", "/search", "/search?q=psoas"),
    *("/where-does-it-hurt", "/where-does-it-hurt/buttock", "/muscles", "/muscles/psoas"),
    *("/glossary", "/routines", "/routines/gentle-start", "/routines/gentle-start/play", "/log"),
    *("/pages/ql-release/play", "/pages/ql-release/print", "/offline", "/references"),
    *("/newsletter", "/products/ql-claw?from=/muscles/psoas", "/accessibility"),
)
MACHINES = (
    *("/blogs/the-ql-blawg/ql-muscle.md", "/blogs/the-ql-blawg.atom", "/comments.atom"),
    *("/llms.txt", "/sitemap.xml", "/robots.txt"),
)
PERSONAL = (
    *("/cart", "/cart.js", "/account", "/account/login", "/account/login?confirm=secret"),
    *("/account/register", "/account/orders", "/staff/login", "/staff/orders", "/dev/mailbox"),
)
MOST_QUERIES = 14  # of a page that is somebody's own, or in a currency that she chose
MOST_OF_A_PUBLIC_PAGE = 6
# Of a text as well: claims, sources, films, comments.


def directives(answer):
    return {part.strip() for part in answer.headers.get("Cache-Control", "").split(",")}


def is_private(answer):
    return "public" not in directives(answer) and "no-store" in directives(answer)


@pytest.mark.seeded
def test_an_anonymous_page_sets_no_cookie_and_may_be_kept_by_everybody(client):
    for address in PUBLIC:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "Set-Cookie" not in answer.headers, address
        assert "public" in directives(answer), address
        assert "private" not in directives(answer), address
        assert answer.headers["ETag"], address
        assert "Cookie" in answer.vary, address


@pytest.mark.seeded
@pytest.mark.parametrize("coding", [None, "br", "gzip"])
def test_a_page_that_has_not_changed_is_not_sent_again(client, coding):
    headers = {"Accept-Encoding": coding} if coding else {}
    for address in (*PUBLIC, *MACHINES):
        first = client.get(address, headers=headers)
        plain = client.get(address, headers={"Accept-Encoding": "identity"})
        assert first.headers.get("Content-Encoding") == (coding if len(plain.data) > 500 else None)

        again = client.get(address, headers={**headers, "If-None-Match": first.headers["ETag"]})

        assert again.status_code == 304, address
        assert again.data == b"", address
        assert again.headers["ETag"] == first.headers["ETag"], address
        assert directives(again) == directives(first), address
        assert set(again.vary) == set(first.vary), address


@pytest.mark.seeded
def test_a_compressed_page_is_another_thing_than_the_plain_one(client):
    plain, packed = (
        client.get("/", headers={"Accept-Encoding": coding}) for coding in ("identity", "br")
    )

    assert plain.headers["ETag"] != packed.headers["ETag"]
    assert "Accept-Encoding" in packed.vary
    assert "Accept-Encoding" in plain.vary
    assert len(packed.data) < len(plain.data) / 3


def test_a_changed_page_is_sent_anew(client, session):
    variant = make_variant(session, product=make_product(session, handle="tool"))
    seen = client.get("/products/tool").headers["ETag"]

    adjust(session, variant.id, -7, reason="broken", actor="test")
    session.flush()
    answer = client.get("/products/tool", headers={"If-None-Match": seen})

    assert answer.status_code == 200
    assert "Only 3 left" in answer.text


@pytest.mark.seeded
def test_a_public_page_is_the_same_whoever_comes_from_wherever(app, client, session):
    def customer(quantity):
        browser, person = app.test_client(), make_customer(session)
        visit(browser, "/account/login").submit("Sign in", email=person.email, password=PASSWORD)
        variant = session.scalars(select(Variant.id).order_by(Variant.id)).first()
        browser.post("/cart/add", data={"id": variant, "quantity": quantity})
        return browser

    elsewhere = {
        "Referer": "http://localhost/blogs/the-ql-blawg/psoas-muscle-pain",
        "User-Agent": "Another",
        "Accept-Language": "ar",
    }
    customers = [customer(2), customer(3)]
    for address in PUBLIC:
        first = client.get(address)
        assert client.get(address, headers=elsewhere).data == first.data, address
        for browser in customers:
            assert is_private(browser.get(address)), address
    hers, theirs = (browser.get("/muscles").text for browser in customers)
    assert ("(2 items)" in hers, "(3 items)" in theirs) == (True, True)


@pytest.mark.seeded
def test_whoever_has_a_cart_gets_pages_of_her_own(client, session):
    variant_id = session.scalar(select(Variant.id).filter_by(sku="QLC-RED"))
    client.post("/cart/add", data={"id": variant_id})

    for address in PUBLIC:
        answer = client.get(address)
        assert is_private(answer), address
        assert "Cookie" in answer.vary, address


@pytest.mark.parametrize("name", ["cart", "session", "anything"])
def test_a_cookie_that_nobody_knows_makes_a_page_private_as_well(client, name):
    client.set_cookie(name, "forged")

    assert is_private(client.get("/"))


@pytest.mark.seeded
def test_cart_account_and_staff_pages_are_never_public_even_without_a_cookie(client):
    for address in PERSONAL:
        assert is_private(client.get(address)), address


def test_an_order_is_never_public(client, session):
    order = make_paid_order(session)

    for token in (order.token, "wrong"):
        assert is_private(client.get(f"/orders/{order.number}?token={token}"))


def test_a_signed_in_customers_pages_are_never_public(client, session):
    customer = make_customer(session)
    orders = visit(client, "/account/login").submit(
        "Sign in", email=customer.email, password=PASSWORD
    )

    assert orders.heading == "Your orders"
    for address in ("/account/orders", "/cart", "/", "/tutorials"):
        assert is_private(client.get(address)), address


def test_a_refusal_and_a_wrong_address_are_kept_by_nobody(client):
    for answer in (
        client.get("/nowhere"),
        client.get("/search", query_string={"q": "x" * 201}),
        client.post("/cart/add", data={"id": "0"}),
        client.get("/cart/add"),
    ):
        assert answer.status_code >= 400
        assert is_private(answer)


@pytest.mark.seeded
def test_a_static_file_of_a_fingerprint_is_kept_for_ever(client):
    sheet = visit(client, "/").html.find("link", rel="stylesheet")["href"]

    with client.get(sheet, headers={"Accept-Encoding": "br"}) as answer:
        assert "immutable" in directives(answer)
        assert "public" in directives(answer)
        assert answer.headers["Content-Encoding"] == "br"
        assert "Set-Cookie" not in answer.headers
    with client.get("/static/css/base.css") as plain:
        assert "immutable" not in directives(plain)


@pytest.mark.seeded
@pytest.mark.parametrize("language", ["", "/de"])
def test_every_picture_is_kept_for_ever_and_drawings_come_compressed(client, language):
    for address in (it for it in PUBLIC if not it.endswith(".js")):
        page = visit(client, language + address).html
        for picture in page.find_all("img", src=re.compile("^/")):
            path = picture["src"].partition("#")[0]
            with client.get(path, headers={"Accept-Encoding": "br"}) as answer:
                assert "immutable" in directives(answer), (address, path)
                coding = "br" if path.endswith(".svg") else None
                assert answer.headers.get("Content-Encoding") == coding, path


@contextmanager
def counted(app):
    """The statements that the shop sends meanwhile; the beginning of a transaction is none."""
    seen = []

    def note(connection, cursor, statement, *rest):
        if not statement.startswith("BEGIN"):
            seen.append(statement)

    engine = app.extensions["sessions"].engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def fill(session, count, first):
    """So many more products, articles and tutorials, linked with the first of each."""
    for _ in range(count):
        more = one_of_each(session, first)
        session.execute(insert(collection_products), [pick(more, "product", "collection")])
        for table, left, right in (
            (article_tutorials, "article", "tutorial"),
            (article_products, "article", "product"),
            (tutorial_products, "tutorial", "product"),
        ):
            session.execute(insert(table), [pick(first | {right: more[right]}, left, right)])
            session.execute(insert(table), [pick(more | {right: first[right]}, left, right)])


def one_of_each(session, first):
    """The ids of a new product, tutorial and article, in the first one's blog and collection."""
    return first | {
        "product": make_variant(session, product=make_product(session)).product_id,
        "tutorial": make_tutorial(session).id,
        "article": make_article(session, blog=first["blog"], tags=[ArticleTag(tag="back")]).id,
    }


def pick(ids, *names):
    return {f"{name}_id": ids[name] for name in names} | {"position": 0}


def first_of_each(session):
    """Where the links of all others lead to and from."""
    session.add(collection := Collection(handle="tools", title="Tools"))
    session.flush()
    product = make_product(session, handle="first")
    make_variant(session, product=product)
    blog = make_blog(session)
    tags = [ArticleTag(tag="back")]
    return {
        "collection": collection.id,
        "blog": blog,
        "product": product.id,
        "tutorial": make_tutorial(session, handle="first-release").id,
        "article": make_article(session, blog=blog, handle="first-text", tags=tags).id,
    }


def test_a_page_takes_as_many_queries_with_thirty_things_as_with_three(app, client, session):
    first = first_of_each(session)
    fill(session, 3, first)
    with_three = queries_of_pages(app, client)
    fill(session, 27, first)
    with_thirty = queries_of_pages(app, client)

    assert with_thirty == with_three
    most = dict.fromkeys(with_three, MOST_OF_A_PUBLIC_PAGE)
    assert {page: count for page, count in with_three.items() if count > most[page]} == {}


def queries_of_pages(app, client):
    counts = {}
    for address in (
        *("/", "/collections", "/collections/all", "/collections/tools", "/products/first"),
        *("/products/first.js", "/blogs/the-ql-blawg", "/blogs/the-ql-blawg/tagged/back"),
        *("/blogs/the-ql-blawg/first-text", "/tutorials", "/pages/first-release"),
        *("/search?q=press",),
    ):
        with counted(app) as seen:
            assert client.get(address).status_code == 200, address
        counts[address] = len(seen)
    return counts


def test_the_linked_things_of_the_query_test_stand_on_its_pages(client, session):
    """Else that test would count the queries of empty lists."""
    first = first_of_each(session)
    fill(session, 3, first)

    for address, selector, count in (
        ("/products/first", ".tutorial-card", 3),
        ("/products/first", ".article-card", 3),
        ("/pages/first-release", ".product-card", 3),
        ("/pages/first-release", ".article-card", 3),
        ("/blogs/the-ql-blawg/first-text", ".tutorial-card", 3),
        ("/blogs/the-ql-blawg/first-text", ".product-card", 3),
        ("/collections/tools", ".product-card", 3),
        ("/collections/all", ".product-card", 4),
        ("/search?q=press", ".result", 4),
    ):
        assert len(visit(client, address).main.select(selector)) == count, (address, selector)


def test_a_cart_takes_as_many_queries_with_thirty_lines_as_with_three(app, client, session):
    counts = []
    for more in (3, 27):
        for _ in range(more):
            client.post("/cart/add", data={"id": make_variant(session).id})
        with counted(app) as seen:
            assert client.get("/cart").status_code == 200
        counts.append(len(seen))

    assert counts[0] == counts[1] <= MOST_QUERIES


def test_a_customers_orders_take_as_many_queries_whether_three_or_thirty(app, client, session):
    customer, variant = make_customer(session), make_variant(session, on_hand=100)
    visit(client, "/account/login").submit("Sign in", email=customer.email, password=PASSWORD)
    counts = []
    for more in (3, 27):
        for _ in range(more):
            make_paid_order(session, variant=variant, customer=customer)
        with counted(app) as seen:
            page = visit(client, "/account/orders")
        counts.append((len(page.main.select(".result")), len(seen)))

    assert [shown for shown, _ in counts] == [3, 20]  # of thirty, the first page
    assert counts[0][1] == counts[1][1] <= MOST_QUERIES


@pytest.mark.seeded
def test_a_browser_without_a_cookie_is_told_which_pages_it_may_fetch_ahead(client):
    page = client.get("/products/ql-claw")
    rules = page.headers["Speculation-Rules"].strip('"')

    with client.get(rules) as answer:
        said = answer.get_json(force=True)
        assert answer.headers["Content-Type"] == "application/speculationrules+json"
        assert "immutable" in directives(answer)
    assert list(said) == ["prefetch"]
    allowed = str(said["prefetch"])
    for closed in (*PERSONAL, "/checkout", "/newsletter", "/search", "/discount", "/logout"):
        assert closed not in allowed
    assert "Clear-Site-Data" not in page.headers


def test_nothing_is_fetched_ahead_for_whoever_has_a_cookie(client, session):
    added = client.post("/cart/add", data={"id": make_variant(session).id})

    assert added.headers["Clear-Site-Data"] == '"prefetchCache"'
    for address in ("/", "/collections/all", "/cart", "/account/login"):
        assert "Speculation-Rules" not in client.get(address).headers
