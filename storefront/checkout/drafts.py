"""From an order that staff wrote to one that can be paid; the price stays as it was written."""

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from models import (
    Job,
    Order,
    OrderStatus,
    Payment,
    PaymentStatus,
    Reservation,
    ReservationState,
    now,
)
from models.inventory import OutOfStockError
from models.language import language
from models.order import advance
from models.order_lock import lock
from models.reservation import reserve
from storefront.catalog.shelf import Shelf, shelf
from storefront.checkout.service import HELD_FOR, PAYABLE_FOR, latest_payment


def begin_payment(session: Session, order_id: int, origin: str) -> Payment:
    """Hold a draft's units for its buyer, and open an attempt to pay it.

    origin: a digest of her address. Of two clicks the second finds what the first began. Raises
    OutOfStockError, or IllegalTransitionError where it has ended; the caller rolls back, and
    nothing has changed.
    """
    order, moment = lock(session, order_id), now()
    if order.status is OrderStatus.PENDING:
        return latest_payment(session, order_id)
    advance(
        session,
        order,
        OrderStatus.PENDING,
        actor="customer",
        only_from=frozenset({OrderStatus.DRAFT}),
    )
    order.expires_at = moment + HELD_FOR
    if order.follows_id is None:  # what follows an order speaks as that does
        order.language = language()
    _hold(session, order)
    last = session.scalar(select(func.max(Payment.attempt)).where(Payment.order_id == order_id))
    attempt = (last or 0) + 1
    payment = Payment(
        order_id=order.id,
        attempt=attempt,
        key=f"{order.number}-{attempt}",
        status=PaymentStatus.OPEN,
        amount=order.to_pay,
        origin=origin,
        expires_at=moment + PAYABLE_FOR,
    )
    session.add_all([payment, _end_of(order, attempt, moment)])
    session.flush()
    set_committed_value(payment, "order", order)
    return payment


def _hold(session: Session, order: Order) -> None:
    """Reserve what the lines need; what was given back before is forgotten."""
    found = shelf(session, [line.variant_id for line in order.lines])
    for line in order.lines:
        _take(found, line.variant_id, line.quantity)
    session.execute(
        delete(Reservation).where(
            Reservation.order_id == order.id, Reservation.state == ReservationState.RELEASED
        )
    )
    for line in order.lines:
        line.promise = found.promise(line.variant_id)
    held = [
        Reservation(
            order_id=order.id,
            variant_id=variant_id,
            quantity=units,
            is_backorder=found.must_wait(variant_id),
            expires_at=order.expires_at,
        )
        for variant_id, units in found.needs.items()
    ]
    reserve(session, *held, actor=f"order {order.number}")


def _take(found: Shelf, variant_id: int, quantity: int) -> None:
    if found.orderable(variant_id) < quantity:
        raise OutOfStockError(variant_id, quantity)
    found.take(variant_id, quantity)


def _end_of(order: Order, attempt: int, moment: datetime) -> Job:
    """Return the job that takes the units back from who does not pay."""
    return Job(
        kind="expire-order",
        key=f"expire-order:{order.number}:{attempt}",
        payload={"order_id": order.id},
        run_at=moment + HELD_FOR,
    )
