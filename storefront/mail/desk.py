"""What every letter of the shop needs: who writes it, and where it goes."""

from collections.abc import Callable
from copy import copy
from typing import Self
from urllib.parse import quote

from sqlalchemy.orm import Session

from models import Order
from storefront.config import Settings
from storefront.mail.outbox import Letter, post
from storefront.sealing import gift_card_vault
from storefront.site import Shop


class Desk:
    """Puts letters into the outbox."""

    def __init__(
        self,
        settings: Settings,
        shop: Shop,
    ) -> None:
        """Remember what every mail needs: the shop, and its address."""
        self._deliver: Callable[[Session, Letter], object] = post
        self._site_url = settings.site_url
        self._shop = shop
        self.zone = settings.timezone  # in which days are told
        self.vault = gift_card_vault(settings.secret_key)

    def told_to(self, deliver: Callable[[Session, Letter], object]) -> Self:
        """Return the same, but for what becomes of a letter."""
        other = copy(self)
        other._deliver = deliver  # noqa: SLF001 (its own kind)
        return other

    def _of_order(
        self,
        session: Session,
        order: Order,
        template: str,
        key: str | None = None,
        **context: object,
    ) -> bool:
        """Write a mail to the buyer of an order; return whether there is a new one."""
        if not order.email:
            return False
        url = f"{self._site_url}/orders/{order.number}?token={quote(order.token)}"
        letter = Letter(
            key=key or f"{template}:{order.number}",
            recipient=order.email,
            template=template,
            context=self._context() | {"order": order, "order_url": url} | context,
            order_id=order.id,
        )
        return bool(self._deliver(session, letter))

    def _post(
        self, session: Session, key: str, recipient: str, template: str, **context: object
    ) -> None:
        self._deliver(session, Letter(key, recipient, template, self._context() | context))

    def _context(self) -> dict[str, object]:
        return {"shop_name": self._shop.name, "site_url": self._site_url}
