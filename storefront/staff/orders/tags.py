"""Tags and notes: what staff say of an order."""

import re
from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import Order, OrderEvent, OrderTag
from models.once import upsert

MOST, LONGEST = 20, 40  # tags of an order; signs of a tag
NEWEST = 1000  # tags that were given last, among which the list of orders offers the usual ones
NOTE, REMOVED = "note", "note removed"
_BROKEN = re.compile("[\x00-\x1f\ud800-\udfff]")


class NotYoursError(Exception):
    """A note is another's, or is no note."""


def tags_from(text: str | None) -> list[str]:
    """Return the tags that a text separates by commas, or raise ValueError with a message."""
    typed = [" ".join(it.split()).lower() for it in (text or "").split(",")]
    found = list(dict.fromkeys(filter(None, typed)))
    if not found:
        message = "Enter a tag, or several with commas between them."
        raise ValueError(message)
    if any(_BROKEN.search(it) for it in found):
        message = "Remove the characters that cannot be read."
        raise ValueError(message)
    if len(found) > MOST or any(len(it) > LONGEST for it in found):
        message = f"Enter at most {MOST} tags of at most {LONGEST} characters each."
        raise ValueError(message)
    return found


def tag(session: Session, orders: Sequence[Order], tags: Sequence[str]) -> list[str]:
    """Give tags to orders; return the numbers of those that would have too many, unchanged."""
    ids = [order.id for order in orders]
    session.execute(select(Order.id).where(Order.id.in_(ids)).order_by(Order.id).with_for_update())
    has: dict[int, set[str]] = {order_id: set() for order_id in ids}
    for order_id, word in session.execute(
        select(OrderTag.order_id, OrderTag.tag).where(OrderTag.order_id.in_(ids))
    ):
        has[order_id].add(word)
    full = {order.id for order in orders if len(has[order.id] | set(tags)) > MOST}
    rows = [{"order_id": it, "tag": word} for it in ids if it not in full for word in tags]
    if rows:
        session.execute(upsert(session, OrderTag).on_conflict_do_nothing(), rows)
    return [order.number for order in orders if order.id in full]


def untag(session: Session, orders: Sequence[Order], tags: Sequence[str]) -> None:
    """Take tags off orders, where they have them."""
    ids = [order.id for order in orders]
    session.execute(delete(OrderTag).where(OrderTag.order_id.in_(ids), OrderTag.tag.in_(tags)))


def known(session: Session) -> Sequence[str]:
    """Return the tags that the newest orders with tags have most."""
    newest = select(OrderTag.tag).order_by(OrderTag.order_id.desc()).limit(NEWEST).subquery()
    tag = newest.c.tag
    found = select(tag).group_by(tag).order_by(func.count().desc(), tag)
    return session.scalars(found.limit(MOST)).all()


def note(session: Session, order: Order, text: str, *, actor: str) -> None:
    """Write down what somebody says of an order."""
    session.add(OrderEvent(order_id=order.id, kind=NOTE, actor=actor, note=text))


def strike_out(session: Session, order: Order, event_id: int, *, actor: str) -> None:
    """Strike one's own note out: it stays in the history as what was removed.

    Raises NotYoursError, and changes nothing, where it is another's, or is struck out already.
    """
    found = session.scalars(
        select(OrderEvent)
        .where(
            OrderEvent.id == event_id,
            OrderEvent.order_id == order.id,
            OrderEvent.kind == NOTE,
            OrderEvent.actor == actor,
        )
        .with_for_update()
    ).one_or_none()
    if found is None:
        raise NotYoursError(order.number)
    found.kind = REMOVED


def mailed(session: Session, order: Order, subject: str, *, actor: str) -> None:
    """Write down that a mail goes once more, and who wanted it."""
    session.add(OrderEvent(order_id=order.id, kind="mail again", actor=actor, note=subject))
