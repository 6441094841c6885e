"""Shipping an order, and taking note that one was looked at."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Fulfilment, Order, OrderEvent, OrderStatus, SequenceTrigger, balances
from models.order import advance
from models.reservation import deliver_backorders, release, take_back
from storefront.mail.letters import Letters
from storefront.newsletter.events import happened


class OnHoldError(Exception):
    """Something about the order must be looked at before it may ship."""


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


def ship(session: Session, order: Order, parcel: Fulfilment, letters: Letters) -> None:
    """Mark a paid order as shipped in a parcel, and write the mail that tells the buyer.

    The order's lines and discounts must be loaded. Units that it waited for leave the shelf. Raises
    OutOfStockError where they have not come, OnHoldError or IllegalTransitionError where it may
    not ship (by now): of two who ship at once, the second is told. The caller rolls back then.
    """
    if _locked_attention(session, order) is not None:
        raise OnHoldError(order.number)
    note = f"{parcel.carrier} {parcel.tracking_number}".strip()
    advance(session, order, OrderStatus.SHIPPED, actor=parcel.actor, note=note)
    deliver_backorders(session, order.id, actor=parcel.actor)
    parcel.order_id = order.id
    session.add(parcel)
    session.flush()  # its moment is needed for the mail
    letters.shipped(session, order, parcel)
    happened(session, SequenceTrigger.SHIPPED, order.email)


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


def cancel_given_back(session: Session, order: Order, *, actor: str, restock: bool) -> None:
    """End a paid order of whose money nothing is left, such as one refunded in Stripe's dashboard.

    restock: its units, but for those refunded here, go back on the shelf. The order's lines must be
    loaded. Raises StillPaidError, or IllegalTransitionError where it has shipped or ended (by now);
    the caller rolls back then.
    """
    only_from = frozenset({OrderStatus.PAID})
    note = "Cancelled: none of its money is left."
    advance(session, order, OrderStatus.CANCELLED, actor=actor, note=note, only_from=only_from)
    if balances(session, [order])[order.id].kept > 0:
        raise StillPaidError(order.number)
    if restock:
        units: Counter[int] = Counter()
        for line in order.lines:
            for variant_id, of_one in line.units_of_one.items():
                units[variant_id] += of_one * (line.quantity - line.refunded_quantity)
        back = {variant_id: quantity for variant_id, quantity in units.items() if quantity}
        take_back(session, order.id, back, actor=actor, reason=note)
    release(session, order.id, actor=actor, reason=note)


def _locked_attention(session: Session, order: Order) -> str | None:
    return session.scalar(select(Order.attention).where(Order.id == order.id).with_for_update())


def _words(text: str) -> list[str]:
    """Return the words, since a browser may send line breaks otherwise than it got them."""
    return text.split()
