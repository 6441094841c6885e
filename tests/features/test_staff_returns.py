"""Returns by staff: written down, decided, received once, and closed with the money."""

import pytest
from sqlalchemy import select

from models import (
    Mail,
    OrderEvent,
    OrderLine,
    Refund,
    RefundLine,
    Return,
    ReturnLine,
    Role,
    Stock,
    StockMovement,
)
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_paid_order
from tests.features.refunding import refund, units_field
from tests.features.test_staff_parcels import bought, ship, ship_field, standing
from tests.staff import counted_statements, rows, sign_in

ORIGIN = {"Origin": "http://localhost"}


def write_down(client, session, order, units, **typed):
    line_id = session.scalars(select(OrderLine.id).filter_by(order_id=order.id)).one()
    session.rollback()
    page = visit(client, f"/staff/returns/new/{order.number}")
    typed = {f"back-{line_id}-units": units, "reason": "Too hard", **typed}
    return page.submit("Write down the return", **typed)


def standing_of(session):
    session.rollback()
    found = session.execute(
        select(Return.status, ReturnLine.quantity, ReturnLine.restocked, ReturnLine.discarded)
        .join(ReturnLine, ReturnLine.return_id == Return.id)
        .order_by(Return.id)
    ).all()
    session.rollback()
    return [(row[0].value, *row[1:]) for row in found]


def on_hand(session):
    found = session.scalars(select(Stock.on_hand)).all()
    session.rollback()
    return found


def test_a_return_goes_from_the_telephone_to_the_money(client, session):  # noqa: PLR0915
    person = sign_in(client, session)
    order = bought(client, session, 3)
    ship(client, order)
    before = on_hand(session)

    page = visit(client, f"/staff/orders/{order.number}").follow("Write down a return")
    assert "3 can come back" in page.text
    page = write_down(client, session, order, 2, note="She called.")
    assert standing_of(session) == [("requested", 2, 0, 0)]
    page = page.submit("Accept")
    assert "The return is accepted. The buyer gets a mail." in page.text
    line_id = session.scalars(select(ReturnLine.id)).one()
    session.rollback()
    page = page.submit(
        "Receive the return",
        **{f"shelf-{line_id}-units": "1", f"discard-{line_id}-units": "1"},
    )

    assert standing_of(session) == [("received", 2, 1, 1)]
    assert on_hand(session) == [before[0] + 1]
    move = session.scalars(select(StockMovement).filter_by(kind="returned")).one()
    assert (move.on_hand, move.actor, move.reason) == (1, person.email, "Return 1")
    session.rollback()

    form = page.follow("Give the money back")
    assert form.main.find(id="amount")["value"] == "178.00"
    assert form.main.find(id=units_field(session, order))["value"] == "2"
    done = form.submit("Refund", restock="y")

    assert "$178.00" in done.text
    assert standing_of(session) == [("closed", 2, 1, 1)]
    made = session.scalars(select(Refund)).one()
    assert session.scalars(select(Return.refund_id)).one() == made.id
    assert session.scalars(select(RefundLine.is_restocked)).all() == [False]
    assert on_hand(session) == [before[0] + 1]
    assert standing(session, order) == ("shipped", "shipped", [(3, 3, 0)])
    subjects = session.scalars(select(Mail.subject).where(Mail.key.like("order_return%"))).all()
    assert subjects == [f"Your return of order {order.number}"] * 2
    kinds = session.scalars(select(OrderEvent.kind).order_by(OrderEvent.id)).all()
    assert [it for it in kinds if it.startswith("return")] == [
        "return requested",
        "return accepted",
        "return received",
        "return closed",
    ]
    assert problems(session) == []

    again = form.submit("Refund")
    assert again.status == 200  # the same form is the same refund
    assert len(session.scalars(select(Refund.id)).all()) == 1


def test_returned_units_are_refunded_and_what_is_left_still_ships(client, session):
    sign_in(client, session)
    order = bought(client, session, 3)
    ship(client, order, **{ship_field(session, order): "2"})
    page = write_down(client, session, order, 1).submit("Accept").submit("Receive the return")
    page.follow("Give the money back").submit("Refund")

    assert standing(session, order) == ("paid", "partly shipped", [(3, 2, 0)])
    ship(client, order, "TWO")
    assert standing(session, order) == ("shipped", "shipped", [(3, 3, 0)])
    assert problems(session) == []


@pytest.mark.parametrize("units", ["0", "3", "-1", "x", "9" * 99_999])
def test_no_more_can_come_back_than_has_shipped(client, session, units):
    sign_in(client, session)
    order = make_paid_order(session, quantity=3)
    ship(client, order, **{ship_field(session, order): "2"})

    page = write_down(client, session, order, units, note="kept")

    assert page.status == 422
    assert page.main.find(id="note").get_text().strip() == "kept"
    assert standing_of(session) == []


def test_units_that_come_back_already_cannot_come_back_twice(client, session):
    sign_in(client, session)
    order = make_paid_order(session, quantity=2)
    ship(client, order)
    late = visit(client, f"/staff/returns/new/{order.number}")
    page = write_down(client, session, order, 2)
    line_id = session.scalars(select(OrderLine.id)).one()
    session.rollback()

    sent = {f"back-{line_id}-units": "1", "reason": "Too hard"}
    assert late.submit("Write down the return", **sent).status in {409, 422}
    assert standing_of(session) == [("requested", 2, 0, 0)]
    page.submit("Decline", answer="It was used.")
    assert standing_of(session) == [("declined", 2, 0, 0)]
    write_down(client, session, order, 1)
    assert standing_of(session) == [("declined", 2, 0, 0), ("requested", 1, 0, 0)]


def test_a_second_decision_or_receipt_is_told(client, session):
    sign_in(client, session)
    order = make_paid_order(session)
    ship(client, order)
    asked = write_down(client, session, order, 1)
    accepted = asked.submit("Accept")
    assert asked.submit("Decline", answer="It was used.").status == 409
    accepted.submit("Receive the return")
    before = on_hand(session)

    page = accepted.submit("Receive the return")

    assert page.status == 409
    assert "Somebody has done this meanwhile" in page.text
    assert on_hand(session) == before
    assert standing_of(session) == [("received", 1, 1, 0)]
    assert problems(session) == []


@pytest.mark.parametrize(("shelf", "away"), [("2", "0"), ("1", "1"), ("0", "0"), ("x", "0")])
def test_no_more_is_received_than_was_to_come(client, session, shelf, away):
    sign_in(client, session)
    order = make_paid_order(session, quantity=2)
    ship(client, order)
    page = write_down(client, session, order, 1).submit("Accept")
    line_id = session.scalars(select(ReturnLine.id)).one()
    session.rollback()

    sent = {f"shelf-{line_id}-units": shelf, f"discard-{line_id}-units": away}
    refused = page.submit("Receive the return", **sent)

    assert refused.status == 422
    assert standing_of(session) == [("accepted", 1, 0, 0)]


def test_units_restocked_by_a_refund_do_not_come_back_by_a_return(client, session):
    sign_in(client, session)
    order = bought(client, session, 1)
    ship(client, order)
    refund(client, order, "89.00", restock="y", **{units_field(session, order): "1"})

    page = visit(client, f"/staff/returns/new/{order.number}")

    assert "Nothing of this order can come back" in page.text
    assert "Write down a return" not in visit(client, f"/staff/orders/{order.number}").text


def test_units_that_came_back_by_a_return_are_not_restocked_by_a_refund(client, session):
    sign_in(client, session)
    order = bought(client, session, 1)
    ship(client, order)
    write_down(client, session, order, 1).submit("Accept").submit("Receive the return")
    before = on_hand(session)

    page = refund(client, order, "89.00", restock="y", **{units_field(session, order): "1"})

    assert page.status == 409
    assert on_hand(session) == before
    assert session.scalars(select(Refund.id)).all() == []


def test_a_return_of_another_order_is_not_closed_by_a_refund(client, session):
    sign_in(client, session)
    order = bought(client, session, 1)
    other = make_paid_order(session)
    for it in (order, other):
        ship(client, it)
    write_down(client, session, other, 1).submit("Accept").submit("Receive the return")
    return_id = session.scalars(select(Return.id)).one()
    session.rollback()

    for wrong in (return_id, 999):
        page = refund(client, order, "89.00", goods_return=wrong)
        assert page.status == 409
    assert session.scalars(select(Refund.id)).all() == []
    assert standing_of(session) == [("received", 1, 1, 0)]


def test_a_return_is_closed_without_money(client, session):
    sign_in(client, session)
    order = make_paid_order(session)
    ship(client, order)
    page = write_down(client, session, order, 1).submit("Accept").submit("Receive the return")

    done = page.submit("Close without a refund")

    assert "The return is closed. No money went back for it." in done.text
    assert standing_of(session) == [("closed", 1, 1, 0)]


def test_returns_are_listed_by_status_at_the_same_cost(app, client, session):
    sign_in(client, session)
    orders = [make_paid_order(session) for _ in range(4)]
    for order in orders:
        ship(client, order)
    write_down(client, session, orders[0], 1).submit("Decline", answer="It was used.")
    write_down(client, session, orders[1], 1)

    listed = rows(visit(client, "/staff/returns?status=requested"))
    assert [(row[1], row[3]) for row in listed] == [(orders[1].number, "Requested")]
    assert visit(client, "/staff/returns?status=lost").status == 404
    with counted_statements(app) as with_two:
        visit(client, "/staff/returns")
    for order in orders[2:]:
        write_down(client, session, order, 1)
    with counted_statements(app) as with_four:
        assert len(rows(visit(client, "/staff/returns"))) == 4
    assert len(with_four) == len(with_two)


def test_who_packs_receives_and_who_answers_decides(app, client, session):
    sign_in(client, session, Role.SUPPORT)
    order = make_paid_order(session)
    packer = app.test_client()
    sign_in(packer, session, Role.FULFILMENT)
    ship(packer, order)
    page = write_down(client, session, order, 1)
    address = page.url

    assert packer.post(f"{address}/decision", headers=ORIGIN).status_code == 403
    assert "Receive the return" not in page.submit("Accept").text
    assert client.post(f"{address}/receipt", headers=ORIGIN).status_code == 403
    assert visit(packer, address).submit("Receive the return").status == 200
    assert standing_of(session) == [("received", 1, 1, 0)]


def test_a_return_that_there_is_not_is_not_found(client, session):
    sign_in(client, session)

    for wrong in (1, 2**31, 2**63):
        assert visit(client, f"/staff/returns/{wrong}").status == 404
    assert visit(client, "/staff/returns/new/QL-00000000").status == 404
