"""Mails that go only to who wants them: what a cart may be reminded of, and what was stopped."""

import enum
import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt
from models.language import Speaks

MOST_REMINDERS = 2  # of one cart


class CartReminder(Speaks, CreatedAt, Base):
    """Where one cart may be reminded of, once its asking is confirmed; one for each cart.

    key: what its links are signed of. asked_key: of the link that confirms the last asking, None
    where none is open. sent: how many mails went. stopped_at: from when on none may go.
    """

    __tablename__ = "cart_reminders"
    __table_args__ = (
        CheckConstraint(f"sent BETWEEN 0 AND {MOST_REMINDERS}", name="sent_in_range"),
        Index("ix_cart_reminders_stopped_at_confirmed_at", "stopped_at", "confirmed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cart_id: Mapped[int] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"), unique=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    key: Mapped[str] = mapped_column(
        String(64), unique=True, default=lambda: secrets.token_urlsafe(24)
    )
    asked_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None]
    sent: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]


class Stoppable(enum.StrEnum):
    """Mails that an address can have no more of, by one click."""

    REVIEW_INVITATION = "review invitation"
    CART_REMINDER = "cart reminder"


class MailStop(CreatedAt, Base):
    """An address that gets no more mails of one kind."""

    __tablename__ = "mail_stops"

    email: Mapped[str] = mapped_column(String(254), primary_key=True)
    kind: Mapped[Stoppable] = mapped_column(primary_key=True)
