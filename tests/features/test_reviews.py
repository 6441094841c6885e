"""Buyers say what they think of what they bought; only what is real is shown and counted."""

import json

import pytest
from sqlalchemy import select, update

from models import BodySide, OrderLine, OrderStatus, Region, Review, ReviewStatus, now
from tests.browser import visit
from tests.factories import make_paid_order, make_product, make_variant
from tests.staff import counted_statements

WORDS = {"stars": "4", "text": "Firm, and it helps me.", "name": "Ada"}


@pytest.fixture
def product(session):
    return make_product(session, handle="tool", title="Tool")


@pytest.fixture
def order(session, product):
    """An order of which a unit left the house."""
    return shipped_order(session, product)


def shipped_order(session, product, email="ada@example.com"):
    variant = make_variant(session, product=product)
    made = make_paid_order(session, variant=variant, email=email)
    session.execute(update(OrderLine).values(shipped_quantity=OrderLine.quantity))
    made.status = OrderStatus.SHIPPED
    session.commit()
    return made


def form_of(client, order, token=None):
    return visit(client, f"/orders/{order.number}/reviews/tool?token={token or order.token}")


def typed_in(page, name):
    """What stands in a field of a page."""
    field = page.html.find(attrs={"name": name})
    return field.get("value", "") if field.name == "input" else field.get_text().strip("\r\n")


def reviews(session):
    session.expire_all()
    return session.scalars(select(Review).order_by(Review.id)).all()


def review_of(session, product, stars, **said):
    """A published review of somebody else."""
    order = shipped_order(session, product)
    made = Review(
        order_id=order.id,
        product_id=product.id,
        **{"stars": stars, "name": "Eve", "text": "Fine.", "published_at": now(), **said},
    )
    made.status = ReviewStatus.PUBLISHED
    session.add(made)
    session.commit()
    return made


def region(session, name):
    made = Region(handle=name.lower(), name=name, side=BodySide.BACK)
    session.add(made)
    session.commit()
    return made


def linked_product(page):
    graph = json.loads(page.html.find("script", type="application/ld+json").string)["@graph"]
    return next(it for it in graph if it["@type"] == "Product")


def test_a_product_without_reviews_says_that_it_has_none(client, session, product):
    make_variant(session, product=product)

    page = visit(client, "/products/tool")

    assert "It has no reviews yet. Only people who bought it here can write one." in page.text
    assert "aggregateRating" not in linked_product(page)


def test_a_buyer_reviews_what_was_shipped_from_her_orders_page(client, session, order):
    where = region(session, "Hip")
    page = visit(client, f"/orders/{order.number}?token={order.token}").follow("Review the Tool")
    assert page.heading == "Review the Tool"
    assert typed_in(page, "name") == "Demo"

    page = page.submit("Post review", **WORDS, title="Good", region=where.id, weeks="6")

    assert "Thank you. Somebody at the shop reads your review before others see it." in page.text
    (it,) = reviews(session)
    assert (it.order_id, it.stars, it.title, it.text) == (order.id, 4, "Good", WORDS["text"])
    assert (it.name, it.region_id, it.weeks, it.status) == ("Ada", where.id, 6, "waiting")
    assert "It has no reviews yet." in visit(client, "/products/tool").text


def test_what_has_not_left_the_house_is_not_reviewed_yet(client, session, product):
    order = make_paid_order(session, variant=make_variant(session, product=product))

    assert (
        "Review the Tool" not in visit(client, f"/orders/{order.number}?token={order.token}").text
    )
    assert form_of(client, order).status == 404


@pytest.mark.parametrize("token", ["", "x", "ü", "0" * 43])
def test_who_does_not_hold_the_orders_secret_cannot_review(client, session, order, token):
    address = f"/orders/{order.number}/reviews/tool"

    assert client.get(address, query_string={"token": token}).status_code == 404
    assert client.post(address, data={**WORDS, "token": token}).status_code == 404
    assert reviews(session) == []


def test_another_product_is_not_reviewed_with_an_order(client, session, order):
    make_variant(session, product=make_product(session, handle="other"))
    address = f"/orders/{order.number}/reviews/other"

    assert client.post(address, data={**WORDS, "token": order.token}).status_code == 404
    assert reviews(session) == []


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"stars": "6"}, "Choose 1 to 5 stars."),
        ({"stars": "0"}, "Choose 1 to 5 stars."),
        ({"stars": ""}, "Choose 1 to 5 stars."),
        ({"stars": "٣"}, "Choose 1 to 5 stars."),
        ({"text": " "}, "Write your review."),
        ({"text": "x" * 5001}, "Shorten your review to 5,000 characters."),
        ({"text": "http://a " * 6}, "Use at most 5 links. They are shown as text."),
        ({"name": ""}, "Enter a name. A first name is enough."),
        ({"name": "x" * 121}, "Enter at most 120 characters."),
        ({"title": "x" * 121}, "Enter at most 120 characters."),
        ({"weeks": "521"}, "Enter a whole number from 0 to 520."),
        ({"weeks": "-1"}, "Enter a whole number from 0 to 520."),
        ({"weeks": "soon"}, "Enter a whole number from 0 to 520."),
        ({"region": "99"}, "Choose a region from the list."),
        ({"text": "a\x00b"}, "Remove the characters that cannot be read."),
    ],
)
def test_a_mistake_is_named_at_its_field_and_nothing_is_kept(
    client, session, order, typed, message
):
    page = form_of(client, order).submit("Post review", **{**WORDS, **typed})

    assert (page.status, page.errors()) == (422, [message])
    kept = {**WORDS, **typed}
    assert typed_in(page, "name") == kept["name"].strip()
    assert typed_in(page, "text") == kept["text"].strip()
    assert reviews(session) == []


def test_what_is_written_is_shown_as_text(client, session, product):
    review_of(session, product, 5, text="<script>alert(1)</script>", name="<b>Bo</b>", title="=1+1")

    page = visit(client, "/products/tool")

    assert "<script>alert(1)</script>" in page.text
    assert "<b>Bo</b> , verified buyer" in page.text
    assert linked_product(page)["review"][0]["reviewBody"] == "<script>alert(1)</script>"


def test_a_changed_review_is_read_again_before_others_see_it(client, session, order, product):
    form_of(client, order).submit("Post review", **WORDS)
    session.execute(update(Review).values(status=ReviewStatus.PUBLISHED, published_at=now()))
    session.commit()
    assert "4.0 of 5 stars" in visit(client, "/products/tool").text

    page = form_of(client, order)
    assert page.html.find("input", {"name": "stars", "value": "4"}).has_attr("checked")
    page.submit("Change review", stars="1", text="It broke.")

    (it,) = reviews(session)
    assert (it.stars, it.text, it.status, it.version) == (1, "It broke.", "waiting", 2)
    assert "It has no reviews yet." in visit(client, "/products/tool").text


def test_a_withdrawn_review_has_lost_its_words(client, session, order):
    form_of(client, order).submit("Post review", **WORDS, title="Good", weeks="2")

    page = form_of(client, order).submit("Withdraw review")

    assert "Your review is withdrawn" in page.text
    (it,) = reviews(session)
    assert (it.name, it.title, it.text, it.weeks, it.status) == ("", "", "", None, "withdrawn")
    assert typed_in(form_of(client, order), "name") == "Demo"
    form_of(client, order).submit("Post review", **WORDS)
    assert [(it.status, it.text) for it in reviews(session)] == [("waiting", WORDS["text"])]


def test_the_mean_is_of_what_is_published_and_of_nothing_else(client, session, product):
    for stars in (5, 4, 4, 1):
        review_of(session, product, stars)
    hidden = review_of(session, product, 1)
    hidden.status = ReviewStatus.REJECTED
    review_of(session, make_product(session), 1)
    session.commit()

    page = visit(client, "/products/tool")

    assert "3.5 of 5 stars, the mean of 4 reviews" in page.text
    assert linked_product(page)["aggregateRating"] == {
        "@type": "AggregateRating",
        "ratingValue": "3.5",
        "bestRating": 5,
        "ratingCount": 4,
    }
    assert len(linked_product(page)["review"]) == len(page.html.select("#reviews article")) == 3
    page = page.follow("All reviews by where it hurts")
    assert page.heading == "Reviews of the Tool"
    spread = [cell.get_text() for cell in page.html.select(".spread__count")]
    assert spread == ["1", "2", "0", "0", "1"]


def test_reviews_are_found_by_where_it_hurts(client, session, product):
    hip, back = region(session, "Hip"), region(session, "Back")
    review_of(session, product, 5, region_id=hip.id, text="For my hip.", weeks=1)
    review_of(session, product, 3, region_id=back.id, text="For my back.", weeks=0)
    review_of(session, product, 2, text="For nothing.")

    page = visit(client, "/products/tool/reviews").follow("Hip (1)")

    assert [it.get_text() for it in page.html.select(".review .plain-text__part")] == [
        "For my hip."
    ]
    assert "Hurts: Hip 1 week of use" in page.text
    assert "Just begun" in visit(client, "/products/tool/reviews?region=back").text
    assert visit(client, "/products/tool/reviews?region=knee").status == 404
    assert visit(client, "/products/nothing/reviews").status == 404


def test_many_reviews_cost_no_more_queries_than_one(app, client, session, product):
    hip = region(session, "Hip")
    review_of(session, product, 5, region_id=hip.id)
    counts = []
    for address in ("/products/tool", "/products/tool/reviews"):
        with counted_statements(app) as few:
            client.get(address)
        counts.append(len(few))
    for _ in range(25):
        review_of(session, product, 4, region_id=hip.id)

    for address, before in zip(("/products/tool", "/products/tool/reviews"), counts, strict=True):
        with counted_statements(app) as many:
            client.get(address)
        assert len(many) == before
    assert "Page 1 of 2" in visit(client, "/products/tool/reviews").text
