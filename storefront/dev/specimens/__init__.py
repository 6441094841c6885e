"""Every component in every state, with values made up once and for all: no clock, no database."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from storefront.dev.specimens import back_office, orders, parts, shelf, texts, till, typed, voices


@dataclass(frozen=True, slots=True)
class Family:
    """Components that stand on one page, ``dev/specimens/<handle>.html``.

    sheets: what it needs beside ``site.css``; scripts: beside ``site.js``. values: what its
    template shows, made when it is asked for.
    """

    title: str
    sheets: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    values: Callable[[], Mapping[str, Any]] = dict


FAMILIES: Mapping[str, Family] = MappingProxyType(
    {
        "tokens": Family("Colours, type and space"),
        "forms": Family("Buttons and forms", ("sent-pictures",), values=typed.values),
        "messages": Family(
            "Notices and what to do when there is nothing", ("search",), values=parts.messages
        ),
        "products": Family("Products", values=shelf.products),
        "pictures": Family(
            "Pictures and films",
            ("sent-pictures", "gallery"),
            ("video", "gallery"),
            values=shelf.pictures,
        ),
        "cards": Family("Texts in lists", ("search",), values=texts.cards),
        "reading": Family("Texts and what stands beside them", values=texts.reading),
        "voices": Family("Comments, reviews and questions", values=voices.values),
        "routines": Family("Routines and their log", ("player",), values=texts.routines),
        "frame": Family("Head, ways and foot", ("search",), ("search",), values=parts.values),
        "cart": Family("Cart", values=till.cart),
        "drawer": Family("Cart drawer", scripts=("dev",), values=till.drawers),
        "orders": Family("Orders", ("orders",), values=orders.values),
        "staff": Family("Back office", ("staff",), values=back_office.values),
    }
)
