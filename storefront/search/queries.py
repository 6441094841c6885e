"""Full-text search by each database's own engine."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from types import MappingProxyType

from markupsafe import Markup
from sqlalchemy import TextClause, select, text
from sqlalchemy.orm import Session

from models import SearchEntry
from models.language import language
from storefront.languages import lazy_gettext
from storefront.paging import Slice, slice_of
from storefront.search.configurations import CONFIGURATIONS
from storefront.search.question import question
from storefront.search.spelling import mended
from storefront.search.words import asked_words

LONGEST_QUERY = 200
PER_PAGE = 20
# Each kind of thing with its name, alone and as a group, in the order of the groups.
KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "tutorial": (lazy_gettext("tutorial"), lazy_gettext("Tutorials")),
        "article": (lazy_gettext("article"), lazy_gettext("Articles")),
        "region": (lazy_gettext("where it hurts"), lazy_gettext("Where it hurts")),
        "muscle": (lazy_gettext("muscle"), lazy_gettext("Muscles")),
        "routine": (lazy_gettext("routine"), lazy_gettext("Routines")),
        "product": (lazy_gettext("product"), lazy_gettext("Products")),
        "term": (lazy_gettext("word explained"), lazy_gettext("Words explained")),
        "page": (lazy_gettext("page"), lazy_gettext("Pages")),
    }
)
# Marks that no text holds stand for <mark> until the rest is escaped.
_OPEN, _CLOSE = "\ue000", "\ue001"
# What helps most tonight goes first among equals.
_WEIGHT = """CASE e.kind WHEN 'tutorial' THEN 1.3 WHEN 'article' THEN 1.25 WHEN 'region' THEN 1.2
  WHEN 'muscle' THEN 1.2 WHEN 'page' THEN 0.6 WHEN 'term' THEN 0.8 ELSE 1.1 END"""

# The best are found first, since an excerpt of each of thousands would take long.
SQLITE = text(
    f"""WITH best AS (
         SELECT e.id, bm25(search_index, 10.0, 4.0, 1.0) * {_WEIGHT} * CASE WHEN e.id IN (
             SELECT rowid FROM search_index WHERE search_index MATCH :in_title
           ) THEN 3 ELSE 1 END AS score
         FROM search_index JOIN search_entries e ON e.id = search_index.rowid
         WHERE search_index MATCH :asked AND e.language = :language
           AND (:kind = '' OR e.kind = :kind)
         ORDER BY score, e.id LIMIT :most OFFSET :skip)
       SELECT e.kind, e.url, e.title, e.summary, highlight(search_index, 0, :open, :close) AS name,
         snippet(search_index, -1, :open, :close, '…', 24) AS excerpt
       FROM best JOIN search_index ON search_index.rowid = best.id
         JOIN search_entries e ON e.id = best.id
       WHERE search_index MATCH :asked
       ORDER BY best.score, e.id"""  # noqa: S608 (nothing of it is typed by anybody)
)
SQLITE_COUNTS = text(
    """SELECT e.kind, count(*) FROM search_index JOIN search_entries e ON e.id = search_index.rowid
       WHERE search_index MATCH :asked AND e.language = :language GROUP BY e.kind"""
)
POSTGRESQL = text(
    f"""WITH best AS (
         SELECT e.id, ts_rank(e.search_entries_words, query, 1) * {_WEIGHT} * CASE
             WHEN ts_filter(e.search_entries_words, '{{a}}') @@ query THEN 3 ELSE 1 END AS score
         FROM search_entries e, to_tsquery(CAST(:config AS regconfig), :asked) query
         WHERE e.search_entries_words @@ query AND e.language = :language
           AND (:kind = '' OR e.kind = :kind)
         ORDER BY score DESC, e.id LIMIT :most OFFSET :skip)
       SELECT e.kind, e.url, e.title, e.summary,
         ts_headline(CAST(:config AS regconfig), e.title, query, 'HighlightAll=true, StartSel='
           || :open || ', StopSel=' || :close) AS name,
         ts_headline(CAST(:config AS regconfig), e.summary || ' ' || e.body, query, 'StartSel='
           || :open || ', StopSel=' || :close || ', MaxWords=24, MinWords=12') AS excerpt
       FROM best JOIN search_entries e ON e.id = best.id,
         to_tsquery(CAST(:config AS regconfig), :asked) query
       ORDER BY best.score DESC, e.id"""  # noqa: S608 (nothing of it is typed by anybody)
)
POSTGRESQL_COUNTS = text(
    """SELECT kind, count(*) FROM search_entries
       WHERE search_entries_words @@ to_tsquery(CAST(:config AS regconfig), :asked)
         AND language = :language
       GROUP BY kind"""
)


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that was found. kind: one of KINDS; name: its title, marked as the excerpt is."""

    kind: str
    url: str
    title: str
    name: Markup
    excerpt: Markup

    @property
    def label(self) -> str:
        """What kind of thing it is, in words."""
        return str(KINDS[self.kind][0]) if self.kind in KINDS else self.kind


@dataclass(frozen=True, slots=True)
class Answer:
    """What a search shows. counts: of each kind; better: the query as it was mended, or None."""

    page: Slice[Found]
    counts: Mapping[str, int]
    better: str | None = None

    @property
    def total(self) -> int:
        """How many things of all kinds there are."""
        return sum(self.counts.values())


def search(
    session: Session, query: str, *, kind: str = "", page: int = 1, as_typed: bool = False
) -> Answer:
    """Return a page of what has every word of a query, the last one also as a beginning.

    kind: shows those of one kind only. Where nothing has them, the words are mended and searched
    for instead; ``as_typed`` only tells how they would be mended.
    """
    words = asked_words(query)
    if not words:
        return Answer(slice_of(0, page, PER_PAGE), {})
    counts, better = _counts(session, words), None
    if not counts and (corrected := mended(session, words)):
        found = _counts(session, corrected)
        better = " ".join(corrected) if found else None
        if found and not as_typed:
            words, counts = corrected, found
    total = counts.get(kind, 0) if kind else sum(counts.values())
    sliced: Slice[Found] = slice_of(total, page, PER_PAGE)
    if total:
        sliced.items.extend(_best(session, words, kind, PER_PAGE, sliced.offset))
    return Answer(sliced, counts, better)


def suggestions(session: Session, query: str, most: int) -> list[Found]:
    """Return the best that may be meant by what is typed so far; mended where nothing has it."""
    words = asked_words(query)
    if not words:
        return []
    found = _best(session, words, "", most)
    if not found and (better := mended(session, words)):
        return _best(session, better, "", most)
    return found


def places_to_begin(session: Session, kinds: Sequence[str]) -> dict[str, list[SearchEntry]]:
    """Return what can be found of some kinds, at most twelve of each, in the order of the shop."""
    wanted = select(SearchEntry).where(SearchEntry.kind.in_(kinds)).order_by(SearchEntry.id)
    wanted = wanted.filter_by(language=language())
    found: dict[str, list[SearchEntry]] = {kind: [] for kind in kinds}
    for entry in session.scalars(wanted.limit(200)):
        if len(found[entry.kind]) < 12:  # noqa: PLR2004
            found[entry.kind].append(entry)
    return found


def _best(
    session: Session, words: Sequence[str], kind: str, most: int, skip: int = 0
) -> list[Found]:
    is_postgresql = _is_postgresql(session)
    asked = question(words, is_postgresql=is_postgresql)
    values = {"asked": asked, "kind": kind, "most": most, "skip": skip} | _spoken(session)
    statement = POSTGRESQL if is_postgresql else SQLITE
    if not is_postgresql:
        values["in_title"] = f"{{title}} : ({asked})"
    rows = session.execute(statement, values | {"open": _OPEN, "close": _CLOSE})
    return [
        Found(row.kind, row.url, row.title, _marked(row.name), _excerpt(row.excerpt, row))
        for row in rows
    ]


def _counts(session: Session, words: Sequence[str]) -> dict[str, int]:
    is_postgresql = _is_postgresql(session)
    statement: TextClause = POSTGRESQL_COUNTS if is_postgresql else SQLITE_COUNTS
    asked = question(words, is_postgresql=is_postgresql)
    rows = session.execute(statement, {"asked": asked} | _spoken(session))
    return {kind: int(count) for kind, count in rows}


def _spoken(session: Session) -> dict[str, str]:
    """Return what tells a statement which language is spoken now."""
    values = {"language": language()}
    return values | {"config": CONFIGURATIONS[language()]} if _is_postgresql(session) else values


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def _excerpt(excerpt: str, row: object) -> Markup:
    """Return the excerpt; the summary where it would say the title again."""
    plain = excerpt.replace(_OPEN, "").replace(_CLOSE, "")
    if plain == row.title:  # type: ignore[attr-defined]
        return _marked(row.summary)  # type: ignore[attr-defined]
    return _marked(excerpt)


def _marked(excerpt: str) -> Markup:
    marked = escape(excerpt).replace(_OPEN, "<mark>").replace(_CLOSE, "</mark>")
    return Markup(marked)  # noqa: S704 (escaped in the line above)
