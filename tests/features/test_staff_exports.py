"""Lists as files for spreadsheets, short and long, and our own files sent in again."""

import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models import Job, Location, Redirect, Role, StockMovement, Task, VariantPrice, now
from models.inventory import adjust
from storefront.spreadsheet import harmless, plain
from tests.browser import visit
from tests.factories import make_customer, make_paid_order, make_product, make_variant
from tests.features.imports import checked, done
from tests.staff import sign_in

ALL = [
    *("orders", "order-lines", "customers", "discounts", "products", "prices"),
    *("stock", "stock-movements", "redirects", "purchases"),
]


def export(client, table, **period):
    return client.post(
        "/staff/exports", data={"table": table, **period}, headers={"Origin": "http://localhost"}
    )


def cells(response):
    text = response.get_data(as_text=True)
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("table", ALL)
def test_each_list_is_a_file(client, session, table):
    sign_in(client, session)
    make_customer(session)
    make_paid_order(session)

    response = export(client, table)

    assert response.status_code == 200
    assert response.headers["Content-Disposition"] == f'attachment; filename="{table}.csv"'
    head, *rows = cells(response)
    assert all(len(row) == len(head) for row in rows)


def test_an_order_stands_with_its_money_in_numbers(client, session):
    sign_in(client, session)
    order = make_paid_order(session, quantity=2, email="=cmd()@example.com")

    head, row = cells(export(client, "orders"))

    found = dict(zip(head, row, strict=True))
    assert (found["number"], found["status"], found["email"]) == (
        *(order.number, "paid"),
        "'=cmd()@example.com",
    )
    assert (found["total"], found["refunded"], found["currency"]) == ("178.00", "0.00", "USD")
    assert (found["city"], found["country"]) == ("Denver", "US")


def test_a_period_ends_with_its_last_day(client, session):
    sign_in(client, session)
    make_paid_order(session)
    today = now().date()
    yesterday = (today - timedelta(days=1)).isoformat()

    assert len(cells(export(client, "orders", first=today.isoformat()))) == 2
    assert len(cells(export(client, "orders", last=today.isoformat()))) == 2
    assert len(cells(export(client, "orders", last=yesterday))) == 1
    refused = export(client, "orders", first=today.isoformat(), last=yesterday)
    assert refused.status_code == 422
    assert "This is before the first day." in refused.get_data(as_text=True)


@pytest.mark.parametrize(
    "typed", [{"table": "passwords"}, {"table": "orders", "first": "2026-02-31"}, {"table": "\0"}]
)
def test_what_is_no_list_or_day_is_refused(client, session, typed):
    sign_in(client, session)

    assert export(client, **typed).status_code == 422


@pytest.mark.parametrize("role", [Role.FULFILMENT, Role.EDITOR, Role.SUPPORT])
def test_only_who_may_export_does(client, session, role):
    sign_in(client, session, role)

    assert export(client, "orders").status_code == 403


def test_a_long_list_is_written_for_who_asked(app, client, session, worker, monkeypatch):
    sign_in(client, session)
    order = make_paid_order(session)
    monkeypatch.setattr("storefront.staff.exports.routes.MOST_AT_ONCE", 0)

    started = export(client, "orders")
    assert started.status_code == 303
    worker.work_off()
    address = visit(client, started.location).link("See the result")

    head, row = cells(client.get(address))
    assert dict(zip(head, row, strict=True))["number"] == order.number
    other = app.test_client()
    sign_in(other, session, Role.MANAGER)
    assert other.get(address).status_code == 404


def test_the_file_of_a_long_list_goes_after_a_day(app, client, session, worker, monkeypatch):
    sign_in(client, session)
    make_paid_order(session)
    monkeypatch.setattr("storefront.staff.exports.routes.MOST_AT_ONCE", 0)
    started = export(client, "orders")
    worker.work_off()
    address = visit(client, started.location).link("See the result")
    name = f"exports/{session.scalars(select(Task.id)).one()}.csv"
    assert app.extensions["storage"].exists(name)

    session.execute(update(Task).values(finished_at=now() - timedelta(hours=25)))
    gone = client.get(address)
    session.execute(update(Job).values(run_at=now()))
    worker.work_off()

    assert gone.status_code == 404
    assert "Export the list again." in gone.get_data(as_text=True)
    assert not app.extensions["storage"].exists(name)


@pytest.mark.parametrize("kind", ["products", "prices", "stock", "redirects"])
def test_our_own_file_can_be_sent_in_again_and_changes_nothing(client, session, worker, kind):
    sign_in(client, session)
    text = "- a list\n\n'=1+1 stays, “so”; and, this\n\nÜber\ttab"
    product = make_product(session, handle="tool", title="=Tool", description=text)
    first = make_variant(session, product=product, sku="=RED", on_hand=7)
    make_variant(session, product=product, sku="BLUE", options=("Blue",), on_hand=0)
    make_product(session, handle="bare", title="'=quoted")
    session.add(VariantPrice(variant_id=first.id, currency="EUR", price_minor=8000))
    session.add(Redirect(path="/old", target="/products/tool"))
    session.commit()
    adjust(session, first.id, -2, reason="Lost", actor="test")
    session.commit()

    page = checked(client, worker, kind, export(client, kind).data)

    assert "nothing is wrong" in page.text, page.text
    assert "Applied: 0 rows changed something." in done(client, worker, page, "Apply").text


def test_stock_at_several_locations_can_be_sent_in_again(client, session, worker):
    sign_in(client, session)
    make_variant(session, sku="RED", on_hand=7)
    make_variant(session, sku="NEW", on_hand=0)
    session.add(Location(title="Second", position=9))
    session.commit()
    before = len(session.scalars(select(StockMovement.id)).all())

    page = checked(client, worker, "stock", export(client, "stock").data)

    assert "Applied: 0 rows" in done(client, worker, page, "Apply").text
    assert len(session.scalars(select(StockMovement.id)).all()) == before


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", " =1", "' =1", "'a", "a", "-5", "@x", ""])
def test_a_cell_is_harmless_and_comes_back_as_it_was(text):
    cell = harmless(text)

    assert not str(cell).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r"))
    assert plain(str(cell)) == text
