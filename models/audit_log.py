"""The audit log: every act of staff, each entry sealed by the digest of the one before."""

from typing import Any

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt


class AuditEntry(CreatedAt, Base):
    """Something that a member of staff did; never changed or deleted.

    number: 1 is the first, without gaps. actor: an e-mail address, or the command that was run.
    act: what was done, such as ``staff.people.update``; subject: to what. before and after: what
    it changed. previous_digest and digest: SHA-256, hex; the first follows 64 zeros.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (CheckConstraint("number > 0", name="number_positive"),)

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    actor: Mapped[str] = mapped_column(String(254), index=True)
    role: Mapped[str] = mapped_column(String(32), default="")
    act: Mapped[str] = mapped_column(String(120), index=True)
    subject: Mapped[str] = mapped_column(String(300), default="", index=True)
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous_digest: Mapped[str] = mapped_column(String(64), unique=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Base):
    """The one row that says where the log ends; writers take turns at it. id: always 1."""

    __tablename__ = "audit_heads"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(64), default="0" * 64)
