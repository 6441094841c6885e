"""Payments: each attempt to pay an order, and the events that Stripe sent of them."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from models.base import Base, CreatedAt, Currency, Minor, partial_index
from models.money import Money
from models.order import Order


class PaymentStatus(enum.StrEnum):
    """What is known of one attempt."""

    OPEN = "open"  # a Stripe session exists or is being asked for; it can still be paid
    PROCESSING = "processing"  # the buyer is done, the money comes later
    PAID = "paid"
    HELD = "held"  # money came, but not what was asked for: staff decide
    FAILED = "failed"
    EXPIRED = "expired"


class Payment(CreatedAt, Base):
    """One Stripe Checkout session for one order, or what a gift card pays of it.

    key: the idempotency key sent to Stripe, made of order number and attempt, so that asking
    again gives the same session. amount: what was asked for; captured_minor: what came, in
    ``captured_currency``; refunded_minor: what of it went back or is on its way. origin: a digest
    of the address it was begun from, to tell who tries many cards. gift_card_id: of the gift card
    that it is taken off; its attempt is 0 then, and Stripe knows nothing of it.
    """

    __tablename__ = "payments"
    __table_args__ = (
        UniqueConstraint("order_id", "attempt"),
        Index("ix_payments_status_created_at", "status", "created_at"),
        # Reports add up what came on each day from this index alone.
        Index(
            *("ix_payments_paid_at", "paid_at"),
            *("captured_currency", "captured_minor", "gift_card_id"),
        ),
        # So is what each order came to.
        Index(
            *("ix_payments_order_id", "order_id"),
            *("captured_currency", "captured_minor", "refunded_minor"),
        ),
        # Without those that no card paid: SQLite would rather look these up than a day.
        partial_index("ix_payments_gift_card_id", "gift_card_id", "gift_card_id IS NOT NULL"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        CheckConstraint("refunded_minor BETWEEN 0 AND captured_minor", name="refunded_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    attempt: Mapped[int] = mapped_column(default=1)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    status: Mapped[PaymentStatus] = mapped_column(default=PaymentStatus.OPEN, index=True)
    amount: Mapped[Money] = composite(
        mapped_column("amount_minor", Minor), mapped_column("currency", Currency)
    )
    captured_minor: Mapped[int] = mapped_column(Minor, default=0)
    captured_currency: Mapped[str | None] = mapped_column(Currency)
    refunded_minor: Mapped[int] = mapped_column(Minor, default=0)
    gift_card_id: Mapped[int | None] = mapped_column(ForeignKey("gift_cards.id"))
    origin: Mapped[str] = mapped_column(String(64), default="")
    session_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    payment_intent_id: Mapped[str | None] = mapped_column(String(255), unique=True)
    url: Mapped[str | None] = mapped_column(Text)
    expires_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(lazy="raise_on_sql")

    @property
    def captured(self) -> Money:
        """What came."""
        return Money(self.captured_minor, self.captured_currency or self.amount.currency)

    @property
    def refundable(self) -> Money:
        """What can still be given back."""
        return Money(
            self.captured_minor - self.refunded_minor,
            self.captured_currency or self.amount.currency,
        )


class WebhookEvent(CreatedAt, Base):
    """An event of Stripe's that was taken in; its unique id makes a repetition harmless."""

    __tablename__ = "webhook_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[str] = mapped_column(String(255), unique=True)
    type: Mapped[str] = mapped_column(String(120))
    object_id: Mapped[str] = mapped_column(String(255), default="")
    outcome: Mapped[str] = mapped_column(String(200), default="")
