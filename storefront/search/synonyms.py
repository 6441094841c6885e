"""Words that people type for what the texts call otherwise: a table for each language."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from models.language import OWN, language
from storefront.search.words import spelled_words, words_of

FOLDER = Path(__file__).parent
FILES = {OWN: "synonyms.toml"}  # of another language: synonyms.<code>.toml
Phrase = tuple[str, ...]


def table() -> Mapping[Phrase, tuple[Phrase, ...]]:
    """Return what is looked for beside each phrase that may be typed in the language of now."""
    return _table(language())


@cache
def _table(code: str) -> Mapping[Phrase, tuple[Phrase, ...]]:
    file = FOLDER / FILES.get(code, f"synonyms.{code}.toml")
    rows = tomllib.loads(file.read_text(encoding="utf-8"))["synonym"]
    return {
        tuple(words_of(said, code)): tuple(tuple(words_of(also, code)) for also in row["also"])
        for row in rows
        for said in row["said"]
    }


def parted(words: Sequence[str]) -> list[Phrase]:
    """Return words as phrases: those of the table, the longest first, and single words."""
    known, phrases, place = table(), [], 0
    longest = max(map(len, known))
    while place < len(words):
        sizes = range(min(longest, len(words) - place), 0, -1)
        size = next((it for it in sizes if tuple(words[place : place + it]) in known), 1)
        phrases.append(tuple(words[place : place + size]))
        place += size
    return phrases


def spellings() -> tuple[str, ...]:
    """Return the words of what may be typed: a misspelling may have meant them."""
    return _spellings(language())


@cache
def _spellings(code: str) -> tuple[str, ...]:
    return tuple(spelled_words((" ".join(phrase) for phrase in _table(code)), code))
