"""Correcting stock, each correction once."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Stock, StockMovement
from models.inventory import MovementKind
from models.inventory import adjust as adjust_stock


@dataclass(frozen=True, slots=True)
class Adjustment:
    """A change of what is on hand.

    change: units, negative to take away. seen: the variant's newest movement when the form was
    shown (0: it had none); None where that is not known.
    """

    change: int
    reason: str
    actor: str
    seen: int | None


def adjust(session: Session, variant_id: int, wanted: Adjustment) -> bool:
    """Change what is on hand; return False where this very form was taken before.

    A second click sends the same form again: same change, reason and person, and a movement that
    the page had not shown yet. Raises OutOfStockError, and changes nothing, where fewer units are
    available. The row is locked first, so that two clicks take turns.
    """
    session.get(Stock, variant_id, with_for_update=True, populate_existing=True)
    if wanted.seen is not None and _is_taken(session, variant_id, wanted):
        return False
    adjust_stock(session, variant_id, wanted.change, reason=wanted.reason, actor=wanted.actor)
    return True


def _is_taken(session: Session, variant_id: int, wanted: Adjustment) -> bool:
    same = select(StockMovement.id).where(
        StockMovement.variant_id == variant_id,
        StockMovement.id > wanted.seen,
        StockMovement.kind == MovementKind.ADJUSTED,
        StockMovement.on_hand == wanted.change,
        StockMovement.reason == wanted.reason,
        StockMovement.actor == wanted.actor,
    )
    return session.scalar(same.limit(1)) is not None
