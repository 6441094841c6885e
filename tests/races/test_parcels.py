"""Several members of staff ship the same order, or the same unit, at once: it leaves once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from models import (
    Fulfilment,
    FulfilmentLine,
    Mail,
    OrderLine,
    Return,
    ReturnLine,
    ReturnStatus,
    Stock,
)
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_paid_order
from tests.staff import sign_in

STAFF = 6


def ship_at_once(app, session, order, data):
    """Let everybody send the same form at the same moment; return the answers and the people."""
    clients = [app.test_client() for _ in range(STAFF)]
    people = [sign_in(client, session).email for client in clients]
    address = f"/staff/orders/{order.number}/fulfilments"
    start = Barrier(STAFF)

    def ship(client, number):
        start.wait()
        return client.post(
            address,
            data={"tracking_number": f"T{number}", **data},
            headers={"Origin": "http://localhost"},
        )

    with ThreadPoolExecutor(STAFF) as pool:
        return list(pool.map(ship, clients, range(STAFF))), people


def left(session):
    session.rollback()
    shipped = session.scalar(select(OrderLine.shipped_quantity))
    packed = session.scalar(select(func.sum(FulfilmentLine.quantity)))
    return (
        session.scalar(select(func.count(Fulfilment.id))),
        shipped,
        packed,
        session.scalar(select(func.count(Mail.id))),
    )


def test_an_order_that_all_ship_at_once_ships_once_and_the_others_are_told_by_whom(app, session):
    order = make_paid_order(session, quantity=2)

    answers, people = ship_at_once(app, session, order, {})

    codes = [answer.status_code for answer in answers]
    assert sorted(codes) == [303] + [409] * (STAFF - 1)
    winner = people[codes.index(303)]
    for answer in answers:
        if answer.status_code == 409:
            assert "This order is shipped by now" in answer.text
            assert f"Shipped by {winner}" in answer.text
    assert left(session) == (1, 2, 2, 1)
    assert problems(session) == []


def test_units_that_all_ship_at_once_leave_as_often_as_there_are_any(app, session):
    order = make_paid_order(session, quantity=5)
    field = f"ship-{session.scalars(select(OrderLine.id)).one()}-units"
    session.rollback()

    answers, _ = ship_at_once(app, session, order, {field: "2"})

    codes = [answer.status_code for answer in answers]
    assert sorted(codes) == [303] * 2 + [409] * (STAFF - 2)
    assert all("Partly shipped by" in it.text for it in answers if it.status_code == 409)
    assert left(session) == (2, 4, 4, 2)
    assert problems(session) == []


def test_a_parcel_that_all_correct_at_once_is_told_once(app, session):
    order = make_paid_order(session, quantity=1)
    ship_at_once(app, session, order, {})
    parcel_id = session.scalars(select(Fulfilment.id)).one()
    session.rollback()
    address = f"/staff/orders/{order.number}/fulfilments/{parcel_id}"

    def correct_at_once(number_of):
        clients = [app.test_client() for _ in range(STAFF)]
        for client in clients:
            sign_in(client, session)
        forms = [visit(client, address) for client in clients]
        start = Barrier(STAFF)

        def correct(form, place):
            start.wait()
            return form.submit("Save", tracking_number=number_of(place)).status

        with ThreadPoolExecutor(STAFF) as pool:
            return sorted(pool.map(correct, forms, range(STAFF)))

    assert correct_at_once(lambda place: "RIGHT") == [200] * STAFF
    assert left(session) == (1, 1, 1, 2)
    assert correct_at_once(lambda place: f"NUMBER-{place}") == [200] + [409] * (STAFF - 1)
    assert left(session) == (1, 1, 1, 3)
    kept = session.scalars(select(Fulfilment.tracking_number)).one()
    newest = session.scalars(select(Mail.text).order_by(Mail.id.desc()).limit(1)).one()
    assert f"Tracking number: {kept}" in newest
    assert problems(session) == []


def test_a_return_that_all_receive_at_once_comes_back_once(app, session):
    order = make_paid_order(session, quantity=1)
    ship_at_once(app, session, order, {})
    line = session.scalars(select(OrderLine)).one()
    back = Return(
        order_id=order.id,
        status=ReturnStatus.ACCEPTED,
        actor="test",
        lines=[ReturnLine(order_line_id=line.id, quantity=1)],
    )
    session.add(back)
    session.commit()
    address = f"/staff/returns/{back.id}/receipt"
    clients = [app.test_client() for _ in range(STAFF)]
    for client in clients:
        sign_in(client, session)
    before = session.scalar(select(Stock.on_hand))
    session.rollback()
    start = Barrier(STAFF)

    def receive(client):
        start.wait()
        return client.post(address, headers={"Origin": "http://localhost"}).status_code

    with ThreadPoolExecutor(STAFF) as pool:
        codes = list(pool.map(receive, clients))

    assert sorted(codes) == [303] + [409] * (STAFF - 1)
    session.rollback()
    assert session.scalar(select(Stock.on_hand)) == before + 1
    assert problems(session) == []
