"""What every page says of the shop as a whole."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent / "seed" / "site.toml"
BLOG_HANDLE = "the-ql-blawg"
POLICIES = (
    ("refund-policy", "Returns and refunds"),
    ("shipping-policy", "Shipping"),
    ("privacy-policy", "Privacy"),
    ("terms-of-service", "Terms"),
    ("contact-information", "Contact"),
)


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop's name and words. how: three steps with title, text, figure, figure_alt, link."""

    name: str
    promise: str
    description: str
    disclaimer: str
    demo_notice: str
    how: tuple[dict[str, str], ...]
    blog_handle: str = BLOG_HANDLE
    policies: tuple[tuple[str, str], ...] = POLICIES


def read() -> Shop:
    """Return the words in ``site.toml``."""
    words: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    names = ("name", "promise", "description", "disclaimer", "demo_notice")
    return Shop(**{name: words[name] for name in names}, how=tuple(words["how"]))
