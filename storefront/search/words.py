"""Words as both indexes keep them: lower case, Latin letters without their accents.

What is typed or shown in another language than the shop's own keeps its accents, since a word is
misspelled without them: the indexes find it all the same.
"""

import re
from collections.abc import Iterable
from unicodedata import normalize

from models.language import OWN, language

MOST_WORDS = 12
LONGEST_WORD = 60
SHORTEST_SPELLED = 4  # a shorter word has too many neighbours to be mended
_WORD = re.compile(r"\w+")
# Latin letters without their accents, as both indexes keep them (see the second migration).
_PLAIN = {code: normalize("NFD", chr(code))[0] for code in range(0xC0, 0x180)}


# How German is typed where a keyboard lacks its letters.
_TYPED = {"de": tuple((f"{plain}e", letter) for plain, letter in zip("aou", "äöü", strict=True))}


def words_of(text: str, code: str | None = None) -> list[str]:
    """Return the words of a text in their order; no sign of either engine is among them.

    code: its language, by default the one that is spoken now.
    """
    text = normalize("NFC", text)
    if (language() if code is None else code) == OWN:
        text = text.translate(_PLAIN)
    return _WORD.findall(text.replace("_", " ").lower())


def plain(word: str) -> str:
    """Return a word without its accents, as PostgreSQL's index keeps it."""
    return word.translate(_PLAIN)


def written(word: str) -> list[str]:
    """Return how a word may be written in the language spoken now: as it is, and else."""
    if language() not in _TYPED:
        return [word]
    letters = word
    for typed, letter in _TYPED[language()]:
        letters = letters.replace(typed, letter)
    ways = (word, letters, *(it.replace("ss", "ß") for it in (word, letters)))
    return list(dict.fromkeys((*ways, word.replace("ß", "ss"))))


def asked_words(query: str) -> list[str]:
    """Return the words that a query is searched by: the first MOST_WORDS of it."""
    return words_of(query)[:MOST_WORDS]


def spelled_words(texts: Iterable[str], code: str | None = None) -> list[str]:
    """Return the words of texts that a misspelling may have meant, each once, sorted."""
    found = {word for text in texts for word in words_of(text, code)}
    return sorted(
        word for word in found if word.isalpha() and SHORTEST_SPELLED <= len(word) <= LONGEST_WORD
    )
