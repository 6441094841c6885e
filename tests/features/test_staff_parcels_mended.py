"""Correcting a parcel's tracking, and taking back one that was entered by mistake."""

import re

from sqlalchemy import select

from models import Fulfilment, Mail, Order, OrderEvent, OrderStatus
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_paid_order
from tests.features.refunding import refund, units_field
from tests.features.test_staff_parcels import bought, parcels, ship, ship_field, standing
from tests.staff import sign_in


def test_a_parcel_s_tracking_is_corrected(client, session):
    person = sign_in(client, session)
    order = make_paid_order(session)
    ship(client, order, "WRONG", carrier="UPS")
    form = visit(client, f"/staff/orders/{order.number}").follow("Correct tracking")
    mails = session.scalars(select(Mail.id)).all()
    session.rollback()

    wrong = form.submit("Save", tracking_url="ftp://a.example")
    page = form.submit("Save", tracking_number="RIGHT", tracking_url="http://a.example/RIGHT")

    assert (wrong.status, wrong.main.find(id="tracking_url")["value"]) == (422, "ftp://a.example")
    assert "tracking number RIGHT" in page.text
    event = session.scalars(select(OrderEvent).filter_by(kind="tracking")).one()
    assert (event.actor, event.note) == (person.email, "UPS WRONG is UPS RIGHT now.")
    assert "The parcel is corrected, and the customer gets a mail." in page.text
    mail = session.scalars(select(Mail).where(Mail.id.not_in(mails))).one()
    assert mail.subject == f"Order {order.number}: the right tracking"
    assert "Tracking number: RIGHT" in mail.text
    assert "http://a.example/RIGHT" in mail.html


def test_a_buyer_is_told_the_same_of_a_parcel_once(client, session):
    sign_in(client, session)
    order = make_paid_order(session, quantity=2)
    ship(client, order, "ONE")
    address = f"/staff/orders/{order.number}"

    for number in ("ONE", "TWO", "ONE"):
        form = visit(client, address).follow("Correct tracking")
        page = form.submit("Save", tracking_number=number)
    assert "No mail goes, as the customer has one that says this" in page.text
    page = page.submit("Take this parcel back")
    page = page.submit("Mark as shipped", tracking_number="ONE")
    assert "the customer has had the same mail before, so none goes." in page.text
    assert [told(mail) for mail in mails_of(session)] == ["ONE", "TWO"]

    page = page.submit("Take this parcel back")
    field = ship_field(session, order)
    page = page.submit("Mark as shipped", tracking_number="ONE", **{field: "1"})
    page.submit("Mark as shipped", tracking_number="ONE")
    assert [told(mail) for mail in mails_of(session)] == ["ONE", "TWO", "ONE", "ONE"]
    assert problems(session) == []


def test_of_two_who_correct_a_parcel_the_second_sees_both(client, session):
    sign_in(client, session)
    order = make_paid_order(session)
    ship(client, order, "WRONG")
    form = visit(client, f"/staff/orders/{order.number}").follow("Correct tracking")
    form.submit("Save", tracking_number="HERS")

    page = form.submit("Save", tracking_number="MINE")
    assert page.status == 409
    assert "Somebody else has corrected it meanwhile." in page.text
    assert "HERS" in page.text
    assert parcels(session) == [("HERS", 1)]
    page.submit("Save")
    assert parcels(session) == [("MINE", 1)]
    visit(client, f"/staff/orders/{order.number}").submit("Take this parcel back")
    assert form.submit("Save", tracking_number="LATE").status == 404
    assert [told(mail) for mail in mails_of(session)] == ["WRONG", "HERS", "MINE"]


def mails_of(session):
    found = session.scalars(select(Mail).order_by(Mail.id)).all()
    session.rollback()
    return found


def told(mail):
    return re.search(r"Tracking number: (\S+)", mail.text)[1]


def test_a_parcel_entered_by_mistake_is_taken_back_and_the_order_ships_again(client, session):
    sign_in(client, session)
    order = make_paid_order(session, quantity=2)
    ship(client, order, "ONE", **{ship_field(session, order): "1"})
    before = visit(client, f"/staff/orders/{order.number}")
    ship(client, order, "TWO")

    late = before.submit("Take this parcel back")
    assert late.status == 409
    assert "Only the newest parcel can be taken back." in late.text
    page = visit(client, f"/staff/orders/{order.number}").submit("Take this parcel back")

    assert "The parcel is taken back. The mail about it cannot be" in page.text
    assert standing(session, order) == ("paid", "partly shipped", [(2, 1, 0)])
    assert parcels(session) == [("ONE", 1)]
    assert session.get_one(Order, order.id, populate_existing=True).shipped_at is None
    assert problems(session) == []

    ship(client, order, "THREE")
    assert standing(session, order)[0] is OrderStatus.SHIPPED.value
    assert len(session.scalars(select(Mail.key)).all()) == 3
    assert problems(session) == []


def test_a_parcel_whose_units_were_refunded_stays(client, session):
    sign_in(client, session)
    order = bought(client, session, 2)
    ship(client, order)
    refund(client, order, "89.00", **{units_field(session, order): "1"})

    page = visit(client, f"/staff/orders/{order.number}").submit("Take this parcel back")

    assert page.status == 409
    assert "Units in it have been refunded or returned since" in page.text
    assert standing(session, order) == ("shipped", "shipped", [(2, 2, 0)])


def test_another_order_s_parcel_is_not_found(client, session):
    sign_in(client, session)
    order, other = make_paid_order(session), make_paid_order(session)
    ship(client, order)
    parcel_id = session.scalars(select(Fulfilment.id)).one()
    session.rollback()

    assert visit(client, f"/staff/orders/{other.number}/fulfilments/{parcel_id}").status == 404
    assert visit(client, f"/staff/orders/{other.number}/fulfilments/{2**63}").status == 404
