"""Payments: each attempt to pay an order, and the events that Stripe sent of them."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from models.base import Base, CreatedAt, Currency, Minor
from models.money import Money
from models.order import Order


class PaymentStatus(enum.StrEnum):
    """What is known of one attempt."""

    OPEN = "open"  # a Stripe session exists or is being asked for; it can still be paid
    PROCESSING = "processing"  # the buyer is done, the money comes later
    PAID = "paid"
    FAILED = "failed"
    EXPIRED = "expired"


class Payment(CreatedAt, Base):
    """One Stripe Checkout session for one order.

    key: the idempotency key sent to Stripe, made of order number and attempt, so that asking
    again gives the same session. amount: what was asked for.
    """

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("order_id", "attempt"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    attempt: Mapped[int] = mapped_column(default=1)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    status: Mapped[PaymentStatus] = mapped_column(default=PaymentStatus.OPEN, index=True)
    amount: Mapped[Money] = composite(
        mapped_column("amount_minor", Minor), mapped_column("currency", Currency)
    )
    session_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    payment_intent_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    url: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(lazy="raise_on_sql")


class WebhookEvent(CreatedAt, Base):
    """An event of Stripe's that was taken in; its unique id makes a repetition harmless."""

    __tablename__ = "webhook_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(255), unique=True)
    type: Mapped[str] = mapped_column(String(120))
    object_id: Mapped[str] = mapped_column(String(255), default="")
    outcome: Mapped[str] = mapped_column(String(200), default="")
