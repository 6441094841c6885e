"""Lists as files, as their pages show them: the same rows in the same order."""

import csv
import io
from datetime import date

import pytest

from models import Location, ProductStatus, Purchase, PurchaseLine, PurchaseStatus, Role, Supplier
from storefront.staff.exports import routes
from tests.browser import visit
from tests.factories import (
    make_bundle,
    make_discount,
    make_paid_order,
    make_product,
    make_variant,
)
from tests.staff import rows, sign_in

ORIGIN = {"Origin": "http://localhost"}


def table(text):
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def downloaded(client, address):
    """Return the cells of what the button on a list gives, without the heads."""
    page = visit(client, address)
    assert page.status == 200
    query = address.partition("?")[2]
    screen = address.partition("?")[0].rpartition("/")[2]
    (form,) = page.html.select("form.staff-download")
    assert form["action"] == f"/staff/exports/shown/{screen}"
    assert form.select_one("[name=query]")["value"] == query
    answer = client.post(form["action"], data={"query": query}, headers=ORIGIN)
    assert answer.status_code == 200
    head, *found = table(answer.get_data(as_text=True))
    assert all(len(row) == len(head) for row in found)
    return page, found


@pytest.fixture
def stocked(session):
    lamp = make_product(session, handle="lamp", title="Lamp")
    tool = make_product(session, handle="tool", title="Tool", status=ProductStatus.DRAFT)
    variants = [
        make_variant(session, product=tool, sku="TOOL-RED", on_hand=9, price_minor=500),
        make_variant(session, product=tool, sku="TOOL-BLUE", options=("Blue",), on_hand=3),
        make_variant(session, product=lamp, sku="LAMP", on_hand=50, price_minor=100),
    ]
    make_bundle(session, {variants[0]: 2}, sku="TOOL-SET")
    for n, quantity in enumerate((3, 1, 2)):
        make_paid_order(session, variant=variants[2], quantity=quantity, email=f"t{n}@example.com")
    make_paid_order(session, variant=variants[0], email="other@example.com")
    for n in range(3):
        make_discount(session, title=f"Autumn {n}", code=f"A{n}")
    make_discount(session, title="Winter", code="W")
    supplier, place = Supplier(name="Mill", currency="USD"), session.query(Location).first()
    session.add(supplier)
    session.flush()
    for n, status in enumerate((PurchaseStatus.DRAFT, PurchaseStatus.ORDERED)):
        bought = Purchase(
            number=f"PO-{n}",
            supplier_id=supplier.id,
            location_id=place.id,
            status=status,
            currency="USD",
            expected_on=date(2026, 12, 24),
            actor="x",
        )
        session.add(bought)
        session.flush()
        session.add(PurchaseLine(purchase_id=bought.id, variant_id=variants[0].id, quantity=7))
    session.commit()


@pytest.mark.parametrize(
    ("address", "shown", "given", "count"),
    [
        ("/staff/orders?q=t&sort=total&tag=&product=LAMP", 0, 0, 3),
        ("/staff/orders?total_from=2&sort=-email", 0, 0, 3),
        ("/staff/orders", 0, 0, 4),
        ("/staff/inventory?q=tool&sort=-on_hand", 0, 0, 3),
        ("/staff/products?q=o&sort=-price", 0, 1, 2),
        ("/staff/discounts?q=autumn&sort=-code", 0, 0, 3),
        ("/staff/purchases?status=ordered&q=mill", 0, 0, 1),
        ("/staff/purchases?sort=number", 0, 0, 2),
    ],
)
def test_a_file_has_the_rows_of_the_list_in_its_order(
    client, session, stocked, address, shown, given, count
):
    sign_in(client, session)

    page, found = downloaded(client, address)

    assert len(found) == count
    assert [row[given] for row in found] == [row[shown] for row in rows(page)]


def test_a_long_list_is_written_by_the_worker_as_it_is_shown(
    client, session, stocked, worker, monkeypatch
):
    sign_in(client, session)
    _, short = downloaded(client, "/staff/orders?product=LAMP&sort=total")
    monkeypatch.setattr(routes, "MOST_AT_ONCE", 2)

    answer = client.post(
        "/staff/exports/shown/orders", data={"query": "product=LAMP&sort=total"}, headers=ORIGIN
    )
    assert answer.status_code == 303
    worker.work_off()
    link = visit(client, answer.location).html.select_one("a[href$='.csv']")["href"]
    text = client.get(link).get_data(as_text=True)

    assert table(text)[1:] == short


def test_who_may_not_see_a_list_may_not_have_it_and_a_strange_one_is_not_found(
    app, client, session
):
    sign_in(client, session, Role.MANAGER)
    assert client.post("/staff/exports/shown/none", headers=ORIGIN).status_code == 404
    for query in ("status=strange", "sort=strange", "sort=-\x00"):
        sent = {"query": query}
        answer = client.post("/staff/exports/shown/orders", data=sent, headers=ORIGIN)
        assert answer.status_code == 404
    support = app.test_client()
    sign_in(support, session, Role.SUPPORT)
    assert support.post("/staff/exports/shown/orders", headers=ORIGIN).status_code == 403
    assert "Download this list" not in visit(support, "/staff/orders").text
