"""Stock as a ledger: what is there, what is promised, and every change of it."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, CreatedAt, now


class OutOfStockError(Exception):
    """Fewer units are available than were asked for."""

    def __init__(self, variant_id: int, quantity: int) -> None:
        """Remember which variant, and how many units were asked for."""
        super().__init__(f"variant {variant_id}: {quantity} not available")
        self.variant_id = variant_id
        self.quantity = quantity


class Stock(Base):
    """How many units of a variant there are.

    on_hand: in the house, promised ones included. reserved: promised to open orders.
    incoming: on their way to us. Available is on hand less reserved.
    """

    __tablename__ = "stock"
    __table_args__ = (
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        CheckConstraint("on_hand >= reserved", name="on_hand_covers_reserved"),
        CheckConstraint("incoming >= 0", name="incoming_not_negative"),
    )

    variant_id: Mapped[int] = mapped_column(
        ForeignKey("variants.id", ondelete="CASCADE"), primary_key=True
    )
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    incoming: Mapped[int] = mapped_column(default=0)

    @property
    def available(self) -> int:
        """Units that can be sold now."""
        return self.on_hand - self.reserved


class MovementKind(enum.StrEnum):
    """Why stock changed."""

    RECEIVED = "received"
    ADJUSTED = "adjusted"
    RESERVED = "reserved"
    RELEASED = "released"
    SOLD = "sold"


class StockMovement(CreatedAt, Base):
    """A line of the ledger; never changed, and deleted only with a variant never ordered.

    The sum of a variant's ``on_hand`` and ``reserved`` changes is its Stock.
    """

    __tablename__ = "stock_movements"
    __table_args__ = (Index("ix_stock_movements_variant_id_id", "variant_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    kind: Mapped[MovementKind]
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(300), default="")
    actor: Mapped[str] = mapped_column(String(254))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)


class ReservationState(enum.StrEnum):
    """Whether units are still promised, and what came of the promise."""

    HELD = "held"
    SOLD = "sold"
    RELEASED = "released"


class Reservation(CreatedAt, Base):
    """Units promised to one order until ``expires_at``; None promises them until it is settled."""

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
    state: Mapped[ReservationState] = mapped_column(default=ReservationState.HELD)
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


def move(session: Session, movement: StockMovement) -> None:
    """Apply a movement by one conditional UPDATE and write it to the ledger.

    movement: on_hand and reserved are signed changes in units. Raises OutOfStockError, and
    changes nothing, where fewer units than needed are available (or reserved, for a release).
    """
    movement.on_hand, movement.reserved = movement.on_hand or 0, movement.reserved or 0
    on_hand, reserved = Stock.on_hand + movement.on_hand, Stock.reserved + movement.reserved
    moved = session.execute(
        update(Stock)
        .where(Stock.variant_id == movement.variant_id, on_hand >= reserved, reserved >= 0)
        .values(on_hand=on_hand, reserved=reserved)
        .returning(Stock.variant_id)
        .execution_options(synchronize_session=False)
    )
    if moved.scalar_one_or_none() is None:
        raise OutOfStockError(movement.variant_id, max(movement.reserved, -movement.on_hand))
    session.add(movement)


def reserve(session: Session, reservation: Reservation, *, actor: str) -> None:
    """Promise units to an order, or raise OutOfStockError.

    Callers reserve several variants in ascending order of id, so that two cannot deadlock.
    """
    move(
        session,
        StockMovement(
            variant_id=reservation.variant_id,
            kind=MovementKind.RESERVED,
            reserved=reservation.quantity,
            actor=actor,
            order_id=reservation.order_id,
        ),
    )
    session.add(reservation)


def end_reservations(
    session: Session, order_id: int, *, sold: bool, actor: str, reason: str = ""
) -> int:
    """Sell or give back what an order holds; return how many units that were.

    Each reservation ends exactly once: a second call, from whatever process, finds none held.
    """
    state = ReservationState.SOLD if sold else ReservationState.RELEASED
    held = session.execute(
        update(Reservation)
        .where(Reservation.order_id == order_id, Reservation.state == ReservationState.HELD)
        .values(state=state, ended_at=now())
        .returning(Reservation.variant_id, Reservation.quantity)
        .execution_options(synchronize_session=False)
    ).all()
    for variant_id, quantity in sorted(tuple(row) for row in held):
        move(
            session,
            StockMovement(
                variant_id=variant_id,
                kind=MovementKind.SOLD if sold else MovementKind.RELEASED,
                on_hand=-quantity if sold else 0,
                reserved=-quantity,
                reason=reason,
                actor=actor,
                order_id=order_id,
            ),
        )
    return sum(row.quantity for row in held)


def set_on_hand(session: Session, variant_id: int, on_hand: int, *, reason: str, actor: str) -> int:
    """Record a count: make ``on_hand`` (>= 0) what the ledger says; return the change.

    Raises OutOfStockError where fewer were counted than are reserved; nothing has changed then.
    The row is locked between reading and writing (SQLite locks the whole database).
    """
    stock = session.get_one(Stock, variant_id, with_for_update=True, populate_existing=True)
    change = on_hand - stock.on_hand
    if change:
        adjust(session, variant_id, change, reason=reason, actor=actor)
    return change


def adjust(session: Session, variant_id: int, change: int, *, reason: str, actor: str) -> None:
    """Add (or, negative, take away) units on hand with a reason, or raise OutOfStockError."""
    move(
        session,
        StockMovement(
            variant_id=variant_id,
            kind=MovementKind.ADJUSTED,
            on_hand=change,
            reason=reason,
            actor=actor,
        ),
    )
