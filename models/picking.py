"""Picking: staff have a paid order in hand, so that its buyer cannot change it any more."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.base import now
from models.order import Order, OrderStatus
from models.order_history import OrderEvent


def take_in_hand(session: Session, ids: Sequence[int], *, actor: str) -> None:
    """Mark paid orders as picked, so that their buyers cannot change them any more; each once.

    ids: of orders. Their rows are locked in the order of their ids, so that two cannot deadlock.
    """
    to_pick = (Order.id.in_(ids), Order.status == OrderStatus.PAID, Order.picked_at.is_(None))
    session.execute(select(Order.id).where(*to_pick).order_by(Order.id).with_for_update()).all()
    picked = session.scalars(
        update(Order)
        .where(*to_pick)
        .values(picked_at=now())
        .returning(Order.id)
        .execution_options(synchronize_session=False)
    ).all()
    session.add_all([OrderEvent(order_id=it, kind="picked", actor=actor) for it in sorted(picked)])
    session.flush()


def mark_picked(session: Session, order_id: int) -> None:
    """Mark a locked order as picked: a part of it leaves just now."""
    session.execute(
        update(Order)
        .where(Order.id == order_id, Order.picked_at.is_(None))
        .values(picked_at=now())
        .execution_options(synchronize_session=False)
    )
