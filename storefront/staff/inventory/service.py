"""Changing stock by hand, each change once."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import BundlePart, StockMovement
from models.inventory import PER_UNIT, MovementKind, level_at, locked, receive, shift, transfer

UNDONE = "Undo of line "  # then its id


class BundleError(Exception):
    """A bundle has no stock of its own: its parts have."""


class ChangedMeanwhileError(Exception):
    """What is on hand has changed since it was looked at; on_hand: what it is now."""

    def __init__(self, on_hand: int) -> None:
        """Remember what is on hand now."""
        super().__init__(str(on_hand))
        self.on_hand = on_hand


@dataclass(frozen=True, slots=True)
class Change:
    """Units that a person moves.

    kind: what becomes of them; None is a count, and quantity is what is on hand then. seen: the
    variant's newest movement when the form was shown (0: it had none); None where that is not
    known. location_id: where; to: where a transfer brings them.
    """

    kind: MovementKind | None
    quantity: int
    reason: str
    reference: str
    actor: str
    seen: int | None
    location_id: int
    to: int | None = None


def record(session: Session, variant_id: int, wanted: Change) -> bool:
    """Write a change of stock; return False where this very form was taken before.

    A second click sends the same form again: the same in everything, and a movement that the page
    had not shown yet. Raises BundleError, OutOfStockError where fewer units are there, or
    ChangedMeanwhileError where a count is of another day; nothing has changed then. The row is
    locked first, so that two clicks take turns.
    """
    refuse_bundle(session, variant_id)
    locked(session, variant_id)
    on_hand = level_at(session, variant_id, wanted.location_id).on_hand
    if wanted.kind is None:
        return _count(session, variant_id, wanted, on_hand)
    if wanted.seen is not None and _is_taken(session, variant_id, wanted):
        return False
    movement = StockMovement(
        variant_id=variant_id,
        location_id=wanted.location_id,
        reason=wanted.reason,
        reference=wanted.reference,
        actor=wanted.actor,
    )
    if wanted.kind is MovementKind.RECEIVED:
        receive(session, movement, wanted.quantity)
    elif wanted.to is not None:
        transfer(session, movement, wanted.quantity, wanted.to)
    else:
        shift(session, movement, wanted.kind, wanted.quantity)
    return True


def newest_movement(session: Session, variant_id: int) -> StockMovement | None:
    """Return the newest line of a variant's ledger, where there is one."""
    newest = select(StockMovement).where(StockMovement.variant_id == variant_id)
    return session.scalars(newest.order_by(StockMovement.id.desc()).limit(1)).one_or_none()


def undoable(newest: StockMovement | None) -> StockMovement | None:
    """Return the newest movement where it is an adjustment that can be undone, else None."""
    if newest is None or newest.kind is not MovementKind.ADJUSTED:
        return None
    return None if newest.reference.startswith(UNDONE) else newest


def undo(session: Session, variant_id: int, movement_id: int, actor: str) -> int:
    """Take the last adjustment back by a movement against it; return its change in units.

    Raises ChangedMeanwhileError where it is not the newest movement any more, or was undone.
    """
    on_hand = locked(session, variant_id).on_hand
    last = undoable(newest_movement(session, variant_id))
    if last is None or last.id != movement_id:
        raise ChangedMeanwhileError(on_hand)
    back = StockMovement(
        variant_id=variant_id,
        location_id=last.location_id,
        reason=last.reason,
        reference=f"{UNDONE}{last.id}",
        actor=actor,
    )
    shift(session, back, MovementKind.ADJUSTED, -last.on_hand)
    return -last.on_hand


def refuse_bundle(session: Session, variant_id: int) -> None:
    """Raise BundleError where a variant is made of others."""
    parts = select(BundlePart.part_id).where(BundlePart.bundle_id == variant_id)
    if session.scalar(parts.limit(1)) is not None:
        raise BundleError(variant_id)


def _count(session: Session, variant_id: int, wanted: Change, on_hand: int) -> bool:
    """Write a count; one that agrees with the ledger, as that of a second click, moves nothing."""
    if on_hand == wanted.quantity:
        return False
    if wanted.seen is not None and _moved_since(session, variant_id, wanted):
        raise ChangedMeanwhileError(on_hand)
    movement = StockMovement(
        variant_id=variant_id,
        location_id=wanted.location_id,
        reason=wanted.reason,
        reference=wanted.reference or "Count",
        actor=wanted.actor,
    )
    shift(session, movement, MovementKind.ADJUSTED, wanted.quantity - on_hand)
    return True


def _moved_since(session: Session, variant_id: int, wanted: Change) -> bool:
    moved = select(func.sum(StockMovement.on_hand)).where(
        StockMovement.variant_id == variant_id,
        StockMovement.location_id == wanted.location_id,
        StockMovement.id > wanted.seen,
    )
    return bool(session.scalar(moved))


def _is_taken(session: Session, variant_id: int, wanted: Change) -> bool:
    kind = wanted.kind or MovementKind.ADJUSTED
    figures = {"on_hand": -1} if kind is MovementKind.TRANSFERRED else PER_UNIT[kind]
    same = select(StockMovement.id).where(
        StockMovement.variant_id == variant_id,
        StockMovement.location_id == wanted.location_id,
        StockMovement.id > wanted.seen,
        StockMovement.kind == wanted.kind,
        StockMovement.reason == wanted.reason,
        StockMovement.reference == wanted.reference,
        StockMovement.actor == wanted.actor,
        *(
            getattr(StockMovement, figure) == change * wanted.quantity
            for figure, change in figures.items()
        ),
    )
    return session.scalar(same.limit(1)) is not None
