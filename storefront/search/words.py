"""Words as both indexes keep them: lower case, Latin letters without their accents."""

import re
from collections.abc import Iterable
from unicodedata import normalize

MOST_WORDS = 12
LONGEST_WORD = 60
SHORTEST_SPELLED = 4  # a shorter word has too many neighbours to be mended
_WORD = re.compile(r"\w+")
# Latin letters without their accents, as both indexes keep them (see the second migration).
_PLAIN = {code: normalize("NFD", chr(code))[0] for code in range(0xC0, 0x180)}


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order; no sign of either engine is among them."""
    return _WORD.findall(normalize("NFC", text).translate(_PLAIN).replace("_", " ").lower())


def asked_words(query: str) -> list[str]:
    """Return the words that a query is searched by: the first MOST_WORDS of it."""
    return words_of(query)[:MOST_WORDS]


def spelled_words(texts: Iterable[str]) -> list[str]:
    """Return the words of texts that a misspelling may have meant, each once, sorted."""
    found = {word for text in texts for word in words_of(text)}
    return sorted(
        word for word in found if word.isalpha() and SHORTEST_SPELLED <= len(word) <= LONGEST_WORD
    )
