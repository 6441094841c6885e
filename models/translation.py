"""What the shop's own texts say in other languages."""

import hashlib
from datetime import datetime

from sqlalchemy import String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt, now


class Translation(CreatedAt, Base):
    """What a text says in another language: found by the text itself, not by where it stands.

    So a text that is edited is shown as it is now, in the shop's own language, until somebody has
    said it anew: nobody reads a caution as it was before. The same words are translated once.
    place: where the text stood when this was written, such as ``articles/12/title``; by it, staff
    find what was said before an edit.
    """

    __tablename__ = "translations"
    __table_args__ = (UniqueConstraint("language", "digest"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(String(8))
    digest: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)
    place: Mapped[str] = mapped_column(String(120), index=True)
    actor: Mapped[str] = mapped_column(String(254), default="")
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now, index=True)


def digest_of(text: str) -> str:
    """Return by what a text's translations are found; how it is broken into lines counts not."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()
