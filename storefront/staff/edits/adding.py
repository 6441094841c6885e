"""More units for a paid order: a draft of their own that follows it, and ships with it.

What was paid is never changed. The buyer pays the difference by the draft's link; the order may
wait for that, and a member of staff can always let it go.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Order, OrderStatus
from models.order_lock import lock
from storefront.changes.service import address_of
from storefront.payments.outcome import hold, note_event, waiting_for
from storefront.pricing.quote import Terms
from storefront.staff.drafts import service as drafts
from storefront.staff.drafts.service import Wanted, WantedLine
from storefront.staff.edits.service import NotEditableError
from storefront.staff.seen import ChangedMeanwhileError


@dataclass(frozen=True, slots=True)
class More:
    """What is added.

    waits: whether the order is held until it is paid. seen: ``added``, as the page was shown.
    """

    lines: Sequence[WantedLine]
    waits: bool
    actor: str
    seen: str


def add(session: Session, order_id: int, more: More, terms: Terms) -> Order:
    """Write the draft of what is added, to the order's address, without shipping of its own.

    Raises NotEditableError where the order is no longer paid and to ship, or ChangedMeanwhileError
    where something was added since its page was shown; nothing changed then.
    """
    order = lock(session, order_id)
    if order.status is not OrderStatus.PAID:
        raise NotEditableError(order.number)
    if added(session, order) != more.seen:
        raise ChangedMeanwhileError
    to = {"country": order.country, **address_of(order)}
    wanted = Wanted(
        currency=order.total.currency,
        lines=more.lines,
        email=order.email or "",
        address=to,
        own_shipping=(f"With {order.number}", 0),
        note=f"Added to {order.number}, ships with it.",
    )
    draft = drafts.write(session, wanted, terms, actor=more.actor, customer_id=order.customer_id)
    draft.follows_id = order.id
    units = ", ".join(f"{it.quantity} of {it.variant.sku}" for it in more.lines)
    note_event(session, order, "added", f"{units} by {draft.number}, {draft.total}.", more.actor)
    if more.waits:
        hold(session, order, waiting_for(draft.number))
    session.flush()
    return draft


def added(session: Session, order: Order) -> str:
    """Return how many times something was added to an order, in digits."""
    found = select(func.count(Order.id)).where(Order.follows_id == order.id)
    return str(session.scalar(found))


def linked(session: Session, order: Order) -> Sequence[Order]:
    """Return the order that this one follows, then those that follow it, in one query."""
    is_linked = Order.follows_id == order.id
    if order.follows_id is not None:  # an id that is NULL would be looked for in all orders
        is_linked |= Order.id == order.follows_id
    return session.scalars(select(Order).where(is_linked).order_by(Order.id)).all()
