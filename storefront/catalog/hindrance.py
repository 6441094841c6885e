"""What keeps a variant from being had at once: as a key, and as visitors read it."""

from collections.abc import Iterable
from types import MappingProxyType

from storefront.languages import lazy_gettext

NOTHING, LATER, PREORDER, SOLD_OUT = "", "later", "pre-order", "sold out"
# The least comes first; in two words, and within a sentence.
_WORDS = MappingProxyType(
    {
        NOTHING: ("", ""),
        LATER: (lazy_gettext("Ships later"), lazy_gettext("ships later")),
        PREORDER: (lazy_gettext("Pre-order"), lazy_gettext("pre-order")),
        SOLD_OUT: (lazy_gettext("Sold out"), lazy_gettext("sold out")),
    }
)


def hindrance(in_stock: int, orderable: int, *, is_preorder: bool) -> str:
    """Return the key of what keeps units from being had at once; empty where nothing does."""
    if in_stock > 0:
        return NOTHING
    if orderable > 0:
        return PREORDER if is_preorder else LATER
    return SOLD_OUT


def least(found: Iterable[str]) -> str:
    """Return the least of some; there must be one."""
    return min(found, key=list(_WORDS).index)


def note(key: str) -> str:
    """Return it in two words, as it stands alone."""
    return str(_WORDS[key][0])


def aside(key: str) -> str:
    """Return it as it stands within a sentence."""
    return str(_WORDS[key][1])
