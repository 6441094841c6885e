"""What Stripe is asked, in its own words; see docs.stripe.com/api/checkout/sessions/create."""

from typing import Any

from models.money import Money, decimals
from storefront.languages import lazy_gettext
from storefront.payments.gateway import GatewayRefusedError, WantedLine, WantedSession

LONGEST_COUPON = 40  # the name of a coupon. Source: docs.stripe.com/api/coupons
THREE_DECIMALS = 3


def session_params(wanted: WantedSession) -> Any:  # the library's own type is a deep TypedDict
    """Return the parameters of a payment page."""
    metadata = {"order": wanted.order_number}
    params: dict[str, Any] = {
        "mode": "payment",
        "locale": wanted.language,
        "line_items": [
            {
                "quantity": line.quantity,
                "price_data": {
                    "currency": line.unit_price.currency.lower(),
                    "unit_amount": line.unit_price.minor,
                    "tax_behavior": _tax_behavior(wanted),
                    "product_data": {"name": line.title},
                },
            }
            for line in wanted.lines
        ],
        "success_url": wanted.return_url,
        "cancel_url": wanted.cancel_url,
        "client_reference_id": wanted.order_number,
        "metadata": metadata,
        # Refund and dispute events carry only the payment intent's metadata.
        "payment_intent_data": {"metadata": metadata},
        "expires_at": int(wanted.expires_at.timestamp()),
        # Stripe may not change the amount: it must equal the order's.
        "adaptive_pricing": {"enabled": False},
        "automatic_tax": {"enabled": wanted.taxes_by_gateway},
    }
    if wanted.countries:
        params["shipping_address_collection"] = {"allowed_countries": list(wanted.countries)}
    if wanted.discount is None:  # Stripe takes one of the two alone
        params["allow_promotion_codes"] = False
    if wanted.shipping is not None:
        params["shipping_options"] = [{"shipping_rate_data": _shipping(wanted, wanted.shipping)}]
    return params | ({"customer_email": wanted.email} if wanted.email else {})


def _tax_behavior(wanted: WantedSession) -> str:
    return "exclusive" if wanted.taxes_by_gateway else "inclusive"


def _shipping(wanted: WantedSession, shipping: WantedLine) -> dict[str, Any]:
    return {
        "type": "fixed_amount",
        "display_name": shipping.title,
        "tax_behavior": _tax_behavior(wanted),
        "fixed_amount": {
            "amount": shipping.unit_price.minor,
            "currency": shipping.unit_price.currency.lower(),
        },
    }


def coupon_params(discount: WantedLine) -> Any:
    """Return the parameters of a coupon that takes an amount off one payment."""
    return {
        "amount_off": discount.unit_price.minor,
        "currency": discount.unit_price.currency.lower(),
        "duration": "once",
        "max_redemptions": 1,
        "name": discount.title[:LONGEST_COUPON],
    }


def takes(amount: Money) -> bool:
    """Say whether Stripe takes an amount as it is: of three decimals it keeps two.

    Source: docs.stripe.com/currencies, three-decimal currencies.
    """
    return decimals(amount.currency) != THREE_DECIMALS or amount.minor % 10 == 0


def refuse_fractions(wanted: WantedSession) -> None:
    """Refuse a page with an amount that Stripe does not take."""
    parts = (*wanted.lines, wanted.discount, wanted.shipping)
    for part in (part for part in parts if part is not None):
        money = part.unit_price
        if not takes(money):
            message = lazy_gettext(
                "%(amount)s cannot be paid by card: amounts in %(currency)s end in 0.",
                amount=money,
                currency=money.currency,
            )
            raise GatewayRefusedError(message)
