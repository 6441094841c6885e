"""Two who edit at once: what each of them has seen."""

import hashlib
from collections.abc import Mapping


class ChangedMeanwhileError(Exception):
    """Somebody else saved it since the page was shown."""


def seen_of(words: Mapping[str, str]) -> str:
    """Return a digest of what a page shows, by which another state of it is known."""
    return hashlib.sha256(repr(sorted(words.items())).encode()).hexdigest()[:16]


def differences(saved: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """Return what is saved otherwise than it was typed, by the field's name."""
    return {name: text for name, text in saved.items() if text != typed.get(name, text)}
