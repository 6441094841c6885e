"""Words that people type for what the texts call otherwise: the table in ``synonyms.toml``."""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from storefront.search.words import spelled_words, words_of

FILE = Path(__file__).with_name("synonyms.toml")
Phrase = tuple[str, ...]


@cache
def table() -> Mapping[Phrase, tuple[Phrase, ...]]:
    """Return what is looked for beside each phrase that may be typed."""
    rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["synonym"]
    return {
        tuple(words_of(said)): tuple(tuple(words_of(also)) for also in row["also"])
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


@cache
def spellings() -> tuple[str, ...]:
    """Return the words of what may be typed: a misspelling may have meant them."""
    return tuple(spelled_words(" ".join(phrase) for phrase in table()))
