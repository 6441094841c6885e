"""The newsletter: subscribers with the proof of their consent, and sequences of mails."""

import enum
import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CreatedAt, Handle
from models.language import Speaks


class SubscriberStatus(enum.StrEnum):
    """Whether mails may go to an address: only where it is confirmed."""

    PENDING = "pending"
    CONFIRMED = "confirmed"
    UNSUBSCRIBED = "unsubscribed"
    BOUNCED = "bounced"


class Subscriber(Speaks, CreatedAt, Base):
    """Somebody who asked for mails, by an address in lower case.

    secret: what her links are made with. topics: what she wants to get. paused_until: no mail
    goes to her before.
    """

    __tablename__ = "subscribers"
    __table_args__ = (
        Index("ix_subscribers_created_at", "created_at", "email"),
        Index("ix_subscribers_status", "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    status: Mapped[SubscriberStatus] = mapped_column(default=SubscriberStatus.PENDING)
    secret: Mapped[str] = mapped_column(
        String(64), unique=True, default=lambda: secrets.token_urlsafe(32)
    )
    topics: Mapped[list[str]] = mapped_column(default=list)
    paused_until: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    unsubscribed_at: Mapped[datetime | None]
    bounced_at: Mapped[datetime | None]
    bounce_count: Mapped[int] = mapped_column(default=0)

    enrolments: Mapped[list["Enrolment"]] = relationship(
        order_by="Enrolment.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class ConsentAct(enum.StrEnum):
    """What somebody did about her consent."""

    ASKED = "asked"
    GIVEN = "given"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


class Consent(CreatedAt, Base):
    """The proof of one act of consent: when (created_at), on which page, before which words.

    origin: keyed digest of the address that it came from.
    """

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(
        ForeignKey("subscribers.id", ondelete="CASCADE"), index=True
    )
    act: Mapped[ConsentAct]
    page: Mapped[str] = mapped_column(String(300), default="")
    words: Mapped[str] = mapped_column(Text, default="")
    origin: Mapped[str] = mapped_column(String(64), default="")


class SequenceTrigger(enum.StrEnum):
    """What happens in the shop that begins a sequence."""

    CONFIRMED = "newsletter confirmed"
    PAID = "order paid"
    SHIPPED = "order shipped"
    DELIVERED = "order delivered"
    ACCOUNT = "account opened"


class Sequence(CreatedAt, Base):
    """Mails that follow each other. stops_on: what ends it early for one who gets it."""

    __tablename__ = "sequences"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(Handle, unique=True)
    title: Mapped[str] = mapped_column(String(200))
    trigger: Mapped[SequenceTrigger]
    topic: Mapped[str] = mapped_column(String(40), default="")
    stops_on: Mapped[list[str]] = mapped_column(default=list)
    is_active: Mapped[bool] = mapped_column(default=False)

    mails: Mapped[list["SequenceMail"]] = relationship(
        order_by="SequenceMail.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class SequenceMail(Base):
    """One mail of a sequence. delay_hours: after the mail before it, or after the trigger."""

    __tablename__ = "sequence_mails"
    __table_args__ = (
        UniqueConstraint("sequence_id", "position"),
        CheckConstraint("delay_hours >= 0", name="delay_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence_id: Mapped[int] = mapped_column(ForeignKey("sequences.id", ondelete="CASCADE"))
    position: Mapped[int]
    delay_hours: Mapped[int] = mapped_column(default=72)
    subject: Mapped[str] = mapped_column(String(200))
    body_markdown: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    renderer: Mapped[str] = mapped_column(String(40), default="")


class Enrolment(CreatedAt, Base):
    """A subscriber on her way through a sequence. next_at: when the mail at next_position is due.

    end_reason: why it ended: ``done``, ``bought``, ``unsubscribed``, ``bounced``, ``stopped``.
    """

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("subscriber_id", "sequence_id"),
        Index("ix_enrolments_ended_at_next_at", "ended_at", "next_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subscriber_id: Mapped[int] = mapped_column(ForeignKey("subscribers.id", ondelete="CASCADE"))
    sequence_id: Mapped[int] = mapped_column(
        ForeignKey("sequences.id", ondelete="CASCADE"), index=True
    )
    next_position: Mapped[int] = mapped_column(default=1)
    next_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(40), default="")

    subscriber: Mapped[Subscriber] = relationship(viewonly=True, lazy="raise_on_sql")
    sequence: Mapped[Sequence] = relationship(lazy="raise_on_sql")
