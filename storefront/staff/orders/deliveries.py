"""Parcels that have arrived: marked once, the buyer told, and what begins with it."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from models import Fulfilment, Order, OrderEvent, SequenceTrigger, now
from models.comeback import is_kept
from models.fulfilment import BY_MAIL
from storefront.mail.letters import Letters
from storefront.newsletter.events import happened


def deliver(
    session: Session, order: Order, letters: Letters, *, actor: str, parcel_id: int | None = None
) -> int:
    """Mark a parcel, or every parcel that is on its way, as delivered; return how many that were.

    The order's lines and discounts must be loaded. By one conditional statement: of two who mark
    it at once, the second finds nothing to do. The buyer is mailed of each; her first days with
    it begin unless something of it came or comes back. Gift cards are no parcel.
    """
    on_its_way = [
        Fulfilment.order_id == order.id,
        Fulfilment.delivered_at.is_(None),
        Fulfilment.carrier != BY_MAIL,
    ]
    if parcel_id is not None:
        on_its_way.append(Fulfilment.id == parcel_id)
    session.execute(select(Order.id).where(Order.id == order.id).with_for_update())
    ids = session.scalars(
        update(Fulfilment)
        .where(*on_its_way)
        .values(delivered_at=now())
        .returning(Fulfilment.id)
        .execution_options(synchronize_session=False)
    ).all()
    found = select(Fulfilment).where(Fulfilment.id.in_(ids)).order_by(Fulfilment.id)
    loaded = found.options(selectinload(Fulfilment.lines))
    for parcel in session.scalars(loaded.execution_options(populate_existing=True)):
        words = f"{parcel.carrier} {parcel.tracking_number}".strip()
        event = OrderEvent(order_id=order.id, kind="delivered", actor=actor, note=words)
        session.add(event)
        letters.delivered(session, order, parcel)
    if ids and session.scalar(select(is_kept()).where(Order.id == order.id)):
        happened(session, SequenceTrigger.DELIVERED, order.email)
    return len(ids)
