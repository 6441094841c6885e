import pytest
from sqlalchemy import func, select

from models import Order, Reservation, Stock, StockMovement, now
from models.inventory import MovementKind, OutOfStockError, adjust, set_on_hand
from models.money import Money
from models.reservation import release, reserve, sell
from tests.factories import make_variant


def make_order(session):
    order = Order(total=Money(0, "USD"))
    session.add(order)
    session.flush()
    return order


def hold(session, order, variant, quantity):
    reserve(
        session,
        Reservation(order_id=order.id, variant_id=variant.id, quantity=quantity, expires_at=now()),
        actor="test",
    )


def stock_of(session, variant):
    stock = session.get_one(Stock, variant.id, populate_existing=True)
    return stock.on_hand, stock.reserved


def test_reserved_units_stay_on_hand_but_are_not_available(session):
    variant = make_variant(session, on_hand=5)

    hold(session, make_order(session), variant, 3)

    assert stock_of(session, variant) == (5, 3)


def test_more_than_is_available_cannot_be_reserved_and_nothing_changes(session):
    variant = make_variant(session, on_hand=5)
    hold(session, make_order(session), variant, 3)
    movements = session.scalar(select(func.count(StockMovement.id)))

    with pytest.raises(OutOfStockError):
        hold(session, make_order(session), variant, 3)

    assert stock_of(session, variant) == (5, 3)
    assert session.scalar(select(func.count(StockMovement.id))) == movements


def test_sold_units_leave_the_house_once(session):
    variant = make_variant(session, on_hand=5)
    order = make_order(session)
    hold(session, order, variant, 2)

    sold = sell(session, order.id, actor="test")
    again = sell(session, order.id, actor="test")

    assert (sold, again) == (2, 0)
    assert stock_of(session, variant) == (3, 0)


def test_released_units_come_back_once(session):
    variant = make_variant(session, on_hand=5)
    order = make_order(session)
    hold(session, order, variant, 2)

    release(session, order.id, actor="test")
    sell(session, order.id, actor="test")

    assert stock_of(session, variant) == (5, 0)


def test_a_count_is_written_as_the_difference(session):
    variant = make_variant(session, on_hand=5)

    change = set_on_hand(session, variant.id, 3, reason="counted", actor="ada")
    session.flush()

    line = session.scalars(select(StockMovement).order_by(StockMovement.id.desc())).first()
    assert change == -2
    assert (line.kind, line.on_hand, line.reason) == (MovementKind.ADJUSTED, -2, "counted")
    assert line.actor == "ada"


def test_units_that_are_promised_cannot_be_counted_away(session):
    variant = make_variant(session, on_hand=5)
    hold(session, make_order(session), variant, 4)

    with pytest.raises(OutOfStockError):
        set_on_hand(session, variant.id, 3, reason="counted", actor="ada")
    with pytest.raises(OutOfStockError):
        adjust(session, variant.id, -2, reason="broken", actor="ada")

    assert stock_of(session, variant) == (5, 4)


def test_the_ledger_replays_to_the_stock(app, session):
    variant = make_variant(session, on_hand=5)
    order = make_order(session)
    hold(session, order, variant, 2)
    sell(session, order.id, actor="test")
    adjust(session, variant.id, 4, reason="found", actor="ada")
    session.flush()

    sums = session.execute(
        select(func.sum(StockMovement.on_hand), func.sum(StockMovement.reserved))
    ).one()

    assert tuple(sums) == stock_of(session, variant) == (7, 0)
