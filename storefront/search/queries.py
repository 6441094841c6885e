"""Full-text search by each database's own engine."""

import re
from dataclasses import dataclass
from html import escape
from unicodedata import normalize

from markupsafe import Markup
from sqlalchemy import text
from sqlalchemy.orm import Session

LONGEST_QUERY = 200
MOST_WORDS = 12
_WORD = re.compile(r"\w+")
# Latin letters without their accents, as both indexes keep them (see the second migration).
_PLAIN = {code: normalize("NFD", chr(code))[0] for code in range(0xC0, 0x180)}
# Marks that no text holds stand for <mark> until the rest is escaped.
_OPEN, _CLOSE = "\ue000", "\ue001"

SQLITE = text(
    """SELECT e.kind, e.url, e.title,
         snippet(search_index, -1, :open, :close, '…', 24) AS excerpt
       FROM search_index JOIN search_entries e ON e.id = search_index.rowid
       WHERE search_index MATCH :words
       ORDER BY bm25(search_index, 10.0, 4.0, 1.0), e.id LIMIT :most"""
)
POSTGRESQL = text(
    """SELECT kind, url, title, ts_headline('english', summary || ' ' || body, query,
         'StartSel=' || :open || ', StopSel=' || :close || ', MaxWords=24, MinWords=12') AS excerpt
       FROM search_entries, to_tsquery('english', :words) query
       WHERE search_entries_words @@ query
       ORDER BY ts_rank(search_entries_words, query) DESC, id LIMIT :most"""
)


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that was found. kind: product, article, tutorial or page."""

    kind: str
    url: str
    title: str
    excerpt: Markup


def search(session: Session, query: str, most: int = 30) -> list[Found]:
    """Return what contains every word of a query, the last one also as a beginning; best first.

    Only words of the query are used: no operator of either engine can be typed.
    """
    plain = normalize("NFC", query).translate(_PLAIN).replace("_", " ").lower()
    words = _WORD.findall(plain)[:MOST_WORDS]
    if not words:
        return []
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    if is_postgresql:
        statement, asked = POSTGRESQL, " & ".join([*words[:-1], f"{words[-1]}:*"])
    else:
        statement, asked = SQLITE, " ".join([f'"{word}"' for word in words]) + "*"
    rows = session.execute(
        statement, {"words": asked, "open": _OPEN, "close": _CLOSE, "most": most}
    )
    return [Found(row.kind, row.url, row.title, _marked(row.excerpt)) for row in rows]


def _marked(excerpt: str) -> Markup:
    marked = escape(excerpt).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")
    return Markup(marked)  # noqa: S704 (escaped in the line above)
