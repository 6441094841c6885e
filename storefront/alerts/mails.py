"""The letters of this room; each cause once, each with the link that stops it."""

from collections.abc import Sequence
from urllib.parse import quote

from sqlalchemy.orm import Session

from models import CartReminder, Order, Product, StockAlert
from storefront.alerts.links import Links, Purpose
from storefront.cart.views import LineView
from storefront.config import Settings
from storefront.mail.outbox import Letter, post
from storefront.site import Shop


class AlertMails:
    """Writes these mails into the outbox."""

    def __init__(self, settings: Settings, shop: Shop) -> None:
        """Remember what every mail needs: the shop, and its address."""
        self.links = Links(settings.site_url, settings.secret_key)
        self._site_url = settings.site_url
        self._shop = shop

    def confirm_stock(self, session: Session, alert: StockAlert, key: str, title: str) -> None:
        """Send the link that confirms who wants to know of a variant. key: of this asking."""
        url = self.links.url(Purpose.CONFIRM_STOCK, key)
        name = "stock_alert_confirm"
        self._post(session, f"{name}:{key}", alert.email, name, url=url, product_title=title)

    def back_in_stock(
        self, session: Session, alert: StockAlert, stamp: str, title: str, path: str
    ) -> bool:
        """Say that a variant can be had again; once for each time that she was called (stamp)."""
        stop = self.links.url(Purpose.STOP_STOCK, alert.key)
        return self._post(
            session,
            f"back_in_stock:{alert.key}:{stamp}",
            alert.email,
            "back_in_stock",
            stop_url=stop,
            url=self._site_url + path,
            product_title=title,
        )

    def confirm_cart(self, session: Session, reminder: CartReminder, key: str) -> None:
        """Send the link that confirms who wants to be reminded of a cart. key: of this asking."""
        url = self.links.url(Purpose.CONFIRM_CART, key)
        name = "cart_reminder_confirm"
        self._post(session, f"{name}:{key}", reminder.email, name, url=url)

    def cart_reminder(
        self, session: Session, reminder: CartReminder, place: int, lines: Sequence[LineView]
    ) -> bool:
        """Remind of a cart. place: 1 or 2, which of its mails it is; each once."""
        return self._post(
            session,
            f"cart_reminder:{reminder.key}:{place}",
            reminder.email,
            "cart_reminder",
            stop_url=self.links.url(Purpose.STOP_CART, reminder.key),
            url=self.links.url(Purpose.OPEN_CART, reminder.key),
            lines=lines,
            is_last=place > 1,
        )

    def review_invitation(
        self, session: Session, order: Order, products: Sequence[Product]
    ) -> bool:
        """Ask the buyer of an order what she says of what came with it; once for each order."""
        page, token = f"{self._site_url}/orders/{order.number}/reviews", quote(order.token)
        pages = [(it.title, f"{page}/{it.handle}?token={token}") for it in products]
        return self._post(
            session,
            f"review_invitation:{order.number}",
            order.email or "",
            "review_invitation",
            stop_url=self.links.url(Purpose.STOP_REVIEWS, order.number),
            order_id=order.id,
            order_number=order.number,
            name=order.name,
            pages=pages,
            url=pages[0][1],
            product_title=pages[0][0],
        )

    def _post(  # noqa: PLR0913 (what a letter is made of)
        self,
        session: Session,
        key: str,
        recipient: str,
        template: str,
        *,
        stop_url: str = "",
        order_id: int | None = None,
        **context: object,
    ) -> bool:
        """Write a mail; one that can be stopped says so to mail programs too (RFC 8058)."""
        shop = {"shop_name": self._shop.name, "site_url": self._site_url, "stop_url": stop_url}
        headers = {
            "List-Unsubscribe": f"<{stop_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        letter = Letter(
            key=key,
            recipient=recipient,
            template=template,
            context=shop | context,
            order_id=order_id,
            headers=headers if stop_url else {},
        )
        return post(session, letter)
