"""Counting a location: by several people at once, and booked once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import (
    Location,
    StockCount,
    StockMovement,
    StockScan,
    StockTake,
    StockTakeStatus,
    Variant,
    now,
)
from models.inventory import MovementKind, OutOfStockError, level_at, shift
from models.once import claim, upsert
from storefront.staff.inventory.service import refuse_bundle


class ClosedError(Exception):
    """The stock take was booked or dropped."""


class UnknownCodeError(Exception):
    """No variant, or more than one, has this SKU or barcode."""


class RefusedError(Exception):
    """Some differences cannot be booked; skus: of which variants."""

    def __init__(self, skus: Sequence[str]) -> None:
        """Remember the variants."""
        super().__init__(", ".join(skus))
        self.skus = skus


def variant_of(session: Session, code: str) -> Variant:
    """Return the variant with this SKU, else with this barcode, or raise UnknownCodeError."""
    for column in (Variant.sku, Variant.barcode):
        found = session.scalars(select(Variant).where(column == code).limit(2)).all()
        if len(found) == 1:
            return found[0]
        if found:
            break
    raise UnknownCodeError(code)


def count(  # noqa: PLR0913 (who counted what belongs to every count)
    session: Session,
    take_id: int,
    variant_id: int,
    quantity: int,
    *,
    adds: bool,
    actor: str,
    key: str = "",
) -> int:
    """Write down a count and return what is counted of the variant now.

    adds: to what was counted before, as a scanner does; else it takes its place. What the ledger
    expects is kept as it was at the first of a series of scans, so that what moves later changes
    nothing of the difference. key: of a scan that may be sent twice; it counts once.
    Raises ClosedError, or BundleError of a bundle.
    """
    refuse_bundle(session, variant_id)
    _wait_at(session, take_id, to_book=False)
    take = session.get(StockTake, take_id, with_for_update={"read": True}, populate_existing=True)
    if take is None or take.status is not StockTakeStatus.OPEN:
        raise ClosedError(take_id)
    if key and not claim(session, StockScan(stock_take_id=take_id, key=f"{variant_id}-{key}")):
        return _counted(session, take_id, variant_id)
    written = upsert(session, StockCount).values(
        stock_take_id=take_id,
        variant_id=variant_id,
        counted=quantity,
        expected=level_at(session, variant_id, take.location_id).on_hand,
        counted_at=now(),
        actor=actor,
    )
    fresh = written.excluded
    changed: dict[str, Any] = {"counted_at": fresh.counted_at, "actor": fresh.actor}
    if adds:
        changed["counted"] = StockCount.counted + fresh.counted
    else:
        changed |= {"counted": fresh.counted, "expected": fresh.expected}
    saved = written.on_conflict_do_update(
        index_elements=[StockCount.stock_take_id, StockCount.variant_id], set_=changed
    ).returning(StockCount.counted)
    return session.execute(saved).scalar_one()


def _counted(session: Session, take_id: int, variant_id: int) -> int:
    found = session.get(StockCount, (take_id, variant_id), populate_existing=True)
    return found.counted if found else 0


def book(session: Session, take_id: int, reason: str, actor: str) -> int:
    """Adjust the stock by each difference, and close the stock take; return how many there were.

    Raises ClosedError where it is closed already, or RefusedError where fewer units were counted
    than are promised or unavailable; the caller rolls back then. Other stock takes that counted the
    same expect what is there now, so that none books the same difference again.
    """
    _wait_at(session, take_id, to_book=True)
    take = _closed(session, take_id, StockTakeStatus.BOOKED)
    differing = (
        select(StockCount.variant_id, Variant.sku, StockCount.counted - StockCount.expected)
        .join(Variant, Variant.id == StockCount.variant_id)
        .where(StockCount.stock_take_id == take_id, StockCount.counted != StockCount.expected)
        .order_by(StockCount.variant_id)  # so that two bookings cannot deadlock
    )
    found, refused = session.execute(differing).all(), []
    for variant_id, sku, difference in found:
        movement = StockMovement(
            variant_id=variant_id,
            location_id=take.location_id,
            reason=reason,
            reference=f"Stock take {take_id}",
            actor=actor,
        )
        try:
            shift(session, movement, MovementKind.ADJUSTED, difference)
        except OutOfStockError:
            refused.append(sku)
        _tell_others(session, take, variant_id, difference)
    if refused:
        raise RefusedError(refused)
    return len(found)


def drop(session: Session, take_id: int) -> None:
    """Close a stock take without changing any stock, or raise ClosedError."""
    _closed(session, take_id, StockTakeStatus.DROPPED)


def _wait_at(session: Session, take_id: int, *, to_book: bool) -> None:
    """Let one stock take of a location be booked at a time, and nothing be counted meanwhile."""
    of_take = select(StockTake.location_id).where(StockTake.id == take_id).scalar_subquery()
    at = select(Location.id).where(Location.id == of_take)
    session.execute(at.with_for_update(read=not to_book, key_share=to_book))


def _tell_others(session: Session, take: StockTake, variant_id: int, difference: int) -> None:
    others = select(StockTake.id).where(
        StockTake.location_id == take.location_id, StockTake.status == StockTakeStatus.OPEN
    )
    session.execute(
        update(StockCount)
        .where(StockCount.variant_id == variant_id, StockCount.stock_take_id.in_(others))
        .values(expected=StockCount.expected + difference)
        .execution_options(synchronize_session=False)
    )


def _closed(session: Session, take_id: int, status: StockTakeStatus) -> StockTake:
    closed = session.scalars(
        update(StockTake)
        .where(StockTake.id == take_id, StockTake.status == StockTakeStatus.OPEN)
        .values(status=status, closed_at=now())
        .returning(StockTake)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()
    if closed is None:
        raise ClosedError(take_id)
    return closed
