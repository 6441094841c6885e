"""Counting attempts, so that guessing and flooding end."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base


class AttemptCount(Base):
    """How often something was tried in one window of time.

    subject: a digest of who tried, such as an address; never the address itself.
    """

    __tablename__ = "attempt_counts"

    scope: Mapped[str] = mapped_column(String(40), primary_key=True)
    subject: Mapped[str] = mapped_column(String(64), primary_key=True)
    window_start: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
