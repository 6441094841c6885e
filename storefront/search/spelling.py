"""Mends what was typed wrongly by the nearest words of what can be found."""

from collections.abc import Sequence

from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models import SearchWord
from models.language import language
from storefront.search.configurations import CONFIGURATIONS
from storefront.search.question import beginning, whole
from storefront.search.synonyms import parted, spellings, table
from storefront.search.words import SHORTEST_SPELLED, written

LONG = 6  # letters from which a word may have two mistakes
MOST_ALIKE = 8

# One for each word; what is typed is a value of it. PostgreSQL looks through its index rather than
# through every row only where it believes that all that is found is wanted; and a word that it
# passes over, such as "the", asks for nothing, which numnode says.
SQLITE = """SELECT {0} WHERE EXISTS (
  SELECT 1 FROM search_index JOIN search_entries e ON e.id = search_index.rowid
  WHERE search_index MATCH :asked{0} AND e.language = :language)"""
POSTGRESQL = """SELECT {0}
  WHERE numnode(to_tsquery(CAST(:config AS regconfig), :asked{0})) = 0 OR EXISTS (
  WITH found AS MATERIALIZED (
    SELECT id FROM search_entries
    WHERE search_entries_words @@ to_tsquery(CAST(:config AS regconfig), :asked{0})
      AND language = :language)
  SELECT 1 FROM found)"""


def mended(session: Session, words: Sequence[str]) -> list[str] | None:
    """Return a query's words with each that nothing has replaced by the nearest that something has.

    None where there is nothing to mend. Two queries, and work that grows with the words that can
    be found, not with their texts.
    """
    unknown = [word for word in _unknown(session, words) if len(word) >= SHORTEST_SPELLED]
    if not unknown:
        return None
    lengths = [len(word) for word in unknown]
    found = select(SearchWord.word).where(
        SearchWord.language == language(),
        func.length(SearchWord.word).between(min(lengths) - 2, max(lengths) + 2),
    )
    vocabulary = [*session.scalars(found), *spellings()]
    nearest = {word: _nearest(word, vocabulary) for word in unknown}
    better = [nearest.get(word) or word for word in words]
    return better if better != list(words) else None


def _unknown(session: Session, words: Sequence[str]) -> list[str]:
    """Return the words that stand nowhere; what the table of synonyms knows is known."""
    is_postgresql = session.get_bind().dialect.name == "postgresql"
    said = {word for phrase in parted(words) if phrase in table() for word in phrase}
    terms = [whole(word, is_postgresql=is_postgresql) for word in words]
    terms[-1] = beginning(words[-1], is_postgresql=is_postgresql)
    one = POSTGRESQL if is_postgresql else SQLITE
    statement = text(" UNION ALL ".join(one.format(place) for place in range(len(words))))
    asked = {f"asked{place}": term for place, term in enumerate(terms)} | {"language": language()}
    if is_postgresql:
        asked["config"] = CONFIGURATIONS[language()]
    known = set(session.scalars(statement, asked))
    return [word for place, word in enumerate(words) if place not in known and word not in said]


def _nearest(word: str, vocabulary: Sequence[str]) -> str | None:
    """Return the word with the fewest mistakes between; a missing letter goes before a wrong one.

    Source: optimal string alignment, which counts two letters in the wrong order as one mistake.
    Each way to write the word in the language spoken now is tried.
    """
    ranked = []
    for way in written(word):
        most = 2 if len(way) >= LONG else 1
        alike = process.extract(
            way, vocabulary, scorer=OSA.distance, score_cutoff=most, limit=MOST_ALIKE
        )
        ranked += [(distance, Indel.distance(way, it), it) for it, distance, _ in alike]
    return min(ranked)[2] if ranked else None
