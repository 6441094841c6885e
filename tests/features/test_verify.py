"""Whether stock and money add up: what is planted is found, by an exact line."""

from contextlib import contextmanager

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from models import (
    BundlePart,
    Discount,
    DiscountKind,
    Job,
    Money,
    Order,
    OrderStatus,
    Payment,
    Refund,
    Selling,
    Stock,
    TaxRate,
    now,
)
from storefront.payments.refunded_units import WantedRefund
from storefront.payments.refunds import request
from storefront.verify import RULES, problems
from tests.factories import make_paid_order, make_product, make_variant
from tests.features.planted import PLANTS, lose_the_money
from tests.features.planted_stock import lose_a_unit
from tests.features.test_checkout import check_out, come_back, fill_cart
from tests.stripe import pay


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10, price_minor=8900, sku="TOOL")


@pytest.fixture
def sold(app, client, session, variant):
    """A paid order of two with a code and tax, and an open one of one; all adds up."""
    session.add_all(
        [
            Discount(
                title="Ten off",
                code="TEN",
                kind=DiscountKind.PERCENTAGE,
                percent_ppm=100_000,
                max_uses_each=1,
            ),
            TaxRate(country="US", title="Tax", rate_ppm=100_000),
        ]
    )
    session.flush()
    fill_cart(client, quantity=2)
    assert client.post("/cart/discount", data={"code": "TEN"}).status_code == 303
    come_back(client, pay(check_out(client, email="ada@example.com")))
    order = session.scalars(select(Order)).one()
    other = app.test_client()
    fill_cart(other)
    check_out(other)
    assert (order.status, order.total.minor) == (OrderStatus.PAID, 17622)
    assert problems(session) == []
    return order


@contextmanager
def undone(app):
    """A session whose commits are undone at the end: one shop for all that is planted."""
    with app.extensions["sessions"].engine.connect() as connection:
        connection.begin()
        options = {"join_transaction_mode": "create_savepoint", "expire_on_commit": False}
        with Session(connection, **options) as session:
            yield session
        connection.rollback()


def test_each_fault_is_listed_by_an_exact_line(app, session, variant, sold):
    found, wrong = {}, {}
    for plant in PLANTS:
        with undone(app) as planted:
            wrong[plant.__name__] = plant(planted, variant, sold)
            found[plant.__name__] = problems(planted)

    assert found == wrong
    assert problems(session) == []


def test_no_rule_is_without_a_fault_that_it_finds(app, variant, sold):
    silent = set(RULES)
    for plant in PLANTS:
        with undone(app) as planted:
            plant(planted, variant, sold)
            silent -= {rule for rule in silent if list(rule(planted))}

    assert silent == set()


def test_the_command_lists_every_fault_and_ends_with_1(app, session, variant, sold):
    wrong = [*lose_a_unit(session, variant, sold), *lose_the_money(session, variant, sold)]

    checked = app.test_cli_runner().invoke(args=["verify"])

    assert (checked.exit_code, checked.output.splitlines()) == (1, wrong)


def test_an_order_that_staff_look_at_already_is_not_listed_for_its_money(session, variant, sold):
    lose_the_money(session, variant, sold)
    session.execute(update(Order).where(Order.id == sold.id).values(attention="Look at it."))

    assert problems(session) == []


@pytest.fixture
def kit(session, variant):
    """A bundle of two tools and a mat that is sold before it is here."""
    mat = make_variant(session, product=make_product(session, handle="mat"), on_hand=0, sku="MAT")
    mat.selling, mat.promise = Selling.BACKORDER, "Ships in May"
    bundle = make_variant(session, product=make_product(session, handle="kit"), on_hand=0)
    session.add_all(
        [
            BundlePart(bundle_id=bundle.id, part_id=variant.id, quantity=2),
            BundlePart(bundle_id=bundle.id, part_id=mat.id, quantity=1),
        ]
    )
    session.flush()
    return bundle


def test_a_busy_shop_adds_up_after_each_step(app, session, worker, stand_in, sold, variant, kit):
    """A bundle with a backorder is ordered, paid, refunded in part and restocked; one expires."""
    buyer = app.test_client()
    buyer.post("/cart/add", data={"id": kit.id, "quantity": 2})
    come_back(buyer, pay(check_out(buyer, email="bo@example.com")))
    order = session.scalars(select(Order).filter_by(email="bo@example.com")).one()
    assert problems(session) == []

    with app.extensions["sessions"].write.begin() as writer:
        again = writer.get_one(Order, order.id, options=[selectinload(Order.lines)])
        payment = writer.scalars(select(Payment).filter_by(order_id=order.id)).one()
        lines = {again.lines[0].id: 1}
        wanted = WantedRefund(payment.id, Money(9000, "USD"), "key", lines=lines, restock=True)
        request(writer, again, wanted)
    assert problems(session) == []
    worker.work_off()
    assert problems(session) == []

    session.execute(update(Job).where(Job.kind == "expire-order").values(run_at=now()))
    worker.work_off()
    assert problems(session) == []
    statuses = session.scalars(select(Order.status).order_by(Order.id)).all()
    assert statuses == ["paid", "cancelled", "paid"]
    stock = session.scalars(select(Stock).order_by(Stock.variant_id)).all()
    assert [(it.on_hand, it.reserved, it.backordered) for it in stock] == [
        *((6, 0, 0), (0, 0, 1), (0, 0, 0))
    ]
    assert session.scalar(select(func.count(Refund.id))) == 1


def test_orders_without_reservations_add_up_too(session):
    make_paid_order(session, quantity=3)

    assert problems(session) == []
