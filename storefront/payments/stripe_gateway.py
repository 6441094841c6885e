"""Stripe, by its own library: the only module that imports it."""

import json
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import stripe

from models.money import Money
from storefront.config import Settings
from storefront.languages import lazy_gettext
from storefront.logs import log
from storefront.payments.gateway import (
    BadEventError,
    GatewayEvent,
    GatewayRefusedError,
    GatewayUnavailableError,
    PaidSession,
    ToldDispute,
    ToldRefund,
    WantedSession,
)
from storefront.payments.stripe_asking import coupon_params, refuse_fractions, session_params
from storefront.payments.stripe_reading import (
    dispute_from,
    event_from,
    refund_from,
    session_from,
)

Answer = TypeVar("Answer")

API_VERSION = "2026-08-26.dahlia"
TIMEOUT_S = (3, 10)  # to connect, to answer
RETRIES = 2
PAGE = 100  # objects of one page of a list
TOLERANCE_S = 300
FUTURE_S = 60  # how far ahead of ours Stripe's clock may be


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
        refuse_fractions(wanted)
        v1 = self._client.v1

        def ask() -> Any:
            params = session_params(wanted)
            if wanted.discount is not None:
                coupon = v1.coupons.create(
                    coupon_params(wanted.discount), {"idempotency_key": f"{wanted.key}-coupon"}
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

    def refund(self, payment_intent_id: str, amount: Money, key: str, reason: str) -> ToldRefund:
        """Give money back; see Gateway."""
        params: Any = {
            "payment_intent": payment_intent_id,
            "amount": amount.minor,
            "metadata": {"refund": key},
        }
        if reason:
            params["reason"] = reason
        refunds = self._client.v1.refunds
        return refund_from(_told(lambda: refunds.create(params, {"idempotency_key": key})))

    def refunds_of(self, payment_intent_id: str) -> list[ToldRefund]:
        """Return all refunds of a payment; see Gateway."""
        refunds = self._client.v1.refunds
        params: Any = {"payment_intent": payment_intent_id, "limit": PAGE}
        return [refund_from(it) for it in _listed(lambda: refunds.list(params))]

    def fetch_dispute(self, dispute_id: str) -> ToldDispute:
        """Return a dispute; see Gateway."""
        disputes = self._client.v1.disputes
        return dispute_from(_told(lambda: disputes.retrieve(dispute_id)))

    def sessions_since(self, moment: datetime) -> list[PaidSession]:
        """Return the pages opened since a moment; see Gateway."""
        sessions = self._client.v1.checkout.sessions
        params = _since(moment) | {"expand": ["data.payment_intent.latest_charge"]}
        return [session_from(it) for it in _listed(lambda: sessions.list(params))]

    def refunds_since(self, moment: datetime) -> list[ToldRefund]:
        """Return the refunds made since a moment; see Gateway."""
        refunds = self._client.v1.refunds
        return [refund_from(it) for it in _listed(lambda: refunds.list(_since(moment)))]

    def disputes_since(self, moment: datetime) -> list[ToldDispute]:
        """Return the disputes opened since a moment; see Gateway."""
        disputes = self._client.v1.disputes
        return [dispute_from(it) for it in _listed(lambda: disputes.list(_since(moment)))]

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
            return event_from(event)
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError) as error:
            raise BadEventError(str(error)) from error
        except RecursionError as error:  # a body of a hundred thousand brackets
            message = "too deep"
            raise BadEventError(message) from error


def _asked(ask: Callable[[], Any]) -> PaidSession:
    return session_from(_told(ask))


def _listed(ask: Callable[[], Any]) -> list[Mapping[str, Any]]:
    """Return every object of a list, page by page."""
    return _in_our_words(lambda: [it.to_dict() for it in ask().auto_paging_iter()])


def _since(moment: datetime) -> Any:
    return {"created": {"gte": int(moment.timestamp())}, "limit": PAGE}


def _told(ask: Callable[[], Any]) -> Mapping[str, Any]:
    """Return one object."""
    return _in_our_words(lambda: ask().to_dict())


def _in_our_words(ask: Callable[[], Answer]) -> Answer:
    """Return Stripe's answer, or raise what a Gateway raises."""
    try:
        return ask()
    except (stripe.APIConnectionError, stripe.RateLimitError, stripe.APIError) as error:
        raise GatewayUnavailableError(type(error).__name__) from error
    except stripe.InvalidRequestError as error:
        if error.code == "amount_too_small":
            message = lazy_gettext(
                "The total is below the smallest amount that can be paid by card."
            )
            raise GatewayRefusedError(message) from error
        log.error("Stripe refused", extra={"reason": error.code or error.param})
        message = lazy_gettext("Stripe does not take this payment. Nothing was charged.")
        raise GatewayRefusedError(message, error.code or "") from error
    except stripe.StripeError as error:  # a wrong key, a missing right: ours to mend
        raise GatewayUnavailableError(type(error).__name__) from error


def _refuse_future(signature: str) -> None:
    stamp = dict(part.partition("=")[::2] for part in signature.split(","))["t"]
    ahead = datetime.fromtimestamp(int(stamp), UTC).timestamp() - time.time()
    if ahead > FUTURE_S:
        message = "the event's time lies in the future"
        raise ValueError(message)
