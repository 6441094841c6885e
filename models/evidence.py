"""What stands behind a text: its claims with their sources, its revisions, its videos."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CreatedAt, Handle, now
from models.content import Article, Page, Reference


def _one_text() -> CheckConstraint:
    return CheckConstraint("(article_id IS NULL) <> (page_id IS NULL)", name="one_text")


claim_references = Table(
    "claim_references",
    Base.metadata,
    Column("claim_id", ForeignKey("claims.id", ondelete="CASCADE"), primary_key=True),
    Column("reference_id", ForeignKey("references.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, nullable=False, default=0),
)


class OfText:
    """Belongs to one article or to one page (a tutorial is a page)."""

    article_id: Mapped[int | None] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), index=True
    )
    page_id: Mapped[int | None] = mapped_column(
        ForeignKey("pages.id", ondelete="CASCADE"), index=True
    )


class Claim(OfText, CreatedAt, Base):
    """Something that a text says about the body, on the strength of its sources.

    reviewer: who last held it against its sources; empty where nobody has yet. review_by: when
    it must be looked at again.
    """

    __tablename__ = "claims"
    __table_args__ = (_one_text(),)

    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    reviewer: Mapped[str] = mapped_column(String(120), default="")
    reviewed_on: Mapped[date | None]
    review_by: Mapped[date] = mapped_column(index=True)

    article: Mapped[Article | None] = relationship(lazy="raise_on_sql")
    page: Mapped[Page | None] = relationship(lazy="raise_on_sql")
    references: Mapped[list[Reference]] = relationship(
        secondary=claim_references, order_by=claim_references.c.position, lazy="raise_on_sql"
    )


class Revision(OfText, CreatedAt, Base):
    """A text as it was saved, by whom. number: 1 is the first of its text.

    details: what else was saved with it, such as a tutorial's steps.
    """

    __tablename__ = "revisions"
    __table_args__ = (
        _one_text(),
        UniqueConstraint("article_id", "number"),
        UniqueConstraint("page_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(String(500), default="")
    body_markdown: Mapped[str] = mapped_column(Text, default="")
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)
    actor: Mapped[str] = mapped_column(String(254))


class Autosave(Base):
    """What a member of staff has typed into a form and not saved yet.

    form: names it, such as ``article:ql-muscle``. fields: by their names. seen: the digest of what
    the form showed when she began.
    """

    __tablename__ = "autosaves"

    staff_id: Mapped[int] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True
    )
    form: Mapped[str] = mapped_column(String(200), primary_key=True)
    fields: Mapped[dict[str, Any]] = mapped_column(default=dict)
    seen: Mapped[str] = mapped_column(String(64), default="")
    saved_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Video(OfText, CreatedAt, Base):
    """A film to a text: a file of the shop's own, or a link to a page elsewhere.

    file_key: names the files below static/video/. captions_vtt and chapters_vtt: WebVTT.
    """

    __tablename__ = "videos"
    __table_args__ = (
        _one_text(),
        CheckConstraint("(file_key IS NULL) <> (link IS NULL)", name="file_or_link"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[str] = mapped_column(String(200))
    file_key: Mapped[str | None] = mapped_column(Handle)
    link: Mapped[str | None] = mapped_column(String(500))
    poster_key: Mapped[str | None] = mapped_column(Handle)
    duration_s: Mapped[int] = mapped_column(default=0)
    width: Mapped[int] = mapped_column(default=1280)
    height: Mapped[int] = mapped_column(default=720)
    captions_vtt: Mapped[str] = mapped_column(Text, default="")
    chapters_vtt: Mapped[str] = mapped_column(Text, default="")
    transcript_markdown: Mapped[str] = mapped_column(Text, default="")
    transcript_html: Mapped[str] = mapped_column(Text, default="")
