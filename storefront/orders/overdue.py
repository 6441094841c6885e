"""Exchanges whose parcel never comes: after a time they end, and what was set aside can be sold."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Order, OrderEvent, OrderStatus, Return, ReturnStatus, now
from models.goods_return import EXCHANGE_KEPT_FOR
from models.order_lock import lock
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload
from storefront.mail.letters import Letters
from storefront.orders import exchanges
from storefront.orders.returns import loaded

KIND = "end-exchanges"  # of the job
BATCH = 50
ACTOR = "shop"
EVENT = "exchange ended"


class Ending:
    """Does the job of ``KIND``."""

    def __init__(self, letters: Letters) -> None:
        """Remember who writes."""
        self._letters = letters

    def end(self, sessions: Sessions, payload: Payload) -> Effect:
        """End the exchanges that waited too long, at most BATCH in a round, and tell each buyer."""
        del sessions, payload
        return self._write

    def _write(self, session: Session) -> None:
        latest = now() - EXCHANGE_KEPT_FOR
        late = (
            select(Return.id, Return.order_id)
            .join(Order, Order.id == Return.exchange_id)
            .where(
                Return.status == ReturnStatus.ACCEPTED,
                Return.decided_at <= latest,
                Order.status == OrderStatus.PROCESSING,
            )
            .order_by(Return.order_id, Return.id)
            .limit(BATCH)
        )
        for return_id, order_id in session.execute(late).all():
            self._end(session, return_id, lock(session, order_id))

    def _end(self, session: Session, return_id: int, order: Order) -> None:
        """End one, unless its parcel has come or it was withdrawn before its order was locked.

        The return itself stays: what comes later is paid back in money.
        """
        found = loaded(session, return_id)
        if found.status is not ReturnStatus.ACCEPTED:
            return
        note = f"Nothing came back within {EXCHANGE_KEPT_FOR.days} days."
        exchanges.end(session, found, actor=ACTOR, note=note)
        words = f"{note} What was set aside for return {return_id} can be sold again."
        session.add(OrderEvent(order_id=order.id, kind=EVENT, actor=ACTOR, note=words))
        session.flush()
        self._letters.exchange_ended(session, order, loaded(session, return_id))
