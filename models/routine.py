"""Routines: several tutorials played one after another; and what a customer keeps of hers."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    String,
    Text,
    UniqueConstraint,
    select,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CreatedAt, Handle, now
from models.content import Page, Tutorial

MOST_PAIN = 10


class Routine(CreatedAt, Base):
    """Steps of several tutorials in one order: ``/routines/<handle>``."""

    __tablename__ = "routines"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(Handle, unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    body_markdown: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    renderer: Mapped[str] = mapped_column(String(40), default="")
    position: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    parts: Mapped[list["RoutinePart"]] = relationship(
        order_by="RoutinePart.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class RoutinePart(Base):
    """What a routine takes of one tutorial. steps: positions of its steps; none takes them all."""

    __tablename__ = "routine_parts"

    id: Mapped[int] = mapped_column(primary_key=True)
    routine_id: Mapped[int] = mapped_column(
        ForeignKey("routines.id", ondelete="CASCADE"), index=True
    )
    tutorial_id: Mapped[int] = mapped_column(
        ForeignKey("tutorials.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    steps: Mapped[list[int]] = mapped_column(default=list)

    tutorial: Mapped[Tutorial] = relationship(lazy="raise_on_sql")

    @staticmethod
    def is_shown() -> ColumnElement[bool]:
        """Return the condition under which visitors see a part: its tutorial is published."""
        published = select(Page.id).where(Page.published_at <= now())
        return RoutinePart.tutorial_id.in_(published)


class Practice(CreatedAt, Base):
    """One time that a customer followed a tutorial or a routine; hers alone.

    key: made by her browser, so that what is sent twice is kept once. pain_before and pain_after:
    0 to 10, None where she did not say.
    """

    __tablename__ = "practices"
    __table_args__ = (
        UniqueConstraint("customer_id", "key"),
        CheckConstraint(f"pain_before BETWEEN 0 AND {MOST_PAIN}", name="pain_before_in_range"),
        CheckConstraint(f"pain_after BETWEEN 0 AND {MOST_PAIN}", name="pain_after_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    key: Mapped[str] = mapped_column(String(36))
    done_at: Mapped[datetime]
    title: Mapped[str] = mapped_column(String(200))
    url: Mapped[str] = mapped_column(String(300), default="")
    seconds: Mapped[int] = mapped_column(default=0)
    pain_before: Mapped[int | None]
    pain_after: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(500), default="")
