"""Writing and deleting what a customer keeps of her sessions; hers alone."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import Customer, Practice
from models.once import upsert

MOST_KEPT = 5000


class LogFullError(Exception):
    """A customer keeps as many sessions as one may."""


def add(session: Session, customer: Customer, sessions: Sequence[Mapping[str, Any]]) -> int:
    """Write sessions, each key once; return how many were new.

    Raises LogFullError over ``MOST_KEPT``; the caller then rolls back. The customer's row is
    locked, so that two uploads at once are counted together.
    """
    session.execute(select(Customer.id).where(Customer.id == customer.id).with_for_update())
    rows = [{"customer_id": customer.id, **values} for values in sessions]
    added = session.scalars(
        upsert(session, Practice)
        .values(rows)
        .on_conflict_do_nothing(index_elements=["customer_id", "key"])
        .returning(Practice.id)
    ).all()
    kept = select(func.count(Practice.id)).where(Practice.customer_id == customer.id)
    if session.scalars(kept).one() > MOST_KEPT:
        raise LogFullError(MOST_KEPT)
    return len(added)


def remove(session: Session, customer: Customer, key: str) -> bool:
    """Delete one of a customer's sessions; False where she has none of this key."""
    mine = (Practice.customer_id == customer.id, Practice.key == key)
    return bool(session.scalars(delete(Practice).where(*mine).returning(Practice.id)).all())


def remove_all(session: Session, customer: Customer) -> None:
    """Delete all that a customer has kept."""
    session.execute(delete(Practice).where(Practice.customer_id == customer.id))
