"""Jobs: work to do later, written in the transaction of its cause."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt, now


class Job(CreatedAt, Base):
    """One thing for the worker to do.

    key: unique; a second job of the same key is not written. lease_until: until when the worker
    that took it may be at it; afterwards another may take it. error: why the last try failed.
    is_dead: tried too often; staff see it.
    """

    __tablename__ = "jobs"
    __table_args__ = (Index("ix_jobs_done_at_run_at", "done_at", "run_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(default=dict)
    run_at: Mapped[datetime] = mapped_column(default=now)
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]
    is_dead: Mapped[bool] = mapped_column(default=False)
    error: Mapped[str] = mapped_column(Text, default="")
