"""What staff keep of customers, with an account or without: notes, segments, erasures."""

from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt


class CustomerNote(CreatedAt, Base):
    """What staff wrote down of a person, by her email address in lower case."""

    __tablename__ = "customer_notes"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    text: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(String(254))


class Segment(CreatedAt, Base):
    """Customers who have something in common. rule: as the address of their list has it."""

    __tablename__ = "segments"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120), unique=True)
    rule: Mapped[dict[str, Any]] = mapped_column(default=dict)
    actor: Mapped[str] = mapped_column(String(254))


class Erasure(CreatedAt, Base):
    """That a person was forgotten: by whom, and how much was erased and kept; not who it was."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(primary_key=True)
    actor: Mapped[str] = mapped_column(String(254))
    erased: Mapped[dict[str, Any]] = mapped_column(default=dict)
    kept: Mapped[dict[str, Any]] = mapped_column(default=dict)
