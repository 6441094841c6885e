"""Looking at what was issued."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Document, Order


def of_order(session: Session, order: Order) -> Sequence[Document]:
    """Return an order's documents, the invoice first."""
    found = select(Document).where(Document.order_id == order.id)
    return session.scalars(found.order_by(Document.kind.desc(), Document.number)).all()


def named(session: Session, order: Order, label: str) -> Document | None:
    """Return the document of an order that has this label, or None."""
    return next((it for it in of_order(session, order) if it.label == label), None)
