"""What the payment page is asked for; the order's own copy decides, not the catalogue."""

from urllib.parse import quote

from models import Money, Order, OrderLine, Payment
from models.language import prefix, speaking
from storefront.languages import gettext
from storefront.payments.gateway import WantedLine, WantedSession


def wanted_session(
    payment: Payment, site_url: str, countries: tuple[str, ...], *, taxes_by_stripe: bool
) -> WantedSession:
    """Return what to ask the gateway for; the order's own copy decides, not the catalogue.

    countries: shipped to by an order that does not say so itself. The page speaks the order's
    language, and so does where it leads back to: asked once more, it is the same page.
    """
    order = payment.order
    here = site_url + prefix(order.language)
    currency = order.total.currency
    lines = [WantedLine(_name(line), line.unit_price, line.quantity) for line in order.lines]
    if order.tax_minor and not order.tax_is_included and not taxes_by_stripe:
        lines.append(WantedLine(order.tax_title, Money(order.tax_minor, currency), 1))
    whole = sum(line.unit_price.minor * line.quantity for line in lines)
    off = min(order.discount_minor + order.gift_minor, whole)
    # What is left of the card once the lines are paid is taken off shipping.
    shipping = order.shipping_minor - (order.discount_minor + order.gift_minor - off)
    return WantedSession(
        key=payment.key,
        order_number=order.number,
        lines=tuple(lines),
        discount=WantedLine(_off(order), Money(off, currency), 1) if off else None,
        shipping=WantedLine(order.shipping_title, Money(shipping, currency), 1)
        if order.shipping_title
        else None,
        return_url=f"{here}/checkout/return?session_id={{CHECKOUT_SESSION_ID}}",
        cancel_url=f"{here}/cart"
        if order.cart_id
        else f"{here}/orders/{order.number}?token={quote(order.token)}",
        expires_at=payment.expires_at,
        email=order.email,
        countries=_countries(order, countries),
        taxes_by_gateway=taxes_by_stripe,
        language=order.language,
    )


def _off(order: Order) -> str:
    """Return what is taken off the lines, as the payment page names it."""
    title = next((use.title for use in order.discounts if use.goods_minor), "")
    with speaking(order.language):
        if not order.gift_minor:
            return title or gettext("Discount")
        return gettext("Gift card and %(title)s", title=title) if title else gettext("Gift card")


def _countries(order: Order, countries: tuple[str, ...]) -> tuple[str, ...]:
    """Return where an order may go; nowhere where gift cards are all of it.

    Nobody is asked either where it goes with the order that it follows.
    """
    follows = order.follows_id is not None and bool((order.shipping_address or {}).get("line1"))
    if follows or all(line.is_gift_card for line in order.lines):
        return ()
    return tuple(order.ships_to) or countries


def _name(line: OrderLine) -> str:
    """Return what a line is called on the payment page, with when it ships if it must wait."""
    named = f"{line.title} ({line.variant_title})" if line.variant_title else line.title
    return f"{named}. {line.promise}" if line.promise else named
