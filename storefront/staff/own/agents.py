"""Browsers in words, as far as their names say."""

import re

BROWSERS = (
    ("Edge", r"\bEdg(A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"(Chrome|CriOS)/"),
    ("Safari", r"\bSafari/"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac", "Mac OS X|Macintosh"),
    ("ChromeOS", "CrO[S]"),
    ("Linux", "Linux"),
)


def in_words(agent: str) -> str:
    """Return such as "Firefox on Linux"."""
    browser = next((name for name, sign in BROWSERS if re.search(sign, agent)), "A browser")
    system = next((name for name, sign in SYSTEMS if re.search(sign, agent)), None)
    return f"{browser} on {system}" if system else browser
