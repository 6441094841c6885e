"""Buying of suppliers: suggested, ordered, received in parts, each delivery once."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select

from models import (
    Location,
    Mail,
    Purchase,
    PurchaseStatus,
    Role,
    Stock,
    StockMovement,
    Supplier,
    SupplierItem,
    now,
)
from models.inventory import MovementKind
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_paid_order, make_product, make_variant
from tests.staff import counted_statements, rows, sign_in


@pytest.fixture
def variant(session):
    product = make_product(session, title="The tool")
    return make_variant(session, product=product, sku="RED", on_hand=40)


@pytest.fixture
def supplier(session, variant):
    made = Supplier(name="Forge", email="forge@example.com", currency="USD", lead_days=14)
    made.items = [SupplierItem(variant_id=variant.id, cost_minor=2050, pack_size=10)]
    session.add(made)
    session.commit()
    return made


def stock(session, variant):
    session.rollback()
    found = session.get_one(Stock, variant.id, populate_existing=True)
    return found.on_hand, found.incoming


def drafted(client, supplier, variant, units=30):
    page = visit(client, f"/staff/purchases/new?supplier={supplier.id}")
    return page.submit("Save as a draft", **{f"line-{variant.id}-quantity": units})


def ordered(client, supplier, variant, units=30):
    return drafted(client, supplier, variant, units).submit("Order")


def receive(page, received, rejected=0):
    line = page.main.find("input", attrs={"aria-label": "Received now of RED"})["name"]
    name = line.removesuffix("received")
    typed = {f"{name}received": received, f"{name}rejected": rejected}
    return page.submit("Receive stock", **typed)


def test_a_purchase_is_suggested_from_what_sells_and_how_long_it_takes(
    client, session, variant, supplier
):
    sign_in(client, session, Role.MANAGER)
    make_paid_order(session, variant=variant, quantity=28)

    page = visit(client, f"/staff/purchases/new?supplier={supplier.id}&cover=30")

    # One a day; 14 + 30 days need 44, 12 are there: 32, which is 4 packs.
    assert page.main.find(id=f"line-{variant.id}-quantity")["value"] == "40"
    assert rows(page)[0][3:] == [
        "12",
        (
            "The tool, Red. Sold 28 in 28 days, 28 in 90: 1.00 a day. 12 available and 0 on the way"
            " last 12 days; 14 days until it comes and 30 after it need 44, in packs of 10."
        ),
    ]
    assert page.main.find(id=f"line-{variant.id}-cost")["value"] == "20.50"


def test_an_order_is_received_in_parts_and_the_rest_closed(client, session, variant, supplier):
    person = sign_in(client, session)

    page = ordered(client, supplier, variant, 30)

    assert "PO-1 is ordered; its units are incoming." in page.text
    assert stock(session, variant) == (40, 30)
    expected = (now() + timedelta(days=14)).date()
    assert session.scalars(select(Purchase)).one().expected_on == expected

    page = receive(page, 12, 3)

    assert rows(page)[0][3:7] == ["15", "30", "12", "3"]
    assert stock(session, variant) == (52, 15)
    line = session.scalars(
        select(StockMovement).filter_by(kind=MovementKind.RECEIVED, reference="PO-1")
    ).one()
    assert (line.on_hand, line.incoming, line.actor) == (12, -12, person.email)

    page = page.submit("Close: the rest will not come")

    assert "PO-1 is closed" in page.text
    assert stock(session, variant) == (52, 0)
    assert problems(session) == []


def test_more_than_ordered_is_taken_in_with_a_word(client, session, variant, supplier):
    sign_in(client, session)

    page = receive(ordered(client, supplier, variant, 30), 33)

    assert "RED: 3 more than expected." in page.text
    assert stock(session, variant) == (73, 0)
    assert session.scalars(select(Purchase.status)).one() is PurchaseStatus.RECEIVED
    assert problems(session) == []


def test_a_second_click_receives_nothing_more(client, session, variant, supplier):
    sign_in(client, session)
    page = ordered(client, supplier, variant, 30)

    receive(page, 10)
    again = receive(page, 10)

    assert again.status == 409
    assert "Nothing was changed." in again.text
    assert stock(session, variant) == (50, 20)


def test_two_who_receive_the_same_delivery_at_once_receive_it_once(
    app, client, session, variant, supplier
):
    sign_in(client, session)
    page = ordered(client, supplier, variant, 30)
    other = app.test_client()
    sign_in(other, session, Role.FULFILMENT)
    theirs = visit(other, "/staff/purchases/PO-1")
    both, found = Barrier(2), []

    def click(on):
        both.wait()
        found.append(receive(on, 30).status)

    threads = [Thread(target=click, args=(it,)) for it in (page, theirs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(found) == [200, 409]
    assert stock(session, variant) == (70, 0)
    assert problems(session) == []


@pytest.mark.parametrize(("received", "rejected"), [("two", 0), (-1, 0), (0, 0), ("", "1.5")])
def test_what_is_no_delivery_is_refused(client, session, variant, supplier, received, rejected):
    sign_in(client, session)

    page = receive(ordered(client, supplier, variant, 30), received, rejected)

    assert page.status == 422
    assert stock(session, variant) == (40, 30)


def test_a_draft_is_edited_and_cancelled_without_moving_stock(client, session, variant, supplier):
    sign_in(client, session)
    page = drafted(client, supplier, variant, 30)
    field = f"line-{variant.id}-quantity"

    saved = page.submit("Save", **{field: 20})
    late = page.submit("Save", **{field: 25})

    assert "PO-1 is saved." in saved.text
    assert late.status == 409
    assert late.main.find(id=field)["value"] == "25"
    assert visit(client, "/staff/purchases/PO-1").main.find(id=field)["value"] == "20"
    gone = saved.submit("Cancel the purchase")
    assert "PO-1 is cancelled." in gone.text
    assert saved.submit("Order").status == 409
    assert stock(session, variant) == (40, 0)


def test_what_was_ordered_can_be_cancelled(client, session, variant, supplier):
    sign_in(client, session)

    ordered(client, supplier, variant, 30).submit("Cancel the purchase")

    assert stock(session, variant) == (40, 0)
    assert problems(session) == []


def test_numbers_follow_each_other_without_gaps(client, session, variant, supplier):
    sign_in(client, session)

    found = [drafted(client, supplier, variant).heading for _ in range(3)]

    assert found == ["Purchase PO-1", "Purchase PO-2", "Purchase PO-3"]


def test_the_supplier_gets_a_mail_only_where_that_is_ticked(client, session, variant, supplier):
    sign_in(client, session)

    drafted(client, supplier, variant, 30).submit("Order", mail="y")
    ordered(client, supplier, variant, 10)

    mail = session.scalars(select(Mail)).one()
    assert (mail.recipient, mail.subject) == ("forge@example.com", "Order PO-1 of QL Claw")
    assert "30 x RED, The tool, Red" in mail.text


def test_a_late_purchase_is_marked(client, session, variant, supplier):
    sign_in(client, session)
    ordered(client, supplier, variant)
    session.scalars(select(Purchase)).one().expected_on = (now() - timedelta(days=2)).date()
    session.commit()

    assert "Late" in rows(visit(client, "/staff/purchases"))[0][3]


def test_a_delivery_comes_to_its_location(client, session, variant, supplier):
    sign_in(client, session)
    second = Location(title="Second", position=5)
    session.add(second)
    session.commit()
    page = visit(client, f"/staff/purchases/new?supplier={supplier.id}")
    typed = {f"line-{variant.id}-quantity": 10, "location": second.id}

    receive(page.submit("Save as a draft", **typed).submit("Order"), 10)

    moved = select(StockMovement.location_id).filter_by(reference="PO-1")
    assert set(session.scalars(moved)) == {second.id}


def test_who_ships_receives_and_does_not_buy(client, session, variant, supplier, app):
    sign_in(client, session)
    ordered(client, supplier, variant, 30)
    other = app.test_client()
    sign_in(other, session, Role.FULFILMENT)

    page = visit(other, "/staff/purchases/PO-1")

    assert [it.get_text(strip=True) for it in page.main.find_all("button")] == ["Receive stock"]
    assert receive(page, 30).status == 200
    assert visit(other, f"/staff/purchases/new?supplier={supplier.id}").status == 403


def test_the_list_asks_as_often_for_many_as_for_one(app, client, session, variant, supplier):
    sign_in(client, session)
    drafted(client, supplier, variant)
    with counted_statements(app) as one:
        visit(client, "/staff/purchases")
    for _ in range(5):
        drafted(client, supplier, variant)
    with counted_statements(app) as many:
        visit(client, "/staff/purchases")

    assert len(one) == len(many)
