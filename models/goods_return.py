"""Returns: units that come back, from the first word of it to the shelf and the money."""

import enum
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CreatedAt
from models.catalog import Variant
from models.order import Order
from models.order_line import OrderLine


class ReturnStatus(enum.StrEnum):
    """How far a return has come."""

    REQUESTED = "requested"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    RECEIVED = "received"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"  # by the buyer, before anything came


# That an exchange waits for what comes back for it, from when the return was accepted.
EXCHANGE_KEPT_FOR = timedelta(days=30)
ENDED_EARLY = (ReturnStatus.DECLINED, ReturnStatus.WITHDRAWN)  # nothing comes back with these


class Return(CreatedAt, Base):
    """Units of one order that a buyer sends back.

    note: for staff. words: the buyer's own. answer: what staff say to her with their decision.
    refund_id: the money's way. key: names the form by which she asked, so that two clicks are one
    return. label_key: names the file that staff added for the parcel, of ``label_type``.
    exchange_id: the order by which other variants go out instead of money.
    """

    __tablename__ = "returns"

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    status: Mapped[ReturnStatus] = mapped_column(default=ReturnStatus.REQUESTED, index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text, default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    actor: Mapped[str] = mapped_column(String(254))
    key: Mapped[str | None] = mapped_column(String(80), unique=True)
    label_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    label_type: Mapped[str] = mapped_column(String(40), default="")
    exchange_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), unique=True)
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"), unique=True)
    decided_at: Mapped[datetime | None]
    received_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(lazy="raise_on_sql", foreign_keys=[order_id])
    exchange: Mapped[Order | None] = relationship(lazy="raise_on_sql", foreign_keys=[exchange_id])
    lines: Mapped[list["ReturnLine"]] = relationship(
        order_by="ReturnLine.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class ReturnLine(Base):
    """Units of an order's line that come back. restocked and discarded: of what was received.

    exchange_variant_id: of the same product, what the buyer wants instead of the money.
    """

    __tablename__ = "return_lines"
    __table_args__ = (
        UniqueConstraint("return_id", "order_line_id"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(
            "restocked >= 0 AND discarded >= 0 AND restocked + discarded <= quantity",
            name="received_in_range",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    return_id: Mapped[int] = mapped_column(ForeignKey("returns.id", ondelete="CASCADE"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    quantity: Mapped[int]
    restocked: Mapped[int] = mapped_column(default=0)
    discarded: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(300), default="")
    exchange_variant_id: Mapped[int | None] = mapped_column(ForeignKey("variants.id"), index=True)

    exchange_variant: Mapped[Variant | None] = relationship(lazy="raise_on_sql")
    line: Mapped[OrderLine] = relationship(lazy="raise_on_sql")
