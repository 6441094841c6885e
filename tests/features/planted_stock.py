"""What can be wrong with stock: each fault is planted, and says what verify should."""

from sqlalchemy import delete, select, update

from models import (
    Location,
    MovementKind,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    Purchase,
    PurchaseLine,
    PurchaseStatus,
    Reservation,
    ReservationState,
    Stock,
    StockLevel,
    StockMovement,
    Supplier,
)
from models.inventory import move
from tests.factories import make_variant

IS_RECEIVED = StockMovement.kind == MovementKind.RECEIVED
LINE, PAYMENT = OrderLine.__table__, Payment.__table__


def pending(session):
    return session.scalars(select(Order).filter_by(status=OrderStatus.PENDING)).one()


def ledger(session, variant, kind, **figures):
    """Write a movement, and apply it to the stock."""
    move(session, StockMovement(variant_id=variant.id, kind=kind, actor="test", **figures))
    session.flush()


def lose_a_unit(session, variant, order):
    session.execute(update(Stock).values(on_hand=Stock.on_hand - 1))
    return ["TOOL: 7 on hand, 8 in the ledger"]


def change_two_figures(session, variant, order):
    session.execute(update(Stock).values(unavailable=1, on_hand=9))
    return ["TOOL: 9 on hand, 8 in the ledger; 1 unavailable, 0 in the ledger"]


def lose_the_stock_of_a_ledger(session, variant, order):
    session.execute(delete(Stock))
    return [
        "TOOL: 0 on hand, 8 in the ledger; 0 reserved, 1 in the ledger",
        "TOOL: 0 reserved, but open orders hold 1",
    ]


def have_stock_without_a_ledger(session, variant, order):
    other = make_variant(session, sku="OTHER", on_hand=3)
    session.execute(delete(StockMovement).where(StockMovement.variant_id == other.id))
    return ["OTHER: 3 on hand, 0 in the ledger", "OTHER at Main: 3 on hand, 0 in the ledger"]


def lose_what_lies_somewhere(session, variant, order):
    session.execute(update(StockLevel).values(on_hand=5, reserved=0))
    return ["TOOL at Main: 5 on hand, 8 in the ledger; 0 reserved, 1 in the ledger"]


def move_units_nowhere(session, variant, order):
    session.execute(update(StockMovement).where(IS_RECEIVED).values(location_id=None))
    day = session.scalars(select(StockMovement.created_at).where(IS_RECEIVED)).one()
    return [
        "TOOL at Main: 8 on hand, -2 in the ledger",
        f"TOOL: received on {day:%Y-%m-%d} has no location",
        "TOOL: the ledger once had 3 units promised that were not there",
    ]


def promise_what_was_not_there(session, variant, order):
    for change in (-9, 9):
        session.add(
            StockMovement(
                variant_id=variant.id,
                location_id=1,
                kind=MovementKind.ADJUSTED,
                on_hand=change,
                actor="test",
            )
        )
        session.flush()
    return ["TOOL: the ledger once had 2 units promised that were not there"]


def reserve_for_nobody(session, variant, order):
    ledger(session, variant, MovementKind.RESERVED, reserved=1)
    return ["TOOL: 2 reserved, but open orders hold 1"]


def backorder_for_nobody(session, variant, order):
    ledger(session, variant, MovementKind.BACKORDERED, backordered=1)
    return ["TOOL: 1 backordered, but open orders hold 0"]


def forget_a_reservation(session, variant, order):
    held = Reservation.state == ReservationState.HELD
    session.execute(delete(Reservation).where(held))
    return ["TOOL: 1 reserved, but open orders hold 0"]


def hold_for_a_cancelled_order(session, variant, order):
    number = pending(session).number
    cancelled = {"status": OrderStatus.CANCELLED}
    session.execute(update(Order).where(Order.number == number).values(**cancelled))
    return [f"{number}: cancelled, but still holds units"]


def reserve_for_another_order(session, variant, order):
    number = pending(session).number
    session.execute(
        update(StockMovement)
        .where(StockMovement.order_id == pending(session).id)
        .values(order_id=order.id)
    )
    lines = {
        number: "1 of TOOL are held, the ledger has 0 reserved, 0 backordered, 0 sold",
        order.number: "2 of TOOL are sold, the ledger has 1 reserved, 0 backordered, 2 sold",
    }
    return [f"{number}: {line}" for number, line in sorted(lines.items())]


def sell_twice(session, variant, order):
    ledger(session, variant, MovementKind.SOLD, on_hand=-2, order_id=order.id)
    return [
        f"{order.number}: its lines need 2 of TOOL, 4 left the stock",
        f"{order.number}: 2 of TOOL are sold, the ledger has 0 reserved, 0 backordered, 4 sold",
    ]


def sell_another_thing(session, variant, order):
    other = make_variant(session, sku="OTHER")
    session.execute(
        update(OrderLine).where(OrderLine.order_id == order.id).values(parts={str(other.id): 3})
    )
    return [
        f"{order.number}: its lines need 6 of OTHER, 0 left the stock",
        f"{order.number}: its lines need 0 of TOOL, 2 left the stock",
    ]


def sell_what_nobody_paid(session, variant, order):
    number, order_id = pending(session).number, pending(session).id
    ledger(session, variant, MovementKind.SOLD, on_hand=-1, order_id=order_id)
    return [
        f"{number}: pending, but 1 of TOOL were sold",
        f"{number}: 1 of TOOL are held, the ledger has 1 reserved, 0 backordered, 1 sold",
    ]


def take_back_more_than_was_sold(session, variant, order):
    ledger(session, variant, MovementKind.RETURNED, on_hand=3, order_id=order.id)
    return [f"{order.number}: 3 of TOOL came back, but 2 were sold"]


def receive_what_the_ledger_has_not(session, variant, sold):
    line = PurchaseLine(variant_id=variant.id, quantity=5, received=2)
    session.add(
        Purchase(
            number="PO-1",
            supplier=Supplier(name="Forge", currency="USD"),
            location_id=session.scalar(select(Location.id)),
            status=PurchaseStatus.PARTLY_RECEIVED,
            currency="USD",
            actor="test",
            lines=[line],
        )
    )
    session.flush()
    return [f"PO-1: 2 of {variant.sku} received and 3 to come, 0 and 0 in the ledger"]


PLANTS = [
    lose_a_unit,
    change_two_figures,
    lose_the_stock_of_a_ledger,
    have_stock_without_a_ledger,
    lose_what_lies_somewhere,
    move_units_nowhere,
    promise_what_was_not_there,
    reserve_for_nobody,
    backorder_for_nobody,
    forget_a_reservation,
    hold_for_a_cancelled_order,
    reserve_for_another_order,
    sell_twice,
    sell_another_thing,
    sell_what_nobody_paid,
    take_back_more_than_was_sold,
    receive_what_the_ledger_has_not,
]
