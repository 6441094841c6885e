"""Taking note that an order was looked at, and ending one whose money has gone back."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Order, OrderEvent, OrderStatus, balances
from models.order import advance
from models.order_lock import lock
from models.reservation import lock_units, release, take_back
from storefront.payments.outcome import note_event
from storefront.staff.orders.parcels import needed_of

NOT_PLACED = frozenset({OrderStatus.DRAFT, OrderStatus.PENDING})


class ChangedMeanwhileError(Exception):
    """What was the matter with the order has been settled, or is something else by now."""


class StillPaidError(Exception):
    """Money of the order is left, which must go back before it ends."""


@dataclass(frozen=True, slots=True)
class Check:
    """Somebody looked at an order. seen: what was said to be the matter; note: what she found."""

    seen: str
    note: str
    actor: str


def check_off(session: Session, order: Order, check: Check) -> None:
    """Take the flag off an order that was looked at; what it said stays in the history.

    Raises ChangedMeanwhileError, and changes nothing, where it says something else than was seen:
    a new problem must not be waved through with an old one.
    """
    attention = _locked_attention(session, order)
    if attention is None or _words(attention) != _words(check.seen):
        raise ChangedMeanwhileError(order.number)
    order.attention = None
    note = f"{check.note} (It said: {attention})"
    session.add(OrderEvent(order_id=order.id, kind="checked", actor=check.actor, note=note))


def correct_email(session: Session, order_id: int, email: str, *, seen: str, actor: str) -> bool:
    """Let mails about an order go to another address; False where they do so already.

    seen: the address as the page was shown. The history does not name either address, as it
    outlives them. Raises ChangedMeanwhileError where it is another one by now, or none, as it is
    not known yet or was erased; or where who pays says it as yet.
    """
    order = lock(session, order_id)
    if order.email == email:
        return False
    if order.email != seen or not order.email or order.status in NOT_PLACED:
        raise ChangedMeanwhileError(order.number)
    order.email = email
    note_event(session, order, "edited", "The email address is corrected.", actor)
    return True


def cancel_given_back(session: Session, order: Order, *, actor: str, restock: bool) -> None:
    """End a paid order of whose money nothing is left, such as one refunded in Stripe's dashboard.

    restock: its units go back on the shelf, but for those refunded here or shipped. The order's
    lines must be loaded. Raises StillPaidError, or IllegalTransitionError where it has shipped or
    ended (by now); the caller rolls back then.
    """
    only_from = frozenset({OrderStatus.PAID})
    note = "Cancelled: none of its money is left."
    advance(session, order, OrderStatus.CANCELLED, actor=actor, note=note, only_from=only_from)
    if balances(session, [order])[order.id].kept > 0:
        raise StillPaidError(order.number)
    if restock:
        back = needed_of(order.lines, {line.id: line.to_ship for line in order.lines})
        lock_units(session, order.id, back)
        take_back(session, order.id, back, actor=actor, reason=note)
    release(session, order.id, actor=actor, reason=note)


def _locked_attention(session: Session, order: Order) -> str | None:
    return session.scalar(select(Order.attention).where(Order.id == order.id).with_for_update())


def _words(text: str) -> list[str]:
    """Return the words, since a browser may send line breaks otherwise than it got them."""
    return text.split()
