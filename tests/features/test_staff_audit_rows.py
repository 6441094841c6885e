"""The audit log of what statements change by themselves, and of what jobs do for staff."""

from urllib.parse import urlsplit

from sqlalchemy import select

from models import Redirect, Role, Staff
from models.audit_log import AuditEntry
from tests.browser import visit
from tests.factories import make_paid_order, make_product, make_staff, make_variant, make_zone
from tests.features.imports import checked, done
from tests.staff import price_field, rows, sign_in

PAGE = "/staff/audit"


def newest(client, person):
    """What an owner reads of the newest act of somebody, a line for each column."""
    found = visit(client, f"{PAGE}?actor={person.email}")
    number = found.main.find("tbody").find("a")["href"]
    return [tuple(row) for row in rows(visit(client, urlsplit(number).path))]


def columns(lines, table):
    return {(name, old, new) for row, name, old, new in lines if row.startswith(f"{table}:")}


def test_stock_is_written_with_before_and_after(client, session):
    person = sign_in(client, session)
    make_variant(session, product=make_product(session), sku="TOOL", on_hand=3)

    visit(client, "/staff/inventory/TOOL").submit("Adjust stock", quantity="-1", reason="Broken")

    lines = newest(client, person)
    assert columns(lines, "stock") == {("on_hand", "3", "2")}
    assert columns(lines, "stock_levels") == {("on_hand", "3", "2")}


def test_a_price_and_a_role_are_written_with_before_and_after(client, session):
    person = sign_in(client, session)
    variant = make_variant(session, product=make_product(session, handle="tool"))
    visit(client, "/staff/products/tool").submit("Save", **{price_field(variant): "99.00"})

    assert ("price_minor", "8900", "9900") in columns(newest(client, person), "variants")

    other = make_staff(session, role=Role.EDITOR)
    visit(client, f"/staff/people/{other.id}").submit("Save", role="manager")

    assert ("role", "editor", "manager") in columns(newest(client, person), "staff")
    assert session.get_one(Staff, other.id, populate_existing=True).role is Role.MANAGER


def test_what_leads_from_an_old_address_is_written(client, session):
    person = sign_in(client, session)
    make_product(session, handle="tool")
    session.add(Redirect(path="/older", target="/products/tool", actor="x"))
    session.commit()

    visit(client, "/staff/products/tool/address").submit("Save", handle="new-tool")

    lines = newest(client, person)
    assert ("target", "/products/tool", "/products/new-tool") in columns(lines, "redirects")
    assert ("path", "", "/products/tool") in columns(lines, "redirects")


def test_the_status_of_a_shipped_order_is_written(client, session):
    person = sign_in(client, session)
    order = make_paid_order(session)

    visit(client, f"/staff/orders/{order.number}").submit("Mark as shipped", tracking_number="T1")

    lines = newest(client, person)
    assert ("status", "paid", "shipped") in columns(lines, "orders")
    assert ("shipped_quantity", "0", "1") in columns(lines, "order_lines")
    assert "buyer@example.com" not in str(lines)


def test_an_import_names_who_started_it(client, session, worker):
    person = sign_in(client, session, Role.MANAGER)
    make_variant(session, sku="TOOL", on_hand=3)

    page = checked(client, worker, "stock", "sku,quantity,reason\nTOOL,12,Counted\n")
    done(client, worker, done(client, worker, page, "Apply"), "Undo")

    found = session.scalars(
        select(AuditEntry)
        .where(AuditEntry.act.in_(("staff.imports.apply", "staff.imports.undo")))
        .where(AuditEntry.subject == "/staff/imports/1")
        .order_by(AuditEntry.number)
    ).all()
    stock = [(it.actor, *(_stock(held) for held in (it.before, it.after))) for it in found]
    assert stock == [(person.email, 3, 12), (person.email, 12, 3)]


def _stock(held):
    return next(columns["on_hand"] for row, columns in held.items() if row.startswith("stock:"))


def test_what_goes_since_nothing_holds_it_any_more_is_written(client, session):
    person = sign_in(client, session)
    zone = make_zone(session, "DE", "FR")

    visit(client, f"/staff/shipping/{zone.id}").submit("Save", countries="Germany")

    assert ("country", "FR", "") in columns(newest(client, person), "zone_countries")
