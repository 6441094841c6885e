"""The outbox: mails written in the transaction that causes them, sent afterwards."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt, partial_index


class Mail(CreatedAt, Base):
    """A mail to one person, as text and HTML.

    key: says what it is about, such as ``order_paid:QL-…``; unique, so that whatever is told
    twice is mailed once. template: the name of the letter that it was written as. headers: what it
    has beside the usual ones. bounce: why it came back.
    """

    __tablename__ = "mails"
    __table_args__ = (
        # Few come back: an index of all would draw SQLite away from that of what was not sent.
        partial_index("ix_mails_bounced_at", "bounced_at", "bounced_at IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200), unique=True)
    template: Mapped[str] = mapped_column(String(60), default="", index=True)
    recipient: Mapped[str] = mapped_column(String(254), index=True)
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    subscriber_id: Mapped[int | None] = mapped_column(
        ForeignKey("subscribers.id", ondelete="SET NULL"), index=True
    )
    sequence_mail_id: Mapped[int | None] = mapped_column(
        ForeignKey("sequence_mails.id", ondelete="SET NULL"), index=True
    )
    bounced_at: Mapped[datetime | None]
    bounce: Mapped[str] = mapped_column(String(300), default="")
