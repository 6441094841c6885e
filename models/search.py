"""What the search looks through."""

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base
from models.language import OWN


class SearchEntry(Base):
    """The words of one thing that can be found, and its address.

    The database keeps its own full-text index of this table up to date: triggers into an FTS5
    table on SQLite, a generated ``tsvector`` column on PostgreSQL (see the second migration, and
    20261208 for the languages). url: with the prefix of the entry's language.
    """

    __tablename__ = "search_entries"
    __table_args__ = (Index("ix_search_entries_kind", "kind"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    language: Mapped[str] = mapped_column(String(8), default=OWN, server_default=OWN)
    url: Mapped[str] = mapped_column(String(300), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    summary: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(Text, default="")


class SearchWord(Base):
    """A word that stands in what can be found, for mending what was typed wrongly."""

    __tablename__ = "search_words"

    language: Mapped[str] = mapped_column(
        String(8), primary_key=True, default=OWN, server_default=OWN
    )
    word: Mapped[str] = mapped_column(String(60), primary_key=True)
