"""Counting stock on the product's page."""

import pytest
from sqlalchemy import select

from models import StockMovement
from models.inventory import MovementKind, adjust, move
from storefront.verify.stock import ledger_is_stock
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.staff import count_field, saved_product, sign_in

ADDRESS = "/staff/products/tool"


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool", description="It *presses*.")
    return make_variant(session, product=product, sku="TOOL-RED", on_hand=10, price_minor=8900)


def test_a_count_changes_stock_through_the_ledger(client, session, variant):
    person = sign_in(client, session)

    page = visit(client, ADDRESS).submit(
        "Save", reason="Counted in the morning", **{count_field(variant): "7"}
    )

    assert page.status == 200
    assert saved_product(session)[2] == [(7, 0)]
    line = session.scalars(select(StockMovement).order_by(StockMovement.id.desc())).first()
    assert (line.kind, line.on_hand, line.reason, line.actor) == (
        MovementKind.ADJUSTED,
        -3,
        "Counted in the morning",
        person.email,
    )
    assert list(ledger_is_stock(session)) == []


def test_a_count_without_a_reason_is_refused(client, session, variant):
    sign_in(client, session)
    before = saved_product(session)

    page = visit(client, ADDRESS).submit("Save", **{count_field(variant): "7"})

    assert (page.status, page.errors()) == (
        422,
        ["Give a reason of 3 to 300 characters for the new count."],
    )
    assert page.main.find(id=count_field(variant))["value"] == "7"
    assert saved_product(session) == before


@pytest.mark.parametrize("count", ["", "-1", "1.5", "1000001", "many"])
def test_what_is_no_count_is_refused(client, session, variant, count):
    sign_in(client, session)
    before = saved_product(session)

    page = visit(client, ADDRESS).submit("Save", reason="Counted", **{count_field(variant): count})

    assert (page.status, page.errors()) == (422, ["Enter a whole number from 0 to 1000000."])
    assert saved_product(session) == before


def test_fewer_than_reserved_cannot_be_counted_and_nothing_is_saved(client, session, variant):
    sign_in(client, session)
    held = StockMovement(
        variant_id=variant.id, kind=MovementKind.RESERVED, reserved=8, actor="test"
    )
    move(session, held)
    session.commit()
    before = saved_product(session)

    page = visit(client, ADDRESS).submit(
        "Save", title="New", reason="Counted", **{count_field(variant): "5"}
    )

    assert page.status == 409
    assert page.errors() == ["8 are reserved for open orders: there cannot be fewer on hand."]
    assert page.main.find(id="title")["value"] == "New"
    assert saved_product(session) == before


def test_a_sale_while_editing_does_not_bring_the_unit_back(client, session, variant):
    sign_in(client, session)
    form = visit(client, ADDRESS)

    adjust(session, variant.id, -1, reason="Sold", actor="test")
    session.commit()
    page = form.submit("Save", title="New")

    assert page.status == 200
    assert saved_product(session)[2] == [(9, 0)]


def test_a_count_made_before_a_sale_is_not_taken_down(client, session, variant):
    sign_in(client, session)
    form = visit(client, ADDRESS)

    adjust(session, variant.id, -1, reason="Sold", actor="test")
    session.commit()
    before = saved_product(session)
    page = form.submit("Save", title="New", reason="Counted", **{count_field(variant): "12"})

    assert page.status == 409
    assert page.errors() == ["9 are on hand by now. Count again, or leave that number."]
    assert saved_product(session) == before
    assert page.submit("Save").status == 200
    assert saved_product(session)[2] == [(12, 0)]
