"""Where it hurts: regions of the body, and the muscles that may lie behind a pain there."""

import enum

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Handle
from models.content import Muscle


class BodySide(enum.StrEnum):
    """The side of the body on which a region is seen."""

    BACK = "back"
    FRONT = "front"


class Region(Base):
    """A part of the body that a visitor points at: ``/where-does-it-hurt/<handle>``."""

    __tablename__ = "regions"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(Handle, unique=True)
    name: Mapped[str] = mapped_column(String(120))
    side: Mapped[BodySide]
    position: Mapped[int] = mapped_column(default=0)
    summary: Mapped[str] = mapped_column(String(500), default="")
    body_markdown: Mapped[str] = mapped_column(Text, default="")
    body_html: Mapped[str] = mapped_column(Text, default="")
    renderer: Mapped[str] = mapped_column(String(40), default="")

    muscles: Mapped[list["RegionMuscle"]] = relationship(
        order_by="RegionMuscle.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class RegionMuscle(Base):
    """A muscle that may be felt in a region. note: how one tells it from the others there."""

    __tablename__ = "region_muscles"

    region_id: Mapped[int] = mapped_column(
        ForeignKey("regions.id", ondelete="CASCADE"), primary_key=True
    )
    muscle_id: Mapped[int] = mapped_column(
        ForeignKey("muscles.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    note: Mapped[str] = mapped_column(Text, default="")

    muscle: Mapped[Muscle] = relationship(lazy="raise_on_sql")
