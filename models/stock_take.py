"""Stock takes: a location counted as a whole, and booked in one act."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CreatedAt, now
from models.catalog import Variant
from models.inventory import Location


class StockTakeStatus(enum.StrEnum):
    """Whether a stock take is still counted."""

    OPEN = "open"
    BOOKED = "booked"
    DROPPED = "dropped"


class StockTake(CreatedAt, Base):
    """A count of what lies at a location."""

    __tablename__ = "stock_takes"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), index=True)
    status: Mapped[StockTakeStatus] = mapped_column(default=StockTakeStatus.OPEN)
    actor: Mapped[str] = mapped_column(String(254))
    closed_at: Mapped[datetime | None]

    location: Mapped[Location] = relationship(lazy="raise_on_sql")
    counts: Mapped[list["StockCount"]] = relationship(
        order_by="StockCount.counted_at.desc()", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class StockCount(Base):
    """What was counted of one variant.

    expected: on hand there when it was counted first, with what other stock takes booked since.
    """

    __tablename__ = "stock_counts"
    __table_args__ = (CheckConstraint("counted >= 0", name="counted_not_negative"),)

    stock_take_id: Mapped[int] = mapped_column(
        ForeignKey("stock_takes.id", ondelete="CASCADE"), primary_key=True
    )
    variant_id: Mapped[int] = mapped_column(
        ForeignKey("variants.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    counted: Mapped[int]
    expected: Mapped[int] = mapped_column(default=0)
    counted_at: Mapped[datetime] = mapped_column(default=now)
    actor: Mapped[str] = mapped_column(String(254))

    variant: Mapped[Variant] = relationship(lazy="raise_on_sql")


class StockScan(Base):
    """A scan that was counted: its variant, and a key made where it was scanned; each once."""

    __tablename__ = "stock_scans"

    stock_take_id: Mapped[int] = mapped_column(
        ForeignKey("stock_takes.id", ondelete="CASCADE"), primary_key=True
    )
    key: Mapped[str] = mapped_column(String(80), primary_key=True)
