"""Collections: chosen by hand and in order, or filled by a rule."""

import pytest
from sqlalchemy import func, select

from models import Collection, Job, Redirect, Stock
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.staff import sign_in

RULE = {"conditions-0-kind": "title contains", "conditions-0-value": "claw"}
NEW = {"title": "Claws", "is_published": "y"}


def new(client, **typed):
    return visit(client, "/staff/collections/new").submit("Save", **{**NEW, **typed})


def titles(client, handle="claws"):
    page = visit(client, f"/collections/{handle}")
    return [it.get_text().strip() for it in page.main.find_all(class_="product-card__title")]


def test_products_are_chosen_by_hand_and_put_in_order(client, session):
    sign_in(client, session)
    products = [make_product(session, title=title) for title in ("One", "Two")]
    for product in products:
        make_variant(session, product=product)
    page = new(client)
    assert page.url.endswith("/staff/collections/claws")

    page = page.submit("Save products", added="\n".join(it.handle for it in products))
    assert titles(client) == ["One", "Two"]
    page.submit("Save products", **{f"place-{products[1].id}": "1"})
    assert titles(client) == ["Two", "One"]
    late = page.submit("Save products", **{f"remove-{products[0].id}": "on"})
    assert late.status == 409
    assert titles(client) == ["Two", "One"]


def test_a_rule_says_what_it_finds_and_follows_what_is_saved(client, session):
    sign_in(client, session)
    claw = make_product(session, title="The claw", handle="claw")
    make_variant(session, product=claw, price_minor=8900)
    make_variant(session, product=make_product(session, title="A mat"), price_minor=2000)

    page = visit(client, "/staff/collections/new")
    preview = page.submit("Preview", **{**NEW, **RULE, "filled": "all"})
    assert "Matches now: 1: The claw" in preview.text
    assert session.scalar(select(func.count(Collection.id))) == 0
    preview.submit("Save")
    assert titles(client) == ["The claw"]

    visit(client, "/staff/products/claw").submit("Save", title="The tool")
    assert titles(client) == []


def test_stock_is_followed_every_night(client, session, worker):
    sign_in(client, session)
    variant = make_variant(session, product=make_product(session, title="The claw"), on_hand=0)
    new(client, filled="all", **{"conditions-0-kind": "stock is", "conditions-0-value": "in"})
    assert titles(client) == []
    session.get_one(Stock, variant.id).on_hand = 3
    session.flush()
    session.add(Job(kind="refresh-collections", key="night", payload={}))
    session.flush()

    worker.work_off()

    assert titles(client) == ["The claw"]


@pytest.mark.parametrize(
    ("kind", "value", "found"),
    [
        ("title lacks", "mat", ["Tool é"]),
        ("handle contains", "to_l", []),
        ("price below", "89.00", ["A mat"]),
        ("price above", "20", ["Tool é"]),
        ("option is", "Grün", ["Tool é"]),
        ("option is", "Grü", []),
        ("created after", "2020-01-01", ["Tool é", "A mat"]),
        ("created after", "2999-01-01", []),
        ("stock is", "out", ["A mat"]),
    ],
)
def test_each_condition_means_what_it_says(client, session, kind, value, found):
    sign_in(client, session)
    tool = make_product(session, title="Tool é", handle="tool")
    make_variant(session, product=tool, price_minor=8900, options=("Grün",))
    mat = make_product(session, title="A mat", handle="mat")
    make_variant(session, product=mat, price_minor=2000, on_hand=0)

    new(client, filled="any", **{"conditions-0-kind": kind, "conditions-0-value": value})

    assert titles(client) == found


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        *(("price below", "cheap"), ("stock is", "yes"), ("created after", "2026-02-30")),
        *(("title contains", ""), ("title contains", "x" * 101), ("option is", "a\0b")),
    ],
)
def test_a_condition_that_means_nothing_is_refused(client, session, kind, value):
    sign_in(client, session)

    page = new(client, filled="all", **{"conditions-0-kind": kind, "conditions-0-value": value})

    assert (page.status, len(page.errors())) == (422, 1)
    assert session.scalar(select(func.count(Collection.id))) == 0


def test_a_renamed_collection_leaves_a_redirect_and_an_unpublished_one_the_shop(client, session):
    sign_in(client, session)
    page = new(client)
    page = page.submit("Save", handle="grips", seo_title="Buy grips")
    shop = visit(client, "/collections/claws")
    assert shop.url.endswith("/collections/grips")
    assert shop.html.title.get_text().startswith("Buy grips")
    assert session.scalar(select(func.count(Redirect.id))) == 1
    session.get_one(Collection, 1).is_published = False
    session.flush()

    assert visit(client, "/collections/grips").status == 404
    assert "Claws" not in visit(client, "/collections").text


def test_handles_are_taken_once_and_two_who_edit_are_told(client, session):
    sign_in(client, session)
    mine, hers = new(client), visit(client, "/staff/collections/claws")

    assert new(client).errors() == ["Another collection has this handle. Choose another one."]
    mine.submit("Save", title="Mine")
    late = hers.submit("Save", title="Hers")
    assert late.status == 409
    assert "Saved meanwhile Title Mine" in late.text
    assert late.submit("Save").status == 200
    assert "Hers" in visit(client, "/staff/collections").text
