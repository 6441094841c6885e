"""How much a comment looks like spam, and why: rules of our own that ask nobody else."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

SPAM_FROM = 60  # this score and above lies in the spam folder instead of the queue
MOST_LINKS = 5  # more are refused, whoever sends them
TOO_FAST_S = 4.0
SHORTEST_SHOUT = 20  # letters
SHOUTED_SHARE = 0.7

_LINK = re.compile(r"https?://|\bwww\.", re.IGNORECASE)
_MARKUP = re.compile(r"<a\s|\[url|\[link|</a>", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")
_PHRASES = (
    *("backlink", "bitcoin", "cialis", "casino", "click here", "crypto invest", "escort"),
    *("forex", "guest post", "loan offer", "make money", "payday loan", "replica watch"),
    *("seo service", "sports betting", "viagra", "weight loss pill", "whatsapp +"),
)
_DISPOSABLE = frozenset(
    {
        *("10minutemail.com", "guerrillamail.com", "maildrop.cc", "mailinator.com"),
        *("sharklasers.com", "temp-mail.org", "trashmail.com", "yopmail.com"),
    }
)
_ALIKE = ("LATIN", "CYRILLIC", "GREEK")  # their letters look alike


@dataclass(frozen=True, slots=True)
class Sent:
    """What is known of a comment as it comes.

    seconds: from the page's load to its sending, None where no script counted them. is_trapped:
    a field was filled that people do not see. copies: how often the same text came lately.
    """

    name: str
    email: str
    text: str
    seconds: float | None = None
    is_trapped: bool = False
    copies: int = 0


def score(sent: Sent) -> tuple[int, list[str]]:
    """Return 0 (nothing speaks for spam) to 100, and a sentence for each thing that does."""
    found = list(_signs(sent))
    return min(100, sum(points for points, _ in found)), [reason for _, reason in found]


def links_in(text: str) -> int:
    """Return how many addresses of the web a text holds."""
    return len(_LINK.findall(text))


def _signs(sent: Sent) -> Iterator[tuple[int, str]]:
    yield from _of_links(sent)
    yield from _of_words(sent)
    yield from _of_sending(sent)


def _of_links(sent: Sent) -> Iterator[tuple[int, str]]:
    if links := links_in(sent.text):
        yield 15 * links, f"It has {links} link{'s' if links > 1 else ''}."
    if _LINK.search(sent.name):
        yield 40, "The name is a link."
    if _MARKUP.search(sent.text):
        yield 40, "It has markup of links, as programs write it."


def _of_words(sent: Sent) -> Iterator[tuple[int, str]]:
    if phrases := [it for it in _PHRASES if it in sent.text.lower()]:
        yield min(75, 30 * len(phrases)), f"It says {', '.join(phrases)}."
    if _is_shouted(sent.text):
        yield 20, "It is written in capitals."
    if any(len(_scripts(word)) > 1 for word in _WORD.findall(f"{sent.name} {sent.text}")):
        yield 30, "It mixes alphabets within one word."


def _of_sending(sent: Sent) -> Iterator[tuple[int, str]]:
    if sent.is_trapped:
        yield 100, "A field was filled that people do not see."
    if sent.copies:
        yield 50, "The same text came before."
    if sent.email.rpartition("@")[2] in _DISPOSABLE:
        yield 20, "The email address is a throw-away one."
    if sent.seconds is None:
        yield 10, "The page's script did not run; so it is for some people, too."
    elif sent.seconds < TOO_FAST_S:
        yield 40, "It was sent within four seconds."


def _is_shouted(text: str) -> bool:
    letters = [it for it in text if it.isupper() or it.islower()]
    share = sum(it.isupper() for it in letters) / max(1, len(letters))
    return len(letters) >= SHORTEST_SHOUT and share > SHOUTED_SHARE


def _scripts(word: str) -> set[str]:
    names = (unicodedata.name(letter, "").partition(" ")[0] for letter in word)
    return {name for name in names if name in _ALIKE}
