"""What may become of an order beside being paid: held for staff, or ended."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Order, OrderEvent, OrderStatus, Payment, PaymentStatus
from models.discount_use import release_uses
from models.order import IllegalTransitionError, advance
from models.reservation import release
from storefront.logs import log

ACTOR = "Stripe"
UNPAID = frozenset({OrderStatus.PENDING, OrderStatus.PROCESSING})


def hold(session: Session, order: Order, why: str) -> None:
    """Flag an order for staff; the same reason is noted once."""
    if order.attention != why:
        order.attention = why
        note_event(session, order, "held", why)
        log.error("order held", extra={"order": order.number, "reason": "payment"})


def let_go(session: Session, order: Order, why: str) -> None:
    """Take the flag off, where it is still for this reason."""
    if order.attention == why:
        order.attention = None
        note_event(session, order, "checked", why)


def cancel(session: Session, order: Order, *, actor: str, note: str) -> bool:
    """End an unpaid order and give its units and discounts back, once; False where it is paid."""
    try:
        advance(session, order, OrderStatus.CANCELLED, actor=actor, note=note, only_from=UNPAID)
    except IllegalTransitionError:
        return False
    session.execute(
        update(Payment)
        .where(Payment.order_id == order.id, Payment.status == PaymentStatus.OPEN)
        .values(status=PaymentStatus.EXPIRED)
    )
    release(session, order.id, actor=actor, reason=note)
    release_uses(session, order.id)
    return True


def note_event(session: Session, order: Order, kind: str, note: str, actor: str = ACTOR) -> None:
    """Write what happened into an order's history."""
    session.add(OrderEvent(order_id=order.id, kind=kind, actor=actor, note=note))
