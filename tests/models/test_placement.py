"""Where units lie: a movement is placed, split over several locations, or refused as a whole."""

from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from models import Location, Reservation, Selling, Stock, StockLevel, StockMovement, now
from models.inventory import (
    FIGURES_AT,
    MovementKind,
    OutOfStockError,
    move,
    receive,
    shift,
    transfer,
)
from models.reservation import deliver_backorders, release, reserve, sell
from storefront.verify.stock import RULES
from tests.factories import make_variant
from tests.models.test_inventory import hold, make_order

MAIN = 1


@pytest.fixture
def cellar(session):
    location = Location(title="Cellar", position=1)
    session.add(location)
    session.flush()
    return location.id


def put(session, variant, units, at):
    movement = StockMovement(variant_id=variant.id, location_id=at, actor="test")
    shift(session, movement, MovementKind.RECEIVED, units)


def levels(session, variant, *figures):
    """What lies where: the figures of each location that the variant was ever at."""
    found = session.scalars(
        select(StockLevel)
        .filter_by(variant_id=variant.id)
        .order_by(StockLevel.location_id)
        .execution_options(populate_existing=True)
    )
    return [tuple(getattr(it, figure) for figure in figures) for it in found]


def lines(session, **of):
    session.flush()
    return len(session.scalars(select(StockMovement.id).filter_by(**of)).all())


def replays(session):
    session.flush()
    return [line for rule in RULES[:4] for line in rule(session)] == []


def test_an_order_takes_from_the_first_location_that_has_all_of_it(session, cellar):
    variant = make_variant(session, on_hand=2)
    put(session, variant, 5, cellar)

    hold(session, make_order(session), variant, 3)
    hold(session, make_order(session), variant, 1)

    assert levels(session, variant, "on_hand", "reserved") == [(2, 1), (5, 3)]
    assert replays(session)


def test_an_order_larger_than_any_location_is_split_and_sold_from_each(session, cellar):
    variant, order = make_variant(session, on_hand=2), make_order(session)
    put(session, variant, 5, cellar)

    hold(session, order, variant, 6)
    promised = levels(session, variant, "on_hand", "reserved")
    sell(session, order.id, actor="test")

    assert promised == [(2, 2), (5, 4)]
    assert levels(session, variant, "on_hand", "reserved") == [(0, 0), (1, 0)]
    assert lines(session, order_id=order.id, kind=MovementKind.RESERVED) == 2
    assert lines(session, order_id=order.id, kind=MovementKind.SOLD) == 2
    assert replays(session)


def test_what_was_promised_somewhere_is_given_back_there(session, cellar):
    variant, order = make_variant(session, on_hand=2), make_order(session)
    put(session, variant, 5, cellar)
    hold(session, order, variant, 4)
    put(session, variant, 9, MAIN)  # now the first has them all

    release(session, order.id, actor="test")

    assert levels(session, variant, "on_hand", "reserved") == [(11, 0), (5, 0)]
    assert replays(session)


def test_a_backorder_lies_nowhere_and_leaves_from_where_its_units_came(session, cellar):
    variant, order = (
        make_variant(session, on_hand=0, selling=Selling.BACKORDER),
        make_order(session),
    )
    held = Reservation(order_id=order.id, variant_id=variant.id, quantity=3, is_backorder=True)
    reserve(session, held, actor="test")
    nowhere = levels(session, variant, "on_hand")
    put(session, variant, 1, MAIN)
    put(session, variant, 2, cellar)

    deliver_backorders(session, order.id, {variant.id: 3}, actor="test")

    assert nowhere == []
    assert levels(session, variant, "on_hand") == [(0,), (0,)]
    stock = session.get_one(Stock, variant.id, populate_existing=True)
    assert (stock.on_hand, stock.backordered) == (0, 0)
    assert replays(session)


def test_what_a_location_has_not_is_refused_there_though_another_has_it(session, cellar):
    variant = make_variant(session, on_hand=4)
    put(session, variant, 1, cellar)
    before = lines(session)

    for kind, units in ((MovementKind.ADJUSTED, -2), (MovementKind.DAMAGED, 2)):
        movement = StockMovement(variant_id=variant.id, location_id=cellar, actor="test")
        with pytest.raises(OutOfStockError):
            shift(session, movement, kind, units)

    stock = session.get_one(Stock, variant.id, populate_existing=True)
    assert (stock.on_hand, stock.unavailable) == (5, 0)
    assert levels(session, variant, "on_hand", "unavailable") == [(4, 0), (1, 0)]
    assert lines(session) == before
    assert replays(session)


def test_a_transfer_leaves_what_is_on_hand_and_takes_no_promised_unit(session, cellar):
    variant = make_variant(session, on_hand=5)
    hold(session, make_order(session), variant, 2)
    moved = {"variant_id": variant.id, "location_id": MAIN, "actor": "ada"}

    transfer(session, StockMovement(**moved, reason="shelf is full"), 3, cellar)
    before = lines(session)
    with pytest.raises(OutOfStockError):
        transfer(session, StockMovement(**moved), 1, cellar)

    assert session.get_one(Stock, variant.id, populate_existing=True).on_hand == 5
    assert levels(session, variant, "on_hand", "reserved") == [(2, 2), (3, 0)]
    assert lines(session, kind=MovementKind.TRANSFERRED) == 2
    assert lines(session) == before
    assert replays(session)


def test_a_delivery_ends_only_what_was_expected_where_it_came(session, cellar):
    variant = make_variant(session, on_hand=0)
    for at in (MAIN, cellar):
        movement = StockMovement(variant_id=variant.id, location_id=at, actor="test")
        shift(session, movement, MovementKind.EXPECTED, 5)

    receive(session, StockMovement(variant_id=variant.id, location_id=cellar, actor="test"), 3)

    assert levels(session, variant, "on_hand", "incoming") == [(0, 5), (3, 2)]
    assert replays(session)


def test_what_comes_without_a_place_comes_to_the_first_active_one(session, cellar):
    variant = make_variant(session, on_hand=0)
    session.get_one(Location, MAIN).is_active = False

    move(session, StockMovement(variant_id=variant.id, kind="received", on_hand=2, actor="test"))

    found = session.scalars(select(StockLevel.location_id).filter_by(variant_id=variant.id))
    assert found.all() == [cellar]


steps = st.lists(
    st.tuples(
        st.sampled_from(["put", "hold", "sell", "release", "take", "aside", "back", "transfer"]),
        st.integers(1, 6),
        st.integers(0, 3),
    ),
    max_size=25,
)


@settings(max_examples=20, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(steps=steps)
def test_whatever_moves_levels_and_ledger_add_up_to_the_stock(session, cellar, steps):
    """Nothing undoes a refusal here: each statement is a transaction of its own."""
    places = [MAIN, None, cellar, None]
    variant, orders = make_variant(session, on_hand=4), []

    for act, units, which in steps:
        with suppress(OutOfStockError):
            _do(session, variant, orders, act, units, places[which])

    stock = session.get_one(Stock, variant.id, populate_existing=True)
    lying = [sum(it) for it in zip(*levels(session, variant, *FIGURES_AT), strict=True)]
    assert lying == [getattr(stock, figure) for figure in FIGURES_AT]
    assert replays(session)


def _do(session, variant, orders, act, units, at):
    movement = StockMovement(variant_id=variant.id, location_id=at, actor="test")
    if act == "hold":
        orders.append(make_order(session))
        held = Reservation(
            order_id=orders[-1].id, variant_id=variant.id, quantity=units, expires_at=now()
        )
        reserve(session, held, actor="test")
    elif act in {"sell", "release"}:
        verb = sell if act == "sell" else release
        for order in orders[: units // 2]:
            verb(session, order.id, actor="test")
    elif act == "transfer":
        transfer(session, movement, units, MAIN)
    else:
        kind, sign = {
            "put": (MovementKind.RECEIVED, 1),
            "take": (MovementKind.ADJUSTED, -1),
            "aside": (MovementKind.DAMAGED, 1),
            "back": (MovementKind.DAMAGED, -1),
        }[act]
        shift(session, movement, kind, sign * units)
