"""Reservations: units promised to one order, and what comes of the promise."""

import enum
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, CreatedAt, now
from models.inventory import MovementKind, Stock, StockMovement, move, moved
from models.writing import write


class ReservationState(enum.StrEnum):
    """Whether units are still promised, and what came of the promise."""

    HELD = "held"
    SOLD = "sold"
    RELEASED = "released"


class Reservation(CreatedAt, Base):
    """Units promised to one order until ``expires_at``; None promises them until it is settled.

    is_backorder: they are delivered from what comes next, and stay held until they ship.
    delivered: units of a backorder that shipped before the rest, which ``quantity`` is.
    """

    __tablename__ = "reservations"
    __table_args__ = (
        UniqueConstraint("order_id", "variant_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        Index("ix_reservations_state_expires_at", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    quantity: Mapped[int]
    is_backorder: Mapped[bool] = mapped_column(default=False)
    delivered: Mapped[int] = mapped_column(default=0)
    state: Mapped[ReservationState] = mapped_column(default=ReservationState.HELD)
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


def lock_units(session: Session, order_id: int | None, units: Collection[int]) -> None:
    """Lock the stock of what an order holds, and of further variants, in the order of their ids.

    For who moves units in more than one pass, since a second pass may ask for what somebody holds
    who waits for the first. The order, where there is one, is locked before.
    """
    held = select(Reservation.variant_id).where(
        Reservation.order_id == order_id, Reservation.state == ReservationState.HELD
    )
    rows = select(Stock.variant_id).where(
        or_(Stock.variant_id.in_(held), Stock.variant_id.in_(units))
    )
    session.execute(rows.order_by(Stock.variant_id).with_for_update(key_share=True)).all()


def reserve(session: Session, *reservations: Reservation, actor: str) -> None:
    """Promise units to an order, or raise OutOfStockError; a backorder is promised always.

    The caller rolls back then. Units are taken in ascending order of variants, so that two cannot
    deadlock; the rows that tell of it are written together.
    """
    ordered = sorted(reservations, key=lambda it: it.variant_id)
    write(session, [line for it in ordered for line in _promised(session, it, actor)])
    write(session, ordered)


def _promised(session: Session, reservation: Reservation, actor: str) -> list[StockMovement]:
    """Take the units of a reservation; return the ledger's lines of it."""
    promised = "backordered" if reservation.is_backorder else "reserved"
    kind = MovementKind.BACKORDERED if reservation.is_backorder else MovementKind.RESERVED
    movement = StockMovement(
        variant_id=reservation.variant_id,
        kind=kind,
        actor=actor,
        order_id=reservation.order_id,
        **{promised: reservation.quantity},
    )
    return moved(session, movement)


def sell(session: Session, order_id: int, *, actor: str) -> int:
    """Take what a paid order holds off the shelf; return how many units that were.

    What it has on backorder stays promised until it ships.
    """
    return _end(session, order_id, MovementKind.SOLD, actor=actor)


def deliver_backorders(
    session: Session, order_id: int, units: Mapping[int, int], *, actor: str
) -> None:
    """Take what ships of an order and is on backorder off the shelf.

    units: how many of which variant ship; those that were there when it was paid have left the
    shelf already. Raises OutOfStockError where they have not come yet; the caller rolls back.
    """
    for variant_id, quantity in sorted(units.items()):
        held = _backorder(session, order_id, variant_id)
        if held is None:
            continue
        leaving = min(quantity, held.quantity)
        sold = StockMovement(
            variant_id=variant_id,
            kind=MovementKind.SOLD,
            on_hand=-leaving,
            backordered=-leaving,
            actor=actor,
            order_id=order_id,
        )
        move(session, sold)
        if leaving == held.quantity:
            held.state, held.ended_at = ReservationState.SOLD, now()
        else:
            held.quantity -= leaving
            held.delivered += leaving


def release(session: Session, order_id: int, *, actor: str, reason: str = "") -> int:
    """Give back all that an order holds, backorders too; return how many units that were."""
    return _end(session, order_id, MovementKind.RELEASED, actor=actor, reason=reason)


def _end(
    session: Session, order_id: int, kind: MovementKind, *, actor: str, reason: str = ""
) -> int:
    """End reservations, each exactly once: a second call, of whatever process, finds none held.

    What is on backorder is not sold by that.
    """
    is_sold = kind is MovementKind.SOLD
    state = ReservationState.SOLD if is_sold else ReservationState.RELEASED
    ending = update(Reservation).where(
        Reservation.order_id == order_id, Reservation.state == ReservationState.HELD
    )
    if is_sold:
        ending = ending.where(Reservation.is_backorder.is_(False))
    held = session.execute(
        ending.values(state=state, ended_at=now())
        .returning(Reservation.variant_id, Reservation.quantity, Reservation.is_backorder)
        .execution_options(synchronize_session=False)
    ).all()
    for variant_id, quantity, is_backorder in sorted(tuple(row) for row in held):
        promised = "backordered" if is_backorder else "reserved"
        movement = StockMovement(
            variant_id=variant_id,
            kind=kind,
            on_hand=-quantity if is_sold else 0,
            reason=reason,
            actor=actor,
            order_id=order_id,
            **{promised: -quantity},
        )
        move(session, movement)
    return sum(row.quantity for row in held)


def take_back(  # noqa: PLR0913 (who and why belong to every movement)
    session: Session,
    order_id: int,
    units: Mapping[int, int],
    *,
    actor: str,
    reason: str,
    restock: bool = True,
) -> None:
    """Let a paid order give units back: those still backordered are no longer owed.

    units: how many of which variant. restock: the others are put back on the shelf. The caller
    sees to it that no more come back than were sold.
    """
    for variant_id, quantity in sorted(units.items()):
        owed = _no_longer_owed(session, order_id, variant_id, quantity, actor, reason)
        if restock and quantity > owed:
            put_back(session, order_id, {variant_id: quantity - owed}, actor=actor, reason=reason)


def put_back(
    session: Session, order_id: int, units: Mapping[int, int], *, actor: str, reason: str
) -> None:
    """Put units that an order had taken off the shelf back on it; how many of which variant.

    The caller sees to it that no more come back than were sold.
    """
    for variant_id, quantity in sorted(units.items()):
        back = StockMovement(
            variant_id=variant_id,
            kind=MovementKind.RETURNED,
            on_hand=quantity,
            reason=reason,
            actor=actor,
            order_id=order_id,
        )
        move(session, back)


def _no_longer_owed(  # noqa: PLR0913, PLR0917 (a part of take_back)
    session: Session, order_id: int, variant_id: int, quantity: int, actor: str, reason: str
) -> int:
    """Take up to ``quantity`` units off the order's backorder; return how many it had."""
    held = _backorder(session, order_id, variant_id)
    if held is None:
        return 0
    units = min(quantity, held.quantity)
    if units == held.quantity:
        held.state, held.ended_at = ReservationState.RELEASED, now()
    else:
        held.quantity -= units
    less = StockMovement(
        variant_id=variant_id,
        kind=MovementKind.RELEASED,
        backordered=-units,
        reason=reason,
        actor=actor,
        order_id=order_id,
    )
    move(session, less)
    return units


def _backorder(session: Session, order_id: int, variant_id: int) -> Reservation | None:
    """Return what an order still waits for of a variant, its row locked."""
    return session.scalars(
        select(Reservation)
        .where(
            Reservation.order_id == order_id,
            Reservation.variant_id == variant_id,
            Reservation.state == ReservationState.HELD,
            Reservation.is_backorder,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
