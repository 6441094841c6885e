"""In which language people are spoken to: the shop's own, or another one that it knows."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

OWN = "en"  # in which the sources of every text are written
# Each by its code, as its own speakers call it.
LANGUAGES: Mapping[str, str] = MappingProxyType({OWN: "English", "de": "Deutsch"})
OTHERS = tuple(code for code in LANGUAGES if code != OWN)

_spoken: ContextVar[str] = ContextVar("language", default=OWN)


def language() -> str:
    """Return the code of the language that is spoken just now."""
    return _spoken.get()


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Speak a language for a while: for one request, or for one mail; an unknown one is our own."""
    token = _spoken.set(code if code in LANGUAGES else OWN)
    try:
        yield
    finally:
        _spoken.reset(token)


def prefix(code: str | None = None) -> str:
    """Return what stands before the addresses of a language (default: the one spoken now)."""
    code = language() if code is None else code
    return "" if code == OWN else f"/{code}"


def fragment() -> str:
    """Return what follows a drawing's address, for its labels in the language spoken."""
    return "" if language() == OWN else f"#{language()}"


class Speaks:
    """Somebody, or something of hers, who is written to in the language in which she came."""

    language: Mapped[str] = mapped_column(String(8), default=language, server_default=OWN)
