"""Many buyers, few units: real threads, real commits, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import requests
from sqlalchemy import func, select

from models import Order, OrderLine, Payment, Stock, StockMovement
from models.inventory import MovementKind
from tests.browser import visit
from tests.factories import make_variant

BUYERS, UNITS = 16, 5


def test_sixteen_buyers_race_for_five_units_and_five_get_one(app, session):
    variant = make_variant(session, on_hand=UNITS)
    clients = [app.test_client() for _ in range(BUYERS)]
    for client in clients:
        assert client.post("/cart/add", data={"id": variant.id, "quantity": 1}).status_code == 303
    start = Barrier(BUYERS)

    def check_out(client):
        start.wait()
        return client.post("/checkout")

    with ThreadPoolExecutor(BUYERS) as pool:
        answers = list(pool.map(check_out, clients))

    statuses = [answer.status_code for answer in answers]
    assert statuses.count(303) == UNITS
    assert statuses.count(409) == BUYERS - UNITS
    assert all("cart" in answer.text.lower() for answer in answers if answer.status_code == 409)
    stock = session.get_one(Stock, variant.id, populate_existing=True)
    assert (stock.on_hand, stock.reserved, stock.available) == (5, 5, 0)
    assert session.scalar(select(func.count(Order.id))) == UNITS
    assert session.scalar(select(func.sum(OrderLine.quantity))) == UNITS
    reserved = select(func.sum(StockMovement.reserved)).filter_by(kind=MovementKind.RESERVED)
    assert session.scalar(reserved) == UNITS
    runner = app.test_cli_runner()
    assert runner.invoke(args=["verify"]).exit_code == 0


def test_eight_clicks_on_check_out_at_once_make_one_order(app, session):
    variant = make_variant(session, on_hand=5)
    first = app.test_client()
    first.post("/cart/add", data={"id": variant.id, "quantity": 1})
    cookie = first.get_cookie("cart").value
    clients = [app.test_client() for _ in range(8)]
    for client in clients:
        client.set_cookie("cart", cookie)
    start = Barrier(8)

    def check_out(client):
        start.wait()
        return client.post("/checkout")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(check_out, clients))

    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert session.scalar(select(func.count(Order.id))) == 1
    assert session.get_one(Stock, variant.id, populate_existing=True).reserved == 1


def test_the_last_unit_cannot_be_put_in_a_cart_while_another_pays(app, session):
    variant = make_variant(session, on_hand=1)
    first, second = app.test_client(), app.test_client()
    first.post("/cart/add", data={"id": variant.id})
    assert first.post("/checkout").status_code == 303

    refused = second.post("/cart/add", data={"id": variant.id})

    assert refused.status_code == 409
    assert "sold out" in refused.text.lower()
    assert "Only" not in visit(first, "/cart").text


def test_an_order_replaced_while_its_page_was_opened_cannot_be_paid(
    app, session, stand_in, monkeypatch
):
    """Two tabs with two addresses: the slower page belongs to an order that is no more."""
    variant = make_variant(session, on_hand=5)
    first, second = app.test_client(), app.test_client()
    first.post("/cart/add", data={"id": variant.id})
    second.set_cookie("cart", first.get_cookie("cart").value)
    answers = []

    def other_tab(kind, payload):
        if kind == "request" and payload["method"] == "POST" and not answers:
            answers.append(None)
            answers[0] = second.post("/checkout", data={"email": "other@example.com"})

    monkeypatch.setattr(stand_in.stand_in, "observe", other_tab)
    slower = first.post("/checkout", data={"email": "one@example.com"})

    assert slower.status_code == 409
    assert "another tab" in slower.text
    assert answers[0].status_code == 303
    statuses = session.scalars(select(Order.status).order_by(Order.id)).all()
    assert statuses == ["cancelled", "pending"]
    assert session.get_one(Stock, variant.id, populate_existing=True).reserved == 1
    assert set(session.scalars(select(Payment.status))) == {"expired", "open"}
    urls = session.scalars(select(Payment.url).order_by(Payment.id)).all()
    assert "Card number" not in requests.get(urls[0], timeout=10).text
    assert "Card number" in requests.get(urls[1], timeout=10).text
