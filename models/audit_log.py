"""The audit log: every act of staff, each entry sealed by the digest of the one before."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, String, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, CreatedAt, now

FIRST_DIGEST = "0" * 64


class AuditEntry(CreatedAt, Base):
    """Something that a member of staff did; never changed or deleted: triggers refuse it.

    number: 1 is the first, without gaps. actor: an email address, or the command that was run.
    act: what was done, such as ``staff.people.update``; subject: to what. before and after: what
    it changed. previous_digest and digest: SHA-256, hex; the first follows 64 zeros.
    """

    __tablename__ = "audit_entries"
    __table_args__ = (
        CheckConstraint("number > 0", name="number_positive"),
        Index("ix_audit_entries_created_at", "created_at", "number"),
        Index("ix_audit_entries_actor", "actor", "created_at", "number"),
        Index("ix_audit_entries_act", "act", "created_at", "number"),
    )

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    actor: Mapped[str] = mapped_column(String(254))
    role: Mapped[str] = mapped_column(String(32), default="")
    act: Mapped[str] = mapped_column(String(120))
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
    digest: Mapped[str] = mapped_column(String(64), default=FIRST_DIGEST)


@dataclass(frozen=True, slots=True)
class Act:
    """Something that was done, by whom, to what, and what it changed."""

    actor: str
    role: str
    act: str
    subject: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)


class NoHeadError(Exception):
    """The row that says where the log ends is gone, so nothing may be done unseen."""


def append(session: Session, act: Act) -> None:
    """Write an act at the end of the log, in the transaction of what it changed.

    Locks the log's head until the transaction ends: call it last.
    """
    grown = update(AuditHead).where(AuditHead.id == 1).values(number=AuditHead.number + 1)
    quick = {"synchronize_session": False}
    head = session.execute(
        grown.returning(AuditHead.number, AuditHead.digest).execution_options(**quick)
    ).one_or_none()
    if head is None:
        raise NoHeadError
    values: dict[str, Any] = {
        "number": head.number,
        "actor": act.actor[:254],
        "role": act.role,
        "act": act.act[:120],
        "subject": act.subject[:300],
        "before": dict(act.before),
        "after": dict(act.after),
        "created_at": now(),
        "previous_digest": head.digest,
    }
    values["digest"] = seal(values)
    session.execute(insert(AuditEntry).values(values))
    ends = update(AuditHead).where(AuditHead.id == 1).values(digest=values["digest"])
    session.execute(ends.execution_options(**quick))


def take_turn(session: Session) -> None:
    """Lock the log's head before a change of rows that nobody can lock, as they may not be there.

    Whoever makes such a change begins with this, and so waits for the one before. Call it first.
    """
    session.execute(select(AuditHead.number).where(AuditHead.id == 1).with_for_update())


def seal(values: Mapping[str, Any]) -> str:
    """Return the digest of an entry: SHA-256 of all else that it holds, as canonical JSON."""
    held = {name: _plain(value) for name, value in values.items() if name != "digest"}
    text = json.dumps(held, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat(timespec="microseconds") if isinstance(value, datetime) else value
