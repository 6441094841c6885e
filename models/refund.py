"""Money that goes back: refunds, and payments that a buyer's bank disputes."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from models.base import Base, CreatedAt, Currency, Minor
from models.money import Money
from models.payment import Payment


class RefundStatus(enum.StrEnum):
    """What is known of a refund. Source: docs.stripe.com/refunds, but for the first."""

    REQUESTED = "requested"  # written here; Stripe has not answered yet
    PENDING = "pending"  # neither done nor failed
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"


# Those whose money is back, or may still get there.
COUNTED = frozenset({RefundStatus.REQUESTED, RefundStatus.PENDING, RefundStatus.SUCCEEDED})


SHOP = "shop"  # the actor of refunds that nobody asked for


class Refund(CreatedAt, Base):
    """Money given back of one payment.

    key: the idempotency key sent to Stripe; the same key is one refund. refund_id: Stripe's name
    of it, None until Stripe has answered. reason: for the buyer's statement; note: for staff.
    actor: who asked for it.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        Index("ix_refunds_created_at", "created_at"),
        # Reports add up what went back on each day from this index alone.
        Index("ix_refunds_status", "status", "created_at", "currency", "amount_minor"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), index=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    refund_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    status: Mapped[RefundStatus] = mapped_column(default=RefundStatus.REQUESTED)
    amount: Mapped[Money] = composite(
        mapped_column("amount_minor", Minor), mapped_column("currency", Currency)
    )
    reason: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    failure: Mapped[str] = mapped_column(String(200), default="")
    actor: Mapped[str] = mapped_column(String(254))
    settled_at: Mapped[datetime | None]

    payment: Mapped[Payment] = relationship(lazy="raise_on_sql")
    lines: Mapped[list["RefundLine"]] = relationship(
        order_by="RefundLine.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )

    @property
    def is_automatic(self) -> bool:
        """Whether the shop gave back by itself what should not have come."""
        return self.actor == SHOP


class RefundLine(Base):
    """Units of an order's line whose money goes back.

    cancelled: those that had not left; is_restocked: they are on the shelf again.
    """

    __tablename__ = "refund_lines"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("cancelled BETWEEN 0 AND quantity", name="cancelled_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    refund_id: Mapped[int] = mapped_column(ForeignKey("refunds.id"), index=True)
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_lines.id"), index=True)
    quantity: Mapped[int]
    cancelled: Mapped[int] = mapped_column(default=0)
    is_restocked: Mapped[bool] = mapped_column(default=False)


class Dispute(CreatedAt, Base):
    """A payment that the buyer's bank wants back.

    status: Stripe's word, such as ``needs_response``, ``won`` or ``lost``. taken_minor: what
    Stripe took of our balance for it and has not given back. due_at: until when staff can answer.
    """

    __tablename__ = "disputes"
    __table_args__ = (CheckConstraint("taken_minor >= 0", name="taken_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    dispute_id: Mapped[str] = mapped_column(String(255), unique=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payments.id"), index=True)
    status: Mapped[str] = mapped_column(String(40))
    amount: Mapped[Money] = composite(
        mapped_column("amount_minor", Minor), mapped_column("currency", Currency)
    )
    taken_minor: Mapped[int] = mapped_column(Minor, default=0)
    reason: Mapped[str] = mapped_column(String(60), default="")
    due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    payment: Mapped[Payment] = relationship(lazy="raise_on_sql")

    @property
    def is_open(self) -> bool:
        """Whether it is not decided yet."""
        return self.closed_at is None
