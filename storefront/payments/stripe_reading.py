"""What Stripe answers, in our words; its objects come as plain dictionaries."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from models.money import Money
from storefront.forms import normal_email
from storefront.payments.gateway import GatewayEvent, PaidSession, ToldDispute, ToldRefund

LONGEST_EMAIL, LONGEST_NAME = 254, 200  # Stripe takes longer ones than we keep


def session_from(found: Mapping[str, Any]) -> PaidSession:
    """Return a payment page from a Checkout Session."""
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
        email=(customer.get("email") or "").lower()[:LONGEST_EMAIL] or None,
        name=(shipping.get("name") or customer.get("name") or "")[:LONGEST_NAME],
        address=_address(shipping),
        has_failed=_has_failed(found),
        is_live=bool(found.get("livemode")),
        tax_minor=_added_tax(found),
        created_at=_moment(found),
        paid_at=_paid_at(found),
    )


def _paid_at(found: Mapping[str, Any]) -> datetime | None:
    """Return when the charge was made, where the payment intent came with it."""
    intent = found.get("payment_intent")
    charge = intent.get("latest_charge") if isinstance(intent, Mapping) else None
    return _moment(charge) if isinstance(charge, Mapping) else None


def _moment(found: Mapping[str, Any]) -> datetime:
    return datetime.fromtimestamp(found["created"], UTC)


def _added_tax(found: Mapping[str, Any]) -> int:
    """Return the tax that Stripe reckoned itself; ours is exclusive there, so it was added."""
    if not (found.get("automatic_tax") or {}).get("enabled"):
        return 0
    return int((found.get("total_details") or {}).get("amount_tax") or 0)


def refund_from(found: Mapping[str, Any]) -> ToldRefund:
    """Return a refund from Stripe's."""
    return ToldRefund(
        refund_id=found["id"],
        status=found.get("status") or "pending",
        amount=Money(found["amount"], found["currency"].upper()),
        payment_intent_id=_id_of(found.get("payment_intent")),
        key=(found.get("metadata") or {}).get("refund"),
        reason=(found.get("reason") or "")[:40],
        failure=(found.get("failure_reason") or "")[:200],
        created_at=_moment(found),
    )


def dispute_from(found: Mapping[str, Any]) -> ToldDispute:
    """Return a dispute from Stripe's; what it took is the sum of its balance transactions."""
    entries = found.get("balance_transactions") or []
    taken = -sum(int(it["amount"]) for it in entries if isinstance(it, Mapping))
    due = (found.get("evidence_details") or {}).get("due_by")
    return ToldDispute(
        dispute_id=found["id"],
        status=found["status"][:40],
        amount=Money(found["amount"], found["currency"].upper()),
        payment_intent_id=_id_of(found.get("payment_intent")),
        taken_minor=max(0, taken),
        reason=(found.get("reason") or "")[:60],
        due_at=datetime.fromtimestamp(due, UTC) if due else None,
        created_at=_moment(found),
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


def event_from(event: Mapping[str, Any]) -> GatewayEvent:
    """Return an event, and the ids of what it is about; nothing else of its body is believed.

    But whose card was declined: her address stands nowhere else while nothing is paid.
    """
    about = event["data"]["object"]
    kind = about.get("object")
    intent = about.get("id") if kind == "payment_intent" else _id_of(about.get("payment_intent"))
    return GatewayEvent(
        id=str(event["id"])[:255],
        type=str(event["type"])[:120],
        object_id=str(about.get("id") or "")[:255],
        is_live=bool(event["livemode"]),
        session_id=str(about["id"]) if kind == "checkout.session" else None,
        payment_intent_id=str(intent)[:255] if intent else None,
        dispute_id=str(about["id"]) if kind == "dispute" else None,
        metadata=dict(about.get("metadata") or {}),
        email=_declined(about),
    )


def _declined(about: Mapping[str, Any]) -> str | None:
    """Return the address that was typed with a card that was declined, where there is one."""
    error = about.get("last_payment_error") or {}
    method = error.get("payment_method") or {}
    typed = (method.get("billing_details") or {}).get("email")
    return normal_email(typed) if isinstance(typed, str) else None
