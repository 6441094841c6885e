"""Two texts compared word by word."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_LINES = 3_000  # beyond, comparing would take seconds: the text is shown as replaced
MOST_PAIRS = 2_000_000  # of words
CONTEXT = 160  # characters of what stayed that are shown around a change
_WORDS = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the comparison. kind: "same", "removed", "added" or "gap" (left out)."""

    kind: str
    text: str


def compared(old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, list[Part]]:
    """Return what differs by the name of the field; a field that is the same is left out."""
    names = dict.fromkeys([*new, *old])
    return {
        name: parts(old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name, "") != new.get(name, "")
    }


def parts(old: str, new: str) -> list[Part]:
    """Return how one text became another, by lines first and then by words."""
    found = list(_merged(_by_lines(old.splitlines(keepends=True), new.splitlines(keepends=True))))
    last = len(found) - 1
    cut = [_cut(part, is_first=at == 0, is_last=at == last) for at, part in enumerate(found)]
    return [piece for pieces in cut for piece in pieces]


def _by_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Part]:
    if max(len(old), len(new)) > MOST_LINES:
        yield from (Part("removed", "".join(old)), Part("added", "".join(new)))
        return
    for what, a, b, c, d in SequenceMatcher(None, old, new).get_opcodes():
        if what == "equal":
            yield Part("same", "".join(old[a:b]))
        else:
            yield from _by_words("".join(old[a:b]), "".join(new[c:d]))


def _by_words(old: str, new: str) -> Iterator[Part]:
    olds, news = _WORDS.findall(old), _WORDS.findall(new)
    if len(olds) * len(news) > MOST_PAIRS:
        yield from (Part("removed", old), Part("added", new))
        return
    for what, a, b, c, d in SequenceMatcher(None, olds, news, autojunk=False).get_opcodes():
        if what == "equal":
            yield Part("same", "".join(olds[a:b]))
        else:
            yield from (Part("removed", "".join(olds[a:b])), Part("added", "".join(news[c:d])))


def _merged(found: Iterator[Part]) -> Iterator[Part]:
    """Join neighbours of a kind, leave out what is empty."""
    before = Part("same", "")
    for part in found:
        if part.kind == before.kind or not part.text:
            before = Part(before.kind, before.text + part.text)
            continue
        if before.text:
            yield before
        before = part
    if before.text:
        yield before


def _cut(part: Part, *, is_first: bool, is_last: bool) -> list[Part]:
    """Return what stayed the same, without what is far from any change."""
    text = part.text
    if part.kind != "same" or len(text) <= 3 * CONTEXT:
        return [part]
    head = [Part("same", text[:CONTEXT])] if not is_first else []
    tail = [Part("same", text[-CONTEXT:])] if not is_last else []
    return [*head, Part("gap", "…"), *tail]
