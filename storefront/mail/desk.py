"""What every letter of the shop needs: who writes it, and where it goes."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from copy import copy
from typing import Self
from urllib.parse import quote

from sqlalchemy.orm import Session

from models import Order, Variant
from models.language import OWN, prefix, speaking
from storefront.config import Settings
from storefront.mail.outbox import Letter, post
from storefront.sealing import gift_card_vault
from storefront.site import Shop
from storefront.translations.memory import Memory


def said(session: Session, text: str) -> str:
    """Return what a text of the catalogue says in the language that is spoken now."""
    memory: Memory | None = session.info.get("memory")
    return memory.said(text) if memory else text


def variant_said(session: Session, variant: Variant) -> str:
    """Return what tells a variant from others of its product, as it is said now."""
    return " / ".join(said(session, it) for it in variant.options)


class Desk:
    """Puts letters into the outbox, each in the language of who receives it."""

    def __init__(
        self,
        settings: Settings,
        shop: Shop,
    ) -> None:
        """Remember what every mail needs: the shop, and its address."""
        self._deliver: Callable[[Session, Letter], object] = post
        self._root = settings.site_url
        self._shop = shop
        self._always: str | None = None  # the language of every letter, whoever receives it
        self.zone = settings.timezone  # in which days are told
        self.vault = gift_card_vault(settings.secret_key)

    def told_to(
        self, deliver: Callable[[Session, Letter], object], speak: str | None = None
    ) -> Self:
        """Return the same, but for what becomes of a letter; speak: and for its language."""
        other = copy(self)
        other._deliver, other._always = deliver, speak  # noqa: SLF001 (its own kind)
        return other

    def _of_order(  # noqa: PLR0913 (what a letter is made of)
        self,
        session: Session,
        order: Order,
        template: str,
        about: Mapping[str, object] | None = None,
        *,
        key: str | None = None,
        paths: Mapping[str, str] | None = None,
    ) -> bool:
        """Write a mail to the buyer of an order; return whether there is a new one.

        about: what its context has beside the order, such as a refund; paths: what becomes an
        address in it, such as ``cart_url``.
        """
        if not order.email:
            return False
        paths = {"order_url": _order_path(order), **(paths or {})}
        with self._to(order.language):
            letter = Letter(
                key=key or f"{template}:{order.number}",
                recipient=order.email,
                template=template,
                context=self._context(paths) | {"order": order, **(about or {})},
                order_id=order.id,
            )
            return bool(self._deliver(session, letter))

    def _post(  # noqa: PLR0913 (what a letter is made of)
        self,
        session: Session,
        key: str,
        recipient: str,
        template: str,
        about: Mapping[str, object] | None = None,
        *,
        speak: str = OWN,
        paths: Mapping[str, str] | None = None,
        texts: Mapping[str, str] | None = None,
    ) -> None:
        """Write a mail in a language; to staff and suppliers it is always the shop's own.

        about: what its context has; paths: what becomes an address in it; texts: words of the
        catalogue.
        """
        with self._to(speak):
            whole = self._context(paths or {}) | dict(about or {})
            whole |= {name: said(session, text) for name, text in (texts or {}).items()}
            self._deliver(session, Letter(key, recipient, template, whole))

    def _to(self, speak: str) -> AbstractContextManager[None]:
        return speaking(self._always or speak)

    def _context(self, paths: Mapping[str, str]) -> dict[str, object]:
        """Return what every letter has, its addresses in the language that is spoken now."""
        site_url = self._root + prefix()
        whole = {name: site_url + path for name, path in paths.items()}
        return {"shop_name": self._shop.name, "site_url": site_url, "zone": self.zone, **whole}


def _order_path(order: Order) -> str:
    return f"/orders/{order.number}?token={quote(order.token)}"
