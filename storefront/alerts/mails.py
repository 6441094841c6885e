"""The letters of this room; each cause once, each with the link that stops it."""

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import quote

from sqlalchemy.orm import Session

from models import CartReminder, Order, Product, StockAlert, Variant
from models.language import prefix, speaking
from storefront.alerts.links import Links, Purpose
from storefront.cart.views import LineView
from storefront.config import Settings
from storefront.mail.desk import said, variant_said
from storefront.mail.outbox import Letter, post
from storefront.site import Shop


class AlertMails:
    """Writes these mails into the outbox, each in the language of who receives it."""

    def __init__(self, settings: Settings, shop: Shop) -> None:
        """Remember what every mail needs: the shop, and its address."""
        self.links = Links(settings.site_url, settings.secret_key)
        self._root = settings.site_url
        self._shop = shop

    def confirm_stock(self, session: Session, alert: StockAlert, key: str, title: str) -> None:
        """Send the link that confirms who wants to know of a variant. key: of this asking.

        It speaks as the page on which it was asked for, as title does.
        """
        url = self.links.url(Purpose.CONFIRM_STOCK, key)
        name = "stock_alert_confirm"
        self._post(session, f"{name}:{key}", alert.email, name, url=url, product_title=title)

    def back_in_stock(
        self, session: Session, alert: StockAlert, stamp: str, variant: Variant, path: str
    ) -> bool:
        """Say that a variant can be had again; once for each time that she was called (stamp)."""
        with speaking(alert.language):
            return self._post(
                session,
                f"back_in_stock:{alert.key}:{stamp}",
                alert.email,
                "back_in_stock",
                stop_url=self.links.url(Purpose.STOP_STOCK, alert.key),
                url=self._root + prefix() + path,
                product_title=_title(session, variant),
            )

    def confirm_cart(self, session: Session, reminder: CartReminder, key: str) -> None:
        """Send the link that confirms who wants to be reminded of a cart. key: of this asking.

        It speaks as the page on which it was asked for.
        """
        url = self.links.url(Purpose.CONFIRM_CART, key)
        name = "cart_reminder_confirm"
        self._post(session, f"{name}:{key}", reminder.email, name, url=url)

    def cart_reminder(
        self, session: Session, reminder: CartReminder, place: int, lines: Sequence[LineView]
    ) -> bool:
        """Remind of a cart. place: 1 or 2, which of its mails it is; each once."""
        with speaking(reminder.language):
            return self._post(
                session,
                f"cart_reminder:{reminder.key}:{place}",
                reminder.email,
                "cart_reminder",
                stop_url=self.links.url(Purpose.STOP_CART, reminder.key),
                url=self.links.url(Purpose.OPEN_CART, reminder.key),
                lines=[_said_line(session, it) for it in lines],
                is_last=place > 1,
            )

    def review_invitation(
        self, session: Session, order: Order, products: Sequence[Product]
    ) -> bool:
        """Ask the buyer of an order what she says of what came with it; once for each order."""
        with speaking(order.language):
            page = f"{self._root}{prefix()}/orders/{order.number}/reviews"
            token = quote(order.token)
            pages = [
                (said(session, it.title), f"{page}/{it.handle}?token={token}") for it in products
            ]
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
        site_url = self._root + prefix()
        shop = {"shop_name": self._shop.name, "site_url": site_url, "stop_url": stop_url}
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


def _title(session: Session, variant: Variant) -> str:
    """Return what a variant is called in a sentence."""
    title = said(session, variant.product.title)
    return f"{title} ({variant_said(session, variant)})" if variant.options else title


def _said_line(session: Session, line: LineView) -> LineView:
    """Return a line of a cart as it is said now."""
    words = (it for _, it in line.options) if line.options else (line.variant_title,)
    return replace(
        line,
        title=said(session, line.title),
        variant_title=" / ".join(said(session, it) for it in words),
        promise=said(session, line.promise),
    )
