"""What is asked for, in the language of each engine; no operator of either can be typed."""

from collections.abc import Sequence

from storefront.search.synonyms import Phrase, parted, table
from storefront.search.words import plain, written

# One letter begins too many words to be looked for as a beginning.
SHORTEST_BEGINNING = 2


def question(words: Sequence[str], *, is_postgresql: bool) -> str:
    """Return the question for what has every word, or what is also said for it.

    words: at least one; the last counts as a beginning too.
    """
    phrases = parted(words)
    term = _for_postgresql if is_postgresql else _for_sqlite
    both, either = (" & ", " | ") if is_postgresql else (" AND ", " OR ")
    parts = []
    for place, phrase in enumerate(phrases, start=1):
        terms = [whole(word, is_postgresql=is_postgresql) for word in phrase]
        if place == len(phrases):
            terms[-1] = beginning(phrase[-1], is_postgresql=is_postgresql)
        choices = [both.join(terms), *(term(also) for also in table().get(phrase, ()))]
        parts.append("(" + either.join(f"({choice})" for choice in choices) + ")")
    return both.join(parts)


def beginning(word: str, *, is_postgresql: bool) -> str:
    """Return the question for what has a word that begins so."""
    sign = "" if len(word) < SHORTEST_BEGINNING else ":*" if is_postgresql else "*"
    return _however_written(word, sign, is_postgresql=is_postgresql)


def whole(word: str, *, is_postgresql: bool) -> str:
    """Return the question for what has this word in any of its forms."""
    return _however_written(word, "", is_postgresql=is_postgresql)


def _however_written(word: str, sign: str, *, is_postgresql: bool) -> str:
    """Return the question for a word; sign: what follows each way to write it."""
    term, either = (_for_postgresql, " | ") if is_postgresql else (_for_sqlite, " OR ")
    terms = [f"{term((it,))}{sign}" for it in written(word)]
    return terms[0] if len(terms) == 1 else f"({either.join(terms)})"


def _for_sqlite(phrase: Phrase) -> str:
    return f'"{" ".join(phrase)}"'


def _for_postgresql(phrase: Phrase) -> str:
    return " <-> ".join(plain(word) for word in phrase)
