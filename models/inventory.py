"""Stock as a ledger: what is there, what is promised, and every change of it."""

import enum
from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, CreatedAt
from models.once import upsert

FIGURES = ("on_hand", "reserved", "unavailable", "backordered", "incoming")
FIGURES_AT = ("on_hand", "reserved", "unavailable", "incoming")  # of one location


class OutOfStockError(Exception):
    """Fewer units are there than were asked for."""

    def __init__(self, variant_id: int, quantity: int) -> None:
        """Remember which variant, and how many units were asked for."""
        super().__init__(f"variant {variant_id}: {quantity} not available")
        self.variant_id = variant_id
        self.quantity = quantity


class Location(CreatedAt, Base):
    """A place where stock lies.

    position: orders are served from the first that has the units. is_active: new stock may come,
    and orders are served from it. prefix: begins the names of its shelves.
    """

    __tablename__ = "locations"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120), unique=True)
    address: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)


class StockLevel(Base):
    """What of a variant's stock lies at one location; the sums of a variant are its Stock.

    What is backordered lies nowhere, and is not here.
    """

    __tablename__ = "stock_levels"
    __table_args__ = (
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        CheckConstraint("unavailable >= 0", name="unavailable_not_negative"),
        CheckConstraint("incoming >= 0", name="incoming_not_negative"),
        CheckConstraint("on_hand >= reserved + unavailable", name="on_hand_covers_promises"),
    )

    variant_id: Mapped[int] = mapped_column(
        ForeignKey("variants.id", ondelete="CASCADE"), primary_key=True
    )
    location_id: Mapped[int] = mapped_column(
        ForeignKey("locations.id"), primary_key=True, index=True
    )
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    unavailable: Mapped[int] = mapped_column(default=0)
    incoming: Mapped[int] = mapped_column(default=0)


class Stock(Base):
    """How many units of a variant there are.

    on_hand: in the house, promised and unavailable ones included. reserved: promised to open
    orders. unavailable: damaged, or held back to be looked at. backordered: sold, but to be
    delivered from what comes next. incoming: on their way to us.
    """

    __tablename__ = "stock"
    __table_args__ = (
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        CheckConstraint("unavailable >= 0", name="unavailable_not_negative"),
        CheckConstraint("backordered >= 0", name="backordered_not_negative"),
        CheckConstraint("incoming >= 0", name="incoming_not_negative"),
        CheckConstraint("on_hand >= reserved + unavailable", name="on_hand_covers_promises"),
    )

    variant_id: Mapped[int] = mapped_column(
        ForeignKey("variants.id", ondelete="CASCADE"), primary_key=True
    )
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    unavailable: Mapped[int] = mapped_column(default=0)
    backordered: Mapped[int] = mapped_column(default=0)
    incoming: Mapped[int] = mapped_column(default=0)

    @property
    def available(self) -> int:
        """Units that can be sold now; negative where more are backordered than are free."""
        return self.on_hand - self.reserved - self.unavailable - self.backordered


# The same sum for statements.
AVAILABLE = Stock.on_hand - Stock.reserved - Stock.unavailable - Stock.backordered


class MovementKind(enum.StrEnum):
    """Why stock changed."""

    EXPECTED = "expected"  # a delivery was ordered, or (negative) will not come
    RECEIVED = "received"
    ADJUSTED = "adjusted"
    RESERVED = "reserved"
    BACKORDERED = "backordered"
    RELEASED = "released"
    SOLD = "sold"
    RETURNED = "returned"
    DAMAGED = "damaged"
    QUALITY_HOLD = "quality hold"
    PUT_BACK = "put back"
    WRITTEN_OFF = "written off"
    TRANSFERRED = "transferred"  # from one location to another: a line for each


# What one unit of a movement that a person makes changes. A receipt also ends what was expected.
PER_UNIT: Mapping[MovementKind, Mapping[str, int]] = MappingProxyType(
    {
        MovementKind.EXPECTED: {"incoming": 1},
        MovementKind.RECEIVED: {"on_hand": 1},
        MovementKind.ADJUSTED: {"on_hand": 1},
        MovementKind.DAMAGED: {"unavailable": 1},
        MovementKind.QUALITY_HOLD: {"unavailable": 1},
        MovementKind.PUT_BACK: {"unavailable": -1},
        MovementKind.WRITTEN_OFF: {"on_hand": -1, "unavailable": -1},
    }
)


class StockMovement(CreatedAt, Base):
    """A line of the ledger; never changed, and deleted only with a variant never ordered.

    The sums of a variant's five figures are its Stock. location_id: where; None for what lies
    nowhere, as what is backordered. reference: what it belongs to outside of
    the shop, such as a delivery note.
    """

    __tablename__ = "stock_movements"
    __table_args__ = (
        Index("ix_stock_movements_variant_id_id", "variant_id", "id"),
        Index("ix_stock_movements_kind_created_at", "kind", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"))
    location_id: Mapped[int | None] = mapped_column(ForeignKey("locations.id"), index=True)
    kind: Mapped[MovementKind]
    on_hand: Mapped[int] = mapped_column(default=0)
    reserved: Mapped[int] = mapped_column(default=0)
    unavailable: Mapped[int] = mapped_column(default=0)
    backordered: Mapped[int] = mapped_column(default=0)
    incoming: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(300), default="")
    reference: Mapped[str] = mapped_column(String(120), default="")
    actor: Mapped[str] = mapped_column(String(254))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)


def move(session: Session, movement: StockMovement) -> None:
    """Apply a movement by one conditional UPDATE and write it to the ledger.

    movement: its five figures are signed changes in units. Raises OutOfStockError, and changes
    nothing, where fewer units than needed are there: a reservation needs available ones, any
    other movement must leave the promised and the unavailable ones covered.
    """
    changes = {figure: getattr(movement, figure) or 0 for figure in FIGURES}
    after = {figure: getattr(Stock, figure) + change for figure, change in changes.items()}
    free = after["on_hand"] - after["reserved"] - after["unavailable"]
    if movement.kind is MovementKind.RESERVED:
        free = free - after["backordered"]
    moved = session.execute(
        update(Stock)
        .where(
            Stock.variant_id == movement.variant_id,
            free >= 0,
            *(after[figure] >= 0 for figure in FIGURES if changes[figure] < 0),
        )
        .values({figure: after[figure] for figure in FIGURES if changes[figure]})
        .returning(Stock.variant_id)
        .execution_options(synchronize_session=False)
    )
    if moved.scalar_one_or_none() is None:
        raise OutOfStockError(movement.variant_id, max(map(abs, changes.values())))
    session.add(movement)


def locked(session: Session, variant_id: int) -> Stock:
    """Return a variant's stock, its row locked; written first where there is none."""
    found = session.get(Stock, variant_id, with_for_update=True, populate_existing=True)
    if found is None:
        written = upsert(session, Stock).values(variant_id=variant_id)
        session.execute(written.on_conflict_do_nothing())
        found = session.get_one(Stock, variant_id, with_for_update=True, populate_existing=True)
    return found


def set_on_hand(session: Session, variant_id: int, on_hand: int, *, reason: str, actor: str) -> int:
    """Record a count: make ``on_hand`` (>= 0) what the ledger says; return the change.

    Raises OutOfStockError where fewer were counted than are reserved or unavailable; nothing has
    changed then. The row is locked between reading and writing (SQLite locks the whole database).
    """
    change = on_hand - locked(session, variant_id).on_hand
    if change:
        adjust(session, variant_id, change, reason=reason, actor=actor)
    return change


def adjust(session: Session, variant_id: int, change: int, *, reason: str, actor: str) -> None:
    """Add (or, negative, take away) units on hand with a reason, or raise OutOfStockError."""
    movement = StockMovement(variant_id=variant_id, reason=reason, actor=actor)
    shift(session, movement, MovementKind.ADJUSTED, change)


def shift(session: Session, movement: StockMovement, kind: MovementKind, quantity: int) -> None:
    """Move units as ``PER_UNIT`` says of the kind, or raise OutOfStockError and change nothing.

    quantity: units; negative takes back, where the kind allows it. Fewer than are reserved or
    unavailable never stay on hand, and what was set aside or expected is never less than none.
    """
    movement.kind = kind
    for figure, change in PER_UNIT[kind].items():
        setattr(movement, figure, change * quantity)
    move(session, movement)


def receive(session: Session, movement: StockMovement, quantity: int) -> None:
    """Take in a delivery (> 0 units); what of it was expected is so no more."""
    movement.incoming = -min(locked(session, movement.variant_id).incoming, quantity)
    shift(session, movement, MovementKind.RECEIVED, quantity)
