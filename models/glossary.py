"""The glossary: words that the texts use, explained once."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, Handle


class GlossaryTerm(Base):
    """A word and what it means. also: other names for it. see: where to read on, in the shop."""

    __tablename__ = "glossary_terms"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(Handle, unique=True)
    term: Mapped[str] = mapped_column(String(120))
    also: Mapped[list[str]] = mapped_column(default=list)
    definition_markdown: Mapped[str] = mapped_column(Text, default="")
    definition_html: Mapped[str] = mapped_column(Text, default="")
    renderer: Mapped[str] = mapped_column(String(40), default="")
    see: Mapped[str | None] = mapped_column(String(300))
