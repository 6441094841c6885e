"""What the texts in the database say in other languages, kept in each process.

A page shows dozens of texts; one query for each would cost more than the page. So each process
keeps the translations and asks, with one small query before a page in another language, whether
they have changed. Pages in the shop's own language ask nothing.
"""

import time
from collections.abc import Callable

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from models import Reference, Translation
from models.language import OWN, language
from models.translation import digest_of
from storefront.logs import log
from storefront.text import render

OLDEST_S = 1.0  # what is looked up outside of a page may be older by this
Stamp = tuple[object, ...]


class Memory:
    """Knows what a text says in the language that is spoken now."""

    def __init__(self, read: Callable[[], Session]) -> None:
        """Remember how to read; nothing is read before something is looked up."""
        self._read = read
        self.stamp: Stamp | None = None  # of what is known
        self._looked = float("-inf")
        self._texts: dict[tuple[str, str], str] = {}
        self._citations: dict[str, str] = {}
        self._rendered: dict[tuple[str, str, str], str] = {}

    def look(self) -> None:
        """Read everything anew where something has changed; one query where nothing has.

        Where the database does not answer, what was known stays.
        """
        self._looked = time.monotonic()
        try:
            with self._read() as session:
                stamp = _stamp(session)
                if stamp != self.stamp:
                    self._take(session)
                    self.stamp = stamp
        except SQLAlchemyError:
            log.warning("translations not read")

    def found(self, text: str) -> str | None:
        """Return what a text says in the language spoken now; None where nobody has said it."""
        if language() == OWN or not text:
            return None
        if time.monotonic() - self._looked > OLDEST_S:
            self.look()
        return self._texts.get((language(), digest_of(text)))

    def said(self, text: str) -> str:
        """Return what a text says in the language spoken now; itself where nobody has said it."""
        found = self.found(text)
        return text if found is None else found

    def html(self, markdown: str, notes: str) -> str | None:
        """Return the safe HTML of what a Markdown text says; None where nobody has said it."""
        found = self.found(markdown)
        if found is None:
            return None
        key = (language(), notes, found)
        if key not in self._rendered:
            self._rendered[key] = render(found, self._citations, notes=notes or None)
        return self._rendered[key]

    def _take(self, session: Session) -> None:
        rows = session.execute(select(Translation.language, Translation.digest, Translation.text))
        self._texts = {(code, digest): text for code, digest, text in rows}
        self._citations = {row.key: row.markdown for row in session.scalars(select(Reference))}
        self._rendered = {}


def said(session: Session, text: str) -> str:
    """Return what a text that a session found beside its rows says in the language spoken now."""
    memory: Memory | None = session.info.get("memory")
    return text if memory is None else memory.said(text)


def _stamp(session: Session) -> Stamp:
    """Return what changes with every change of a translation or of a source."""
    wanted = (
        (func.count, Translation.id),
        (func.max, Translation.updated_at),
        (func.count, Reference.id),
        (func.max, Reference.id),
    )
    return tuple(
        session.execute(select(*(select(of(it)).scalar_subquery() for of, it in wanted))).one()
    )
