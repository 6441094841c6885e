"""Pictures that buyers send: with a return, or with a review."""

import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt


def new_key() -> str:
    """Return a name for a picture's files: 64 hexadecimal signs, 256 random bits."""
    return secrets.token_hex(32)


class SentPicture(CreatedAt, Base):
    """A picture that the buyer of an order sent; seen by staff and by whoever has its secret link.

    key: random, names its files in the storage; nothing of the picture can be told from it.
    return_id, review_id: what it was sent with; one at most. width, height: pixels of the large
    file. published_at: since when visitors may see it; None keeps it private.
    """

    __tablename__ = "sent_pictures"
    __table_args__ = (
        CheckConstraint("return_id IS NULL OR review_id IS NULL", name="one_cause"),
        CheckConstraint(
            "published_at IS NULL OR review_id IS NOT NULL", name="published_in_review"
        ),
        CheckConstraint("width > 0 AND height > 0", name="size_positive"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64), unique=True, default=new_key)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    return_id: Mapped[int | None] = mapped_column(
        ForeignKey("returns.id", ondelete="CASCADE"), index=True
    )
    review_id: Mapped[int | None] = mapped_column(
        ForeignKey("reviews.id", ondelete="CASCADE"), index=True
    )
    width: Mapped[int]
    height: Mapped[int]
    size_bytes: Mapped[int]
    published_at: Mapped[datetime | None]
