"""Tables of stock: how many units there are, where they lie, and each change of it."""

import enum
from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt

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

    @hybrid_property
    def free(self) -> int:
        """Units on hand that are neither promised nor unavailable."""
        return self.on_hand - self.reserved - self.unavailable


class Stock(Base):
    """How many units of a variant there are.

    on_hand: in the house, promised and unavailable ones included. reserved: promised to open
    orders. unavailable: damaged, or held back to be looked at. backordered: sold, but to be
    delivered from what comes next. incoming: on their way to us. called: free units of which
    somebody who waited was mailed; none any more once it is sold out.
    """

    __tablename__ = "stock"
    __table_args__ = (
        CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        CheckConstraint("unavailable >= 0", name="unavailable_not_negative"),
        CheckConstraint("backordered >= 0", name="backordered_not_negative"),
        CheckConstraint("incoming >= 0", name="incoming_not_negative"),
        CheckConstraint("called >= 0", name="called_not_negative"),
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
    called: Mapped[int] = mapped_column(default=0)

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
