"""How long a seeded text is and how hard it is to read."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup

from storefront.text import cited, render

ROOT = Path(__file__).parents[1]
SEED = ROOT / "storefront" / "seed"
FIGURES = ROOT / "static" / "img" / "figures"

# What nobody can promise about a body.
PROMISES = re.compile(
    r"\b(cures?|cured|best|clinically proven|guaranteed?|miracles?|instant(ly)? relief|pain[- ]free"
    r"|risk[- ]free|no side effects|once and for all|breakthrough)\b",
    re.IGNORECASE,
)

_WORD = re.compile(r"[A-Za-z][A-Za-z'’]*")
_SENTENCE = re.compile(r"[.!?]+(?=[\s\"”'’)]|$)")
_VOWELS = re.compile(r"(?<![tcsg])i(?=[aou])|[aeiouy]+")
_SILENT = re.compile(r"(?:[^laeiouy]e|[^aeiouydt]ed|[^aeiouysxzcgh]es|(?:th)es)$")
_NOTES = ".footnotes, .footnotes-sep, .footnote-ref"


@dataclass(frozen=True)
class Text:
    """A seeded file: what stands between its +++ lines, and the Markdown after them."""

    front: dict[str, Any]
    body: str

    @property
    def keys(self) -> set[str]:
        """The sources that it names: below its body, or in its front matter."""
        return {*cited(self.body), *self.front.get("references", [])}


def texts(folder: str) -> dict[str, Text]:
    """Return the seeded Markdown files of a folder by their name."""
    return {path.stem: _read(path) for path in sorted((SEED / folder).glob("*.md"))}


def _read(path: Path) -> Text:
    _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    return Text(tomllib.loads(front), body.strip() + "\n")


def table(name: str) -> dict[str, Any]:
    """Return a seeded TOML file."""
    return tomllib.loads((SEED / name).read_text(encoding="utf-8"))


def citations() -> dict[str, str]:
    """Return every source by its key."""
    return {row["key"]: row["citation"] for row in table("references.toml")["reference"]}


def shown(markdown: str) -> BeautifulSoup:
    """Return a text as it is shown, without its notes and their marks."""
    page = BeautifulSoup(render(markdown, citations()), "html.parser")
    for part in page.select(_NOTES):
        part.decompose()
    return page


def words(markdown: str) -> int:
    """Return how many words a reader reads: headings, tables and captions too, but no notes."""
    return len(shown(markdown).get_text(" ").split())


def grade(markdown: str) -> float:
    """Return the Flesch-Kincaid grade of the paragraphs and list items of a text.

    0.39 x words per sentence + 11.8 x syllables per word - 15.59, a US school year. A paragraph or
    an item ends a sentence. Syllables are counted by rule (groups of vowels, without a silent e),
    which is off by a few in a hundred.
    """
    page = shown(markdown)
    blocks = [block.get_text() for block in page.select("p, li") if not block.select("p, li")]
    sentences = [part for block in blocks for part in _SENTENCE.split(block) if _WORD.search(part)]
    found = [word for sentence in sentences for word in _WORD.findall(sentence)]
    spoken = sum(syllables(word) for word in found)
    return 0.39 * len(found) / len(sentences) + 11.8 * spoken / len(found) - 15.59


def syllables(word: str) -> int:
    """Return about how many syllables an English word has, at least one."""
    letters = re.sub(r"[^a-z]", "", word.lower())
    count = len(_VOWELS.findall(letters))
    return max(1, count - 1 if count > 1 and _SILENT.search(letters) else count)
