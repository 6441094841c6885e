"""Which texts led to a cart and to its order, without a cookie before the cart."""

import pytest
from sqlalchemy import insert, select

from models import Cart, Order, Product
from models.content import article_products, tutorial_products
from storefront.cart.trail import content_of
from tests.browser import visit
from tests.factories import (
    make_article,
    make_blog,
    make_product,
    make_tutorial,
    make_variant,
)

ARTICLE, OTHER, TUTORIAL = "/blogs/the-ql-blawg/deep", "/blogs/the-ql-blawg/other", "/pages/release"


@pytest.fixture
def variant(session):
    """A tool, an article and a tutorial that lead to it, and an article that links to it."""
    variant = make_variant(session, product=make_product(session, handle="tool", title="The tool"))
    blog = make_blog(session)
    article = make_article(session, blog=blog, handle="deep", title="Deep")
    make_article(
        session, blog=blog, handle="other", title="Other", body="See [it](/products/tool?a=1#b)."
    )
    tutorial = make_tutorial(session, handle="release")
    for table, name, row in (
        (article_products, "article_id", article),
        (tutorial_products, "tutorial_id", tutorial),
    ):
        session.execute(insert(table).values({name: row.id, "product_id": variant.product_id}))
    session.commit()
    return variant


def add(client, variant, page=None, **fields):
    """Send the add form as a browser sends it from a page."""
    headers = {"Origin": "http://localhost"} | ({"Referer": page} if page else {})
    answer = client.post("/cart/add", data={"id": variant.id, **fields}, headers=headers)
    assert answer.status_code == 303, answer.text
    return answer


def kept(session):
    """Return what the only cart keeps of the texts before it."""
    session.rollback()
    return session.execute(select(Cart.first_content, Cart.last_content)).one()


def test_a_reader_who_follows_the_card_of_a_text_is_known_by_the_text(client, session, variant):
    for address in (TUTORIAL, ARTICLE):
        page = visit(client, address).follow("The tool")
        assert page.url == f"http://localhost/products/tool?from={address}"
        assert page.html.find("link", rel="canonical")["href"] == "http://localhost/products/tool"
        assert client.get_cookie("cart") is None
    add(client, variant, page.url)

    assert kept(session) == (ARTICLE, ARTICLE)


def test_a_link_within_a_text_says_where_it_stands(client, variant):
    page = visit(client, OTHER)

    assert page.main.find("a", string="it")["href"] == f"/products/tool?a=1&from={OTHER}#b"


def test_another_variant_keeps_the_text_that_led_to_the_product(client, session, variant):
    tool = session.get_one(Product, variant.product_id)
    make_variant(session, product=tool, options=("Pine",))

    page = visit(client, f"/products/tool?from={ARTICLE}").follow("Pine")

    assert page.url.endswith(f"&from={ARTICLE}")
    forged = visit(client, "/products/tool?from=/evil%22%3E")
    assert "from=" not in forged.link("Pine")


def test_elsewhere_a_products_link_stays_as_it_is(client, variant):
    for address in ("/", "/collections/all", "/search?q=tool", "/products/tool?from=nonsense"):
        for link in visit(client, address).html.find_all("a", href=True):
            assert "from=" not in link["href"], address


def test_a_form_on_a_text_itself_is_known_by_it(client, session, variant):
    add(client, variant, f"http://localhost{TUTORIAL}?x=1#step-2")

    assert kept(session) == (TUTORIAL, TUTORIAL)


def test_a_mail_counts_as_a_text(client, session, variant):
    add(client, variant, "http://localhost/products/tool?from=mail:welcome-2")

    assert kept(session) == ("mail:welcome-2", "mail:welcome-2")


def test_the_form_may_say_the_first_text_and_the_last(client, session, variant):
    add(
        client,
        variant,
        f"http://localhost/products/tool?from={OTHER}",
        first_content=ARTICLE + "?utm=1",
        last_content=TUTORIAL + "/",
    )

    assert kept(session) == (ARTICLE, TUTORIAL)


def test_the_first_text_stays_the_first_and_the_last_is_always_the_newest(client, session, variant):
    add(client, variant, f"http://localhost/products/tool?from={ARTICLE}")
    add(client, variant, f"http://localhost/products/tool?from={TUTORIAL}")
    assert kept(session) == (ARTICLE, TUTORIAL)

    add(client, variant, "http://localhost/products/tool")
    assert kept(session) == (ARTICLE, TUTORIAL)

    add(client, variant, first_content=OTHER, last_content=OTHER)
    assert kept(session) == (ARTICLE, OTHER)


def test_a_cart_that_was_begun_without_a_text_takes_the_first_that_comes(client, session, variant):
    add(client, variant)
    assert kept(session) == (None, None)

    add(client, variant, f"http://localhost{ARTICLE}")
    assert kept(session) == (ARTICLE, ARTICLE)


@pytest.mark.parametrize(
    "page",
    [
        f"https://evil.example{ARTICLE}",
        f"http://localhost.evil.example{ARTICLE}",
        f"http://localhost@evil.example{ARTICLE}",
        "http://localhost/products/tool?from=https://evil.example/",
        "http://localhost/products/tool?from=//evil.example/blogs/a/b",
        "http://localhost/products/tool?from=/staff/orders",
        "http://localhost/products/tool?" + "&".join(f"a{n}=1" for n in range(50)),
        "http://localhost/products/tool?from=" + "/pages/" + "x" * 5000,
        "http://localhost/account/orders",
        "http://[::1",
        "about:blank",
        "\ud800",
    ],
)
def test_a_foreign_or_strange_page_is_no_text_and_nothing_fails(client, session, variant, page):
    add(client, variant, page.encode("utf-8", "replace").decode())

    assert kept(session) == (None, None)


@pytest.mark.parametrize(
    "forged",
    [
        *("<script>alert(1)</script>", "/blogs/a/b\0", "/pages/\u0000x", "javascript:alert(1)"),
        *("//evil.example/pages/x", "https://evil.example/pages/x", "/pages/../staff", "/PAGES/x"),
        *("/pages/x\nSet-Cookie: a", "mail:welcome", "mail:a-999", "=1+1", "قطن", "💪", " "),
        *("/pages/" + "x" * 121, "/" + "x" * 100_000, "/blogs/a/tagged/b", "/policies/x", "/cart"),
    ],
)
def test_a_forged_text_is_not_kept_and_the_product_is_added(client, session, variant, forged):
    add(client, variant, first_content=forged, last_content=forged)

    assert kept(session) == (None, None)
    assert "The tool" in visit(client, "/cart").text


def test_a_refused_form_keeps_nothing(client, session, variant):
    answer = client.post(
        "/cart/add",
        data={"id": variant.id, "quantity": "99", "first_content": ARTICLE},
        headers={"Origin": "http://localhost"},
    )

    assert answer.status_code == 409
    assert session.scalars(select(Cart)).all() == []


def test_the_longest_address_of_a_text_is_kept_whole(client, session, variant):
    longest = f"/blogs/{'b' * 120}/{'a' * 120}"
    assert content_of(longest) == longest

    add(client, variant, last_content=longest)

    assert kept(session) == (longest, longest)


def test_the_order_keeps_what_its_cart_knew(client, session, variant):
    add(client, variant, first_content=ARTICLE, last_content=TUTORIAL)

    visit(client, "/cart").submit("Check out", email="ada@example.com", follow=False)

    session.rollback()
    order = session.scalars(select(Order)).one()
    assert (order.first_content, order.last_content) == (ARTICLE, TUTORIAL)


def test_no_page_depends_on_who_looks_or_where_she_came_from(client, variant):
    plain = client.get(ARTICLE)
    led = client.get(ARTICLE, headers={"Referer": f"http://localhost{TUTORIAL}"})

    assert led.data == plain.data
    assert "Referer" not in plain.vary
    assert "Set-Cookie" not in plain.headers
    assert (
        client.get(f"/products/tool?from={ARTICLE}").headers["Cache-Control"].startswith("public")
    )
