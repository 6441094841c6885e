"""Two buyers and the last use of a discount: real threads, real commits, on both databases."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from models import Discount, DiscountCustomer, DiscountUse, Order, Stock
from storefront.verify import problems
from tests.factories import make_discount, make_variant


def buyers(app, variant, count):
    found = [app.test_client() for _ in range(count)]
    for client in found:
        client.post("/cart/add", data={"id": variant.id})
        client.post("/cart/discount", data={"code": "TEN"})
    return found


def race(clients, **typed):
    """Let all press *Check out* at the same moment; returns their answers."""
    start = Barrier(len(clients))

    def check_out(client):
        start.wait()
        return client.post("/checkout", data=typed)

    with ThreadPoolExecutor(len(clients)) as pool:
        return list(pool.map(check_out, clients))


def used(session):
    return session.scalars(select(Discount.__table__.c.used)).one()


def test_two_buyers_race_for_the_last_use_and_exactly_one_gets_it(app, session):
    variant = make_variant(session, on_hand=5, price_minor=1000)
    make_discount(session, code="TEN", max_uses=1)

    answers = race(buyers(app, variant, 2))

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    loser = next(answer for answer in answers if answer.status_code == 409)
    assert "Check out" in loser.text
    assert "$10.00" in loser.text
    assert used(session) == 1
    assert session.scalars(select(Order.discount_minor)).all() == [100]
    assert session.scalar(select(func.count(DiscountUse.id))) == 1
    assert session.get_one(Stock, variant.id, populate_existing=True).reserved == 1
    assert problems(session) == []


def test_one_address_in_eight_browsers_uses_a_code_once(app, session):
    variant = make_variant(session, on_hand=20, price_minor=1000)
    make_discount(session, code="TEN", max_uses_each=1)

    answers = race(buyers(app, variant, 8), email="ann@example.com")

    assert [answer.status_code for answer in answers].count(303) == 1
    assert {answer.status_code for answer in answers} <= {303, 409, 422}
    assert used(session) == 1
    counted = session.execute(select(DiscountCustomer.customer, DiscountCustomer.used)).all()
    assert [tuple(row) for row in counted] == [("ann@example.com", 1)]
    assert session.get_one(Stock, variant.id, populate_existing=True).reserved == 1
    assert problems(session) == []
