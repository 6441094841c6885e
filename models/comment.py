"""Comments: what readers ask and tell, and what the shop answers."""

import enum
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CreatedAt
from models.content import Article, Page
from models.language import Speaks
from models.region import Region
from models.staff import Staff


class CommentStatus(enum.StrEnum):
    """What became of a comment; only what is published is seen by visitors."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REJECTED = "rejected"
    SPAM = "spam"
    WITHDRAWN = "withdrawn"


# What a comment is once it is withdrawn, by its author or because she is forgotten.
WITHDRAWN: Mapping[str, Any] = MappingProxyType(
    {
        "status": CommentStatus.WITHDRAWN,
        "name": "",
        "email": "",
        "text": "",
        "origin": "",
        "region_id": None,
        "spam_score": 0,
        "spam_reasons": [],
    }
)


class Comment(Speaks, CreatedAt, Base):
    """A reader's comment on an article or a page, or the answer to one.

    parent_id: what it answers. staff_id: who of the shop wrote it, None for a reader. token_sha256:
    digest of the secret in the link by which its author withdraws it. spam_score: 0 to 100.
    origin: keyed digest of the address it came from. A comment that is withdrawn has lost its
    name, email and text.
    """

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint("(article_id IS NULL) <> (page_id IS NULL)", name="one_text"),
        CheckConstraint("spam_score BETWEEN 0 AND 100", name="spam_score_in_range"),
        CheckConstraint("helpful_count >= 0", name="helpful_count_not_negative"),
        Index("ix_comments_created_at", "created_at"),
        Index("ix_comments_status_created_at", "status", "created_at", "is_staff"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int | None] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), index=True
    )
    page_id: Mapped[int | None] = mapped_column(
        ForeignKey("pages.id", ondelete="CASCADE"), index=True
    )
    parent_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), index=True
    )
    region_id: Mapped[int | None] = mapped_column(
        ForeignKey("regions.id", ondelete="SET NULL"), index=True
    )
    staff_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff.id", ondelete="SET NULL"), index=True
    )
    is_staff: Mapped[bool] = mapped_column(default=False)
    name: Mapped[str] = mapped_column(String(120), default="")
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    text: Mapped[str] = mapped_column(Text, default="")
    status: Mapped[CommentStatus] = mapped_column(default=CommentStatus.WAITING)
    spam_score: Mapped[int] = mapped_column(default=0)
    spam_reasons: Mapped[list[str]] = mapped_column(default=list)
    token_sha256: Mapped[str | None] = mapped_column(String(64), unique=True)
    origin: Mapped[str] = mapped_column(String(64), default="")
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    helpful_count: Mapped[int] = mapped_column(default=0)

    article: Mapped[Article | None] = relationship(lazy="raise_on_sql")
    page: Mapped[Page | None] = relationship(lazy="raise_on_sql")
    region: Mapped[Region | None] = relationship(lazy="raise_on_sql")
    staff: Mapped[Staff | None] = relationship(lazy="raise_on_sql")


class CommentVote(CreatedAt, Base):
    """Somebody found a comment helpful. voter: keyed digest of who; once for each comment."""

    __tablename__ = "comment_votes"

    comment_id: Mapped[int] = mapped_column(
        ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True
    )
    voter: Mapped[str] = mapped_column(String(64), primary_key=True)
