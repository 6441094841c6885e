"""What every page says of the shop as a whole."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from storefront.languages import gettext_noop

FILE = Path(__file__).parent / "seed" / "site.toml"
BLOG_HANDLE = "the-ql-blawg"
POLICIES = (
    ("refund-policy", gettext_noop("Returns and refunds")),
    ("shipping-policy", gettext_noop("Shipping")),
    ("privacy-policy", gettext_noop("Privacy")),
    ("terms-of-service", gettext_noop("Terms")),
    ("contact-information", gettext_noop("Contact")),
)


Menu = tuple[tuple[str, str], ...]  # title and address of each link
# The menus as the shop came; staff may put others in their places.
MENUS: Mapping[str, Menu] = MappingProxyType(
    {
        "main": (
            (gettext_noop("Where does it hurt?"), "/where-does-it-hurt"),
            (gettext_noop("Shop"), "/collections/all"),
            (gettext_noop("Tutorials"), "/tutorials"),
            (gettext_noop("Articles"), f"/blogs/{BLOG_HANDLE}"),
            (gettext_noop("Search"), "/search"),
            (gettext_noop("Account"), "/account"),
        ),
        "read": (
            (gettext_noop("Safety: when not to press"), "/pages/safety"),
            (gettext_noop("Where does it hurt?"), "/where-does-it-hurt"),
            (gettext_noop("Muscles"), "/muscles"),
            (gettext_noop("Tutorials"), "/tutorials"),
            (gettext_noop("Routines"), "/routines"),
            (gettext_noop("Articles"), f"/blogs/{BLOG_HANDLE}"),
            (gettext_noop("Glossary"), "/glossary"),
        ),
        "about": (
            (gettext_noop("About"), "/pages/about"),
            (gettext_noop("How we write"), "/pages/how-we-write"),
            (gettext_noop("Mails"), "/newsletter"),
            (gettext_noop("Feed"), f"/blogs/{BLOG_HANDLE}.atom"),
        ),
        "buying": (
            (gettext_noop("Find your order"), "/orders"),
            *((title, f"/policies/{handle}") for handle, title in POLICIES),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Shop:
    """The shop's name and words. how: three steps with title, text, figure, figure_alt, link.

    announcement: a line above every page, empty for none, with where it leads, if anywhere. What
    follows it is for papers and the contact page, empty where nobody has said it. menus: by name.
    return_days: within which a buyer may ask to return something; empty sets no limit.
    """

    name: str
    promise: str
    description: str
    disclaimer: str
    demo_notice: str
    how: tuple[dict[str, str], ...]
    announcement: str = ""
    announcement_url: str = ""
    legal_name: str = ""
    address: str = ""
    email: str = ""
    phone: str = ""
    tax_number: str = ""
    return_days: str = ""
    menus: Mapping[str, Menu] = field(default_factory=lambda: MENUS)
    blog_handle: str = BLOG_HANDLE
    policies: tuple[tuple[str, str], ...] = POLICIES


@cache
def read() -> Shop:
    """Return the shop as it came: the words in ``site.toml``, and its menus."""
    words: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    names = ("name", "promise", "description", "disclaimer", "demo_notice")
    return Shop(**{name: words[name] for name in names}, how=tuple(words["how"]))
