"""Stripe, by its own library: the only module that imports it."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import stripe

from models.money import Money, decimals
from storefront.config import Settings
from storefront.logs import log
from storefront.payments.gateway import (
    BadEventError,
    GatewayEvent,
    GatewayRefusedError,
    GatewayUnavailableError,
    PaidSession,
    WantedLine,
    WantedSession,
)

API_VERSION = "2026-08-26.dahlia"
TIMEOUT_S = (3, 10)  # to connect, to answer
RETRIES = 2
TOLERANCE_S = 300
FUTURE_S = 60  # how far ahead of ours Stripe's clock may be

LONGEST_EMAIL, LONGEST_NAME = 254, 200  # Stripe takes longer ones than we keep
LONGEST_COUPON = 40  # the name of a coupon. Source: docs.stripe.com/api/coupons
THREE_DECIMALS = 3


class StripeGateway:
    """A Gateway over Stripe Checkout's hosted page."""

    def __init__(self, settings: Settings) -> None:
        """Make the one client; nothing is asked yet."""
        self._webhook_secret = settings.stripe_webhook_secret
        self.is_live = settings.stripe_secret_key.startswith(("sk_live_", "rk_live_"))
        self._client = stripe.StripeClient(
            settings.stripe_secret_key,
            stripe_version=API_VERSION,
            base_addresses={"api": settings.stripe_api_base},
            max_network_retries=RETRIES,
            http_client=stripe.RequestsClient(timeout=TIMEOUT_S),
        )

    def open_session(self, wanted: WantedSession) -> PaidSession:
        """Open a payment page; see Gateway."""
        _refuse_fractions(wanted)
        v1 = self._client.v1

        def ask() -> Any:
            params = _params(wanted)
            if wanted.discount is not None:
                coupon = v1.coupons.create(
                    _coupon(wanted.discount), {"idempotency_key": f"{wanted.key}-coupon"}
                )
                params["discounts"] = [{"coupon": coupon.id}]
            return v1.checkout.sessions.create(params, {"idempotency_key": wanted.key})

        return _asked(ask)

    def fetch_session(self, session_id: str) -> PaidSession:
        """Return a payment page's state; see Gateway."""
        sessions = self._client.v1.checkout.sessions
        return _asked(lambda: sessions.retrieve(session_id, {"expand": ["payment_intent"]}))

    def expire_session(self, session_id: str) -> PaidSession:
        """Make a page unpayable; see Gateway."""
        try:
            return _asked(lambda: self._client.v1.checkout.sessions.expire(session_id))
        except GatewayRefusedError:  # it is complete or expired already: say which
            return self.fetch_session(session_id)

    def read_event(self, body: bytes, signature: str) -> GatewayEvent:
        """Return a signed event, or raise BadEventError.

        The library refuses old timestamps but takes future ones: those are refused here.
        """
        try:
            stripe.WebhookSignature.verify_header(
                body.decode(), signature, self._webhook_secret, TOLERANCE_S
            )
            event = json.loads(body)
            _refuse_future(signature)
            return _event(event)
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError) as error:
            raise BadEventError(str(error)) from error
        except RecursionError as error:  # a body of a hundred thousand brackets
            message = "too deep"
            raise BadEventError(message) from error


def _params(wanted: WantedSession) -> Any:  # the library's own type is a deep TypedDict
    metadata = {"order": wanted.order_number}
    params: dict[str, Any] = {
        "mode": "payment",
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
        "shipping_address_collection": {"allowed_countries": list(wanted.countries)},
        # Stripe may not change the amount: it must equal the order's.
        "adaptive_pricing": {"enabled": False},
        "automatic_tax": {"enabled": wanted.taxes_by_gateway},
    }
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


def _coupon(discount: WantedLine) -> Any:
    return {
        "amount_off": discount.unit_price.minor,
        "currency": discount.unit_price.currency.lower(),
        "duration": "once",
        "max_redemptions": 1,
        "name": discount.title[:LONGEST_COUPON],
    }


def _refuse_fractions(wanted: WantedSession) -> None:
    """Refuse amounts that Stripe cannot take: of three decimals it keeps two.

    Source: docs.stripe.com/currencies, three-decimal currencies.
    """
    parts = (*wanted.lines, wanted.discount, wanted.shipping)
    for part in (part for part in parts if part is not None):
        money = part.unit_price
        if decimals(money.currency) == THREE_DECIMALS and money.minor % 10:
            message = f"{money} cannot be paid by card: amounts in {money.currency} end in 0."
            raise GatewayRefusedError(message)


def _asked(ask: Callable[[], Any]) -> PaidSession:
    try:
        return _session(ask().to_dict())
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        raise GatewayUnavailableError(type(error).__name__) from error
    except stripe.InvalidRequestError as error:
        if error.code == "amount_too_small":
            message = "The total is below the smallest amount that can be paid by card."
            raise GatewayRefusedError(message) from error
        log.error("Stripe refused", extra={"reason": error.code or error.param})
        message = "Stripe does not take this payment. Nothing was charged."
        raise GatewayRefusedError(message) from error
    except stripe.StripeError as error:  # a wrong key, a missing right: ours to mend
        raise GatewayUnavailableError(type(error).__name__) from error


def _session(found: Mapping[str, Any]) -> PaidSession:
    customer = found.get("customer_details") or {}
    shipping = (found.get("collected_information") or {}).get("shipping_details") or {}
    return PaidSession(
        id=found["id"],
        status=found["status"] or "open",
        payment_status=found["payment_status"],
        amount=Money(found["amount_total"] or 0, (found["currency"] or "").upper()),
        url=found.get("url"),
        payment_intent_id=_id_of(found.get("payment_intent")),
        order_number=found.get("client_reference_id"),
        email=(customer.get("email") or "")[:LONGEST_EMAIL] or None,
        name=(shipping.get("name") or customer.get("name") or "")[:LONGEST_NAME],
        address=_address(shipping),
        has_failed=_has_failed(found),
        is_live=bool(found.get("livemode")),
    )


def _has_failed(found: Mapping[str, Any]) -> bool:
    """Say whether a delayed payment failed: the session stays complete and unpaid.

    Source: docs.stripe.com, payment status updates of PaymentIntents.
    """
    intent = found.get("payment_intent")
    is_waiting = found["status"] == "complete" and found["payment_status"] == "unpaid"
    if not is_waiting or not isinstance(intent, Mapping):
        return False
    return intent["status"] in {"requires_payment_method", "canceled"}


def _address(shipping: Mapping[str, Any]) -> dict[str, str] | None:
    address = shipping.get("address")
    if not address:
        return None
    parts = ("line1", "line2", "city", "state", "postal_code", "country")
    return {"name": shipping.get("name") or ""} | {part: address.get(part) or "" for part in parts}


def _id_of(found: str | Mapping[str, Any] | None) -> str | None:
    return found["id"] if isinstance(found, Mapping) else found


def _event(event: Mapping[str, Any]) -> GatewayEvent:
    about = event["data"]["object"]
    is_session = about.get("object") == "checkout.session"
    return GatewayEvent(
        id=str(event["id"])[:255],
        type=str(event["type"])[:120],
        object_id=str(about.get("id") or "")[:255],
        is_live=bool(event["livemode"]),
        session_id=str(about["id"]) if is_session else None,
        metadata=dict(about.get("metadata") or {}),
    )


def _refuse_future(signature: str) -> None:
    stamp = dict(part.partition("=")[::2] for part in signature.split(","))["t"]
    ahead = datetime.fromtimestamp(int(stamp), UTC).timestamp() - time.time()
    if ahead > FUTURE_S:
        message = "the event's time lies in the future"
        raise ValueError(message)
