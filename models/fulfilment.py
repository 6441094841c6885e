"""Parcels: what left the house for an order, and what is in each."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CreatedAt

BY_MAIL = "E-mail"  # the carrier of gift cards, whose codes are mailed


class Fulfilment(CreatedAt, Base):
    """A parcel that left: carrier and tracking number as staff entered them.

    lines: what is in it. delivered_at: when it was said to have arrived, None until then.
    """

    __tablename__ = "fulfilments"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    carrier: Mapped[str] = mapped_column(String(80), default="")
    tracking_number: Mapped[str] = mapped_column(String(80), default="")
    tracking_url: Mapped[str] = mapped_column(String(500), default="")
    actor: Mapped[str] = mapped_column(String(254))
    delivered_at: Mapped[datetime | None] = mapped_column(index=True)

    lines: Mapped[list["FulfilmentLine"]] = relationship(
        order_by="FulfilmentLine.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )

    @property
    def is_by_mail(self) -> bool:
        """Whether it is no parcel but gift cards, which arrive as codes."""
        return self.carrier == BY_MAIL


class FulfilmentLine(Base):
    """Units of an order's line in a parcel."""

    __tablename__ = "fulfilment_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        UniqueConstraint("fulfilment_id", "order_line_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    fulfilment_id: Mapped[int] = mapped_column(ForeignKey("fulfilments.id", ondelete="CASCADE"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    quantity: Mapped[int]
