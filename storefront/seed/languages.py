"""What the starting content says in other languages: ``de/`` mirrors the files beside it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from models import Translation
from models.language import OTHERS
from models.translation import digest_of
from storefront import site
from storefront.seed.rows import FOLDER, read_text, toml
from storefront.translations.overlay import ONE_BY_ONE
from storefront.translations.sources import everything

ACTOR = "seed"
TAGS = "tags"  # in addresses with hyphens, read with spaces
Pair = tuple[str, str]


def add_translations(session: Session) -> None:
    """Write what is said of each text that has been seeded; all of them are in the database."""
    for code in OTHERS:
        said = {digest_of(own): other for own, other in pairs(code)}
        found = {digest_of(it.text): it.place for it in everything(session, site.read())}
        session.add_all(
            Translation(language=code, digest=digest, text=said[digest], place=place, actor=ACTOR)
            for digest, place in found.items()
            if digest in said
        )


def pairs(code: str) -> Iterator[Pair]:
    """Yield each text of the seed with what it says in a language."""
    folder = FOLDER / code
    for path in sorted(folder.rglob("*.*")):
        if path.suffix in {".md", ".toml"}:
            yield from _paired(_read(FOLDER / path.relative_to(folder)), _read(path), "")


def _read(path: Path) -> Any:
    if path.suffix == ".toml":
        return toml(path)
    text = read_text(path)
    return {"front": text.front, "body": text.body}


def _paired(own: Any, other: Any, name: str) -> Iterator[Pair]:
    """Yield the texts of two files that are built alike; ValueError where they are not."""
    if isinstance(other, dict):
        for key, value in other.items():
            yield from _paired(own[key], value, key)
    elif isinstance(other, list) and all(isinstance(it, str) for it in other):
        whole = [("\n".join(own), "\n".join(other))]
        own = [it.replace("-", " ") for it in own] if name == TAGS else own
        is_each = name in ONE_BY_ONE or name == TAGS
        yield from zip(own, other, strict=True) if is_each else whole if own else ()
    elif isinstance(other, list):
        for one, its in zip(own, other, strict=True):
            yield from _paired(one, its, name)
    elif isinstance(other, str) and own:
        yield own, other
