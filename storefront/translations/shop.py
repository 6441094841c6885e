"""What the shop says of itself, in the language that is spoken now."""

from collections.abc import Callable
from dataclasses import replace

from models.language import OWN, language
from storefront.languages.catalog import gettext
from storefront.site import Menu, Shop
from storefront.translations.memory import Memory

WORDS = ("promise", "description", "disclaimer", "demo_notice", "announcement")
_OF_A_STEP = frozenset({"title", "text", "figure_alt"})


class SaidShop:
    """Says what the shop says of itself now, in the language spoken now."""

    def __init__(self, now: Callable[[], Shop], memory: Callable[[], Memory]) -> None:
        """Remember who knows the shop, and who knows what its texts say."""
        self._present, self._memory = now, memory
        self._made: dict[str, tuple[object, object, Shop]] = {}

    def now(self) -> Shop:
        """Return the shop; made anew where its words or their translations changed."""
        shop = self._present()
        if language() == OWN:
            return shop
        memory = self._memory()
        known = self._made.get(language())
        if known is None or known[0] is not shop or known[1] != memory.stamp:
            known = self._made[language()] = (shop, memory.stamp, _said(shop, memory))
        return known[2]


def _said(shop: Shop, memory: Memory) -> Shop:
    """Return it with its words said; titles of menus as the catalogue has them, where staff do not.

    A name, an address and a number are the same in every language.
    """

    def title(words: str) -> str:
        return memory.found(words) or gettext(words)

    def menu(links: Menu) -> Menu:
        return tuple((title(words), url) for words, url in links)

    steps = (
        {key: memory.said(it) if key in _OF_A_STEP else it for key, it in step.items()}
        for step in shop.how
    )
    return replace(
        shop,
        **{name: memory.said(getattr(shop, name)) for name in WORDS},
        how=tuple(steps),
        menus={name: menu(links) for name, links in shop.menus.items()},
        policies=tuple((handle, title(words)) for handle, words in shop.policies),
    )
