"""Handles: the public names in addresses, typed by staff."""

import re
import unicodedata

LONGEST = 120
RESERVED = frozenset({"all", "new"})  # addresses of ours
_HANDLE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class HandleTakenError(Exception):
    """Something else has this handle."""


def handle_from(text: str | None) -> str:
    """Return a handle, or raise ValueError with a message for people."""
    typed = (text or "").strip()
    if len(typed) > LONGEST or not _HANDLE.fullmatch(typed):
        message = f"Enter lower-case words joined by hyphens, at most {LONGEST} signs."
        raise ValueError(message)
    if typed in RESERVED:
        message = f"“{typed}” is an address of the shop itself. Choose another one."
        raise ValueError(message)
    return typed


def handle_of(title: str, otherwise: str) -> str:
    """Return the handle that a title suggests; otherwise: where it has no letters of ours."""
    plain = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    found = "-".join(re.findall(r"[a-z0-9]+", plain))[:LONGEST].strip("-")
    return found if found and found not in RESERVED else otherwise
