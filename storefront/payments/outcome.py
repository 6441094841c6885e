"""What may become of an order beside being paid: held for staff, or ended."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import (
    Order,
    OrderEvent,
    OrderStatus,
    Payment,
    PaymentStatus,
)
from models.discount_use import release_uses
from models.order import IllegalTransitionError, advance
from models.order_lock import lock
from models.reservation import release
from storefront.gift_cards import service as gift_cards
from storefront.logs import log

ACTOR = "Stripe"
UNPAID = frozenset({OrderStatus.PENDING, OrderStatus.PROCESSING})


class PageAppearedError(Exception):
    """A payment page was opened while its order was to end: it must be made unpayable first."""


def hold(session: Session, order: Order, why: str) -> None:
    """Flag an order, whose row is locked, for staff; the same reason is noted once.

    A second reason stands on a line of its own below the first: none hides another.
    """
    reasons = _reasons(order)
    if why not in reasons:
        order.attention = "\n".join([*reasons, why])
        note_event(session, order, "held", why)
        log.error("order held", extra={"order": order.number, "reason": "payment"})


def let_go(session: Session, order: Order, why: str) -> None:
    """Take one reason off the flag, where it still stands there; the others stay."""
    reasons = _reasons(order)
    if why in reasons:
        order.attention = "\n".join(it for it in reasons if it != why) or None
        note_event(session, order, "checked", why)


def cancel(session: Session, order: Order, *, actor: str, note: str) -> bool:
    """End an unpaid order and give its units and discounts back, once; False where it is paid.

    Discounts before its gift card before units, as they were taken: a checkout at the same time
    cannot deadlock.
    """
    try:
        advance(session, order, OrderStatus.CANCELLED, actor=actor, note=note, only_from=UNPAID)
    except IllegalTransitionError:
        return False
    _close_pages(session, order)
    end_waiting(session, order)
    release_uses(session, order.id)
    gift_cards.release(session, order.id, actor=actor, reason=note)
    release(session, order.id, actor=actor, reason=note)
    return True


def fall_back(session: Session, order: Order, *, actor: str, note: str) -> bool:
    """End an unpaid order as ``cancel`` does; but what staff drafted becomes a draft again.

    Its units are given back, its price stays, and its buyer may go to pay it another time.
    """
    drafted = select(OrderEvent.id).where(
        OrderEvent.order_id == order.id, OrderEvent.kind == OrderStatus.DRAFT.value
    )
    if session.scalar(drafted.limit(1)) is None:
        return cancel(session, order, actor=actor, note=note)
    only_from = frozenset({OrderStatus.PENDING})
    try:
        advance(session, order, OrderStatus.DRAFT, actor=actor, note=note, only_from=only_from)
    except IllegalTransitionError:
        return False
    _close_pages(session, order)
    release(session, order.id, actor=actor, reason=note)
    return True


def waiting_for(number: str) -> str:
    """Return the reason by which an order waits for what follows it."""
    return f"It waits until {number}, which ships with it, is paid."


def end_waiting(session: Session, order: Order) -> None:
    """Let the order go on that waits for this one, which is paid or ended by now."""
    if order.follows_id is not None:
        let_go(session, lock(session, order.follows_id), waiting_for(order.number))


def _close_pages(session: Session, order: Order) -> None:
    session.execute(
        update(Payment)
        .where(
            Payment.order_id == order.id,
            Payment.status == PaymentStatus.OPEN,
            Payment.gift_card_id.is_(None),
        )
        .values(status=PaymentStatus.EXPIRED)
    )


def give_up(session: Session, payment: Payment, *, actor: str, note: str) -> None:
    """End the order of a payment whose page was never opened: nobody can be paying it.

    Raises PageAppearedError, and changes nothing, where it has been opened meanwhile.
    """
    order = lock(session, payment.order_id)
    page = session.scalar(select(Payment.session_id).where(Payment.id == payment.id))
    if page is not None:
        raise PageAppearedError(order.number)
    fall_back(session, order, actor=actor, note=note)


def _reasons(order: Order) -> list[str]:
    return (order.attention or "").splitlines()


def note_event(session: Session, order: Order, kind: str, note: str, actor: str = ACTOR) -> None:
    """Write what happened into an order's history."""
    session.add(OrderEvent(order_id=order.id, kind=kind, actor=actor, note=note))
