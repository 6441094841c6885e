"""Suppliers and what they sell."""

import pytest
from sqlalchemy import select

from models import Role, Supplier, SupplierItem
from tests.browser import visit
from tests.factories import make_bundle, make_variant
from tests.staff import rows, sign_in


def add(client, **typed):
    words = {"name": "Forge", "currency": "USD", "lead_days": "10"} | typed
    return visit(client, "/staff/suppliers/new").submit(
        "Save", **{name.replace("__", "-"): it for name, it in words.items()}
    )


def items(session):
    session.rollback()
    found = select(SupplierItem).order_by(SupplierItem.variant_id)
    return [
        (it.supplier_sku, it.cost_minor, it.pack_size)
        for it in session.scalars(found.execution_options(populate_existing=True))
    ]


def test_a_supplier_is_added_with_what_it_sells(client, session):
    sign_in(client, session, Role.MANAGER)
    make_variant(session, sku="RED")
    make_variant(session, sku="BLUE")

    page = add(
        client,
        item__0__sku="RED",
        item__0__supplier_sku="F-1",
        item__0__cost="20.50",
        item__0__pack_size="10",
        item__1__sku="BLUE",
    )

    assert page.heading == "Edit Forge"
    assert items(session) == [("F-1", 2050, 10), ("", 0, 1)]
    assert rows(visit(client, "/staff/suppliers")) == [
        ["Forge", "", "2", "10", "USD", "Active", "Suggest an order to Forge"]
    ]

    page.submit("Save", **{"item-0-sku": "", "lead_days": "12"})

    assert items(session) == [("", 0, 1)]
    assert session.scalars(select(Supplier.lead_days)).one() == 12


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": ""}, "Enter a name."),
        ({"name": "x" * 121}, "Enter at most 120 characters."),
        ({"name": "a\0b"}, "Remove the characters that cannot be read."),
        ({"email": "nobody"}, "Enter an email address such as name@example.com."),
        ({"lead_days": "soon"}, "Enter a whole number from 0 to 1000000."),
        ({"lead_days": "731"}, "Enter at most 730 days."),
        ({"item__0__sku": "NO"}, "No variant with stock of its own has this SKU."),
        ({"item__0__sku": "SET"}, "No variant with stock of its own has this SKU."),
        ({"item__0__sku": "RED", "item__1__sku": "RED"}, "This SKU stands here twice."),
        ({"item__0__sku": "RED", "item__0__cost": "1.999"}, "USD has 2 decimals: enter no more."),
        (
            {"item__0__sku": "RED", "item__0__pack_size": "0"},
            "Enter a whole number from 1 to 1000000.",
        ),
    ],
)
def test_what_no_supplier_can_be_is_refused(client, session, typed, said):
    sign_in(client, session)
    make_bundle(session, {make_variant(session, sku="RED"): 1}, sku="SET")

    page = add(client, **typed)

    assert (page.status, page.errors()) == (422, [said])
    assert session.scalars(select(Supplier)).all() == []


def test_two_of_one_name_are_refused(client, session):
    sign_in(client, session)
    add(client)

    page = add(client)

    assert (page.status, page.errors()) == (422, ["Another supplier has this name."])


def test_two_who_edit_keep_both_texts(client, session):
    sign_in(client, session)
    page = add(client)

    page.submit("Save", note="First")
    late = page.submit("Save", note="Second")

    assert late.status == 409
    assert "Saved meanwhile Note First" in late.text
    assert late.main.find(id="note").get_text(strip=True) == "Second"
    late.submit("Save")
    assert session.scalars(select(Supplier.note)).one() == "Second"
