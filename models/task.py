"""Long work that staff started: how far it is, and what an import changed."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt


class TaskStatus(enum.StrEnum):
    """How far a task has come."""

    WAITING = "waiting"  # for the worker
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


UNDER_WAY = (TaskStatus.WAITING, TaskStatus.RUNNING)


class Task(CreatedAt, Base):
    """A piece of long work whose progress staff can watch; the worker does it as a job.

    kind: which job does it. done and total: steps, total 0 while it is not known. url: where its
    result is, in the back office. error: why it failed, for people.
    """

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("done >= 0 AND total >= 0", name="steps_not_negative"),
        Index("ix_tasks_created_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    status: Mapped[TaskStatus] = mapped_column(default=TaskStatus.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    url: Mapped[str] = mapped_column(String(300), default="")
    error: Mapped[str] = mapped_column(Text, default="")
    actor: Mapped[str] = mapped_column(String(254))
    finished_at: Mapped[datetime | None]

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.status not in UNDER_WAY

    @property
    def words(self) -> str:
        """How far it is, for people."""
        if self.status is TaskStatus.WAITING:
            return "Waits for its turn."
        if self.status is TaskStatus.DONE:
            return "Done."
        place = f"{self.done:,} of {self.total:,}" if self.total else f"{self.done:,}"
        if self.status is TaskStatus.FAILED:
            return f"Failed after {place}." if self.done else "Failed."
        return f"{place} done." if self.done or self.total else "Under way."


class ImportKind(enum.StrEnum):
    """What a spreadsheet holds."""

    STOCK = "stock"
    PRODUCTS = "products"
    PRICES = "prices"
    REDIRECTS = "redirects"


class ImportStatus(enum.StrEnum):
    """How far an import has come."""

    UPLOADED = "uploaded"
    CHECKED = "checked"  # the dry run is through
    APPLIED = "applied"
    UNDONE = "undone"
    FAILED = "failed"


class Import(CreatedAt, Base):
    """A spreadsheet that staff sent in.

    content: its cells as CSV. problems: ``{"row", "column", "message"}`` each, of the dry run. An
    import with problems is not applied. task_id: the work at it that was started last.
    """

    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[ImportKind]
    status: Mapped[ImportStatus] = mapped_column(default=ImportStatus.UPLOADED)
    filename: Mapped[str] = mapped_column(String(200), default="")
    content: Mapped[str] = mapped_column(Text)
    row_count: Mapped[int] = mapped_column(default=0)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    actor: Mapped[str] = mapped_column(String(254))
    task_id: Mapped[int | None] = mapped_column(ForeignKey("tasks.id", ondelete="SET NULL"))
    applied_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]


class ImportChange(Base):
    """One thing that an import changed, so that it can be changed back. row: of the spreadsheet."""

    __tablename__ = "import_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    import_id: Mapped[int] = mapped_column(ForeignKey("imports.id", ondelete="CASCADE"), index=True)
    row: Mapped[int]
    subject: Mapped[str] = mapped_column(String(200))
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
