"""The list of stock narrowed by its address."""

import pytest
from sqlalchemy import update

from models import Location, ProductStatus, Stock, StockMovement
from models.inventory import transfer
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.staff import counted_statements, rows, sign_in

NUL = "%00"


@pytest.fixture
def shelf(session):
    """Enough, some, none; and of one more is owed than is on its way. FEW lies in two places."""
    product = make_product(session, title="The tool")
    draft = make_product(session, title="A mat", status=ProductStatus.DRAFT)
    make_variant(
        session, product=product, sku="ENOUGH", on_hand=9, low_at=3, barcode="4006381333931"
    )
    few = make_variant(session, product=product, sku="FEW", options=("B",), on_hand=3, low_at=3)
    make_variant(session, product=product, sku="NONE", options=("C",), on_hand=0)
    make_variant(session, product=draft, sku="HIDDEN", on_hand=0, low_at=1)
    owed = make_variant(session, product=product, sku="OWED", options=("D",), on_hand=0)
    session.execute(
        update(Stock).where(Stock.variant_id == owed.id).values(backordered=4, incoming=3)
    )
    session.add(cellar := Location(title="Cellar", position=1))
    session.flush()
    moved = StockMovement(variant_id=few.id, location_id=1, actor="test", reason="", reference="")
    transfer(session, moved, 1, cellar.id)
    session.commit()
    return cellar


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["ENOUGH", "FEW", "HIDDEN", "NONE", "OWED"]),
        ("show=low", ["FEW"]),
        ("show=out", ["HIDDEN", "NONE", "OWED"]),
        ("show=out&status=active", ["NONE", "OWED"]),
        ("show=short&status=active", ["FEW", "NONE", "OWED"]),
        ("show=owed", ["OWED"]),
        ("status=draft", ["HIDDEN"]),
        ("q=63813", ["ENOUGH"]),
        ("q=63813" + NUL, ["ENOUGH"]),
        ("show=out&q=mat", ["HIDDEN"]),
        ("sort=-mark&show=low", ["FEW"]),
    ],
)
def test_the_list_is_narrowed_by_its_address(client, session, shelf, query, found):
    sign_in(client, session)

    page = visit(client, f"/staff/inventory?{query}")

    assert [line[0] for line in rows(page)] == found


def test_the_figures_of_one_location(client, session, shelf):
    sign_in(client, session)

    at_main = visit(client, "/staff/inventory?location=1&status=")
    in_cellar = visit(client, f"/staff/inventory?location={shelf.id}&status=")

    assert "What lies at Cellar" in in_cellar.text
    shown = ["FEW", "The tool", "B", "1", "0", "0", "0", "1", "0", "3"]
    assert rows(in_cellar) == [shown]
    assert [(line[0], line[3]) for line in rows(at_main)] == [("ENOUGH", "9"), ("FEW", "2")]
    sorted_ = visit(client, "/staff/inventory?location=1&sort=on_hand")
    assert [line[0] for line in rows(sorted_)] == ["FEW", "ENOUGH"]


@pytest.mark.parametrize(
    "query", ["show=x", "location=99", f"location={2**63}", "status=x", "sort=x", "show=%00"]
)
def test_a_strange_filter_is_not_found(client, session, shelf, query):
    sign_in(client, session)

    assert client.get(f"/staff/inventory?{query}").status_code == 404


def test_a_list_of_one_location_asks_as_often_as_the_whole(app, client, session, shelf):
    sign_in(client, session)
    visit(client, "/staff/inventory")

    with counted_statements(app) as whole:
        visit(client, "/staff/inventory")
    with counted_statements(app) as narrowed:
        visit(client, f"/staff/inventory?location={shelf.id}&show=low&q=tool")

    assert len(narrowed) == len(whole)
