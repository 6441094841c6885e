"""PaymentIntents: what a session charges, over all its attempts.

Source: Stripe API 2026-08-26.dahlia, ``payment_intent``.
"""

from . import events
from .cards import Decline
from .customers import full_address
from .errors import doc_url
from .ids import new_id
from .sessions import shipping_details
from .store import Json, Transaction

UNUSED = (
    "allowed_payment_method_types", "application", "application_fee_amount", "canceled_at",
    "cancellation_reason", "customer_account", "excluded_payment_method_types",
    "last_payment_error", "latest_charge", "managed_payments", "next_action", "on_behalf_of",
    "automatic_payment_methods", "payment_method", "payment_method_configuration_details",
    "processing", "review", "statement_descriptor",
    "statement_descriptor_suffix", "transfer_data", "transfer_group",
)  # fmt: skip


def of_session(tx: Transaction, session: Json, person: Json) -> Json:
    """Return the session's intent, made at the first attempt, with today's buyer and amount."""
    if session["payment_intent"]:
        intent = tx.get(session["payment_intent"])
    else:
        intent = _create(tx, session)
    intent["amount"] = session["amount_total"]
    intent["shipping"] = _shipping(tx, session, person)
    tx.save(intent)
    if session["payment_intent"] is None:
        session["payment_intent"] = intent["id"]
        tx.save(session)
        events.record(tx, "payment_intent.created", intent)
    return intent


def create(tx: Transaction, params: Json) -> Json:
    """Make an intent that belongs to no session."""
    intent = _intent(tx, params, params.get("payment_method_types", ["card"]))
    if "shipping" in params:
        intent["shipping"] = full_shipping(params["shipping"])
        tx.save(intent)
    events.record(tx, "payment_intent.created", intent)
    return intent


def full_shipping(given: Json) -> Json:
    """Return a shipping address with every part that Stripe gives back."""
    return {
        "carrier": given.get("carrier"),
        "phone": given.get("phone"),
        "tracking_number": None,
        "name": given["name"],
        "address": full_address(given["address"]),
    }


def _create(tx: Transaction, session: Json) -> Json:
    intent_data = tx.get(f"{session['id']}/intent")
    known = {
        "amount": session["amount_total"],
        "currency": session["currency"],
        "customer": session["customer"],
    }
    return _intent(tx, {**intent_data, **known}, session["payment_method_types"])


def _intent(tx: Transaction, data: Json, payment_method_types: list[str]) -> Json:
    intent_id = new_id("pi")
    return tx.add(
        {
            "id": intent_id,
            "object": "payment_intent",
            **dict.fromkeys(UNUSED),
            "amount": data["amount"],
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": 0,
            "capture_method": "automatic_async",
            "client_secret": f"{intent_id}_{new_id('secret', 25)}",
            "confirmation_method": "automatic",
            "created": tx.now,
            "currency": data["currency"],
            "customer": data["customer"],
            "description": data.get("description"),
            "livemode": False,
            "metadata": data.get("metadata", {}),
            "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
            "payment_method_types": payment_method_types,
            "receipt_email": data.get("receipt_email"),
            "setup_future_usage": data.get("setup_future_usage"),
            "shipping": None,
            "status": "requires_payment_method",
        }
    )


def _shipping(tx: Transaction, session: Json, person: Json) -> Json | None:
    details = shipping_details(session, person)
    if details is None:
        given = tx.get(f"{session['id']}/intent").get("shipping")
        return full_shipping(given) if given else None
    return {**details, "carrier": None, "phone": person["phone"], "tracking_number": None}


def succeed(tx: Transaction, intent: Json, charge: Json) -> None:
    """Note that the charge has taken the money and nothing is left to pay."""
    intent["status"], intent["amount_received"] = "succeeded", intent["amount"]
    intent["next_action"] = intent["last_payment_error"] = None
    _remember(intent, charge)
    tx.save(intent)
    events.record(tx, "payment_intent.succeeded", intent)


def process(tx: Transaction, intent: Json, charge: Json) -> None:
    """Note that the money is on its way; success or failure comes later."""
    intent["status"], intent["next_action"] = "processing", None
    intent["last_payment_error"] = None
    _remember(intent, charge)
    tx.save(intent)
    events.record(tx, "payment_intent.processing", intent)


def fail(tx: Transaction, intent: Json, decline: Decline, charge: Json | None = None) -> None:
    """Take the failure down; the buyer may try again with another payment method."""
    intent["status"], intent["next_action"] = "requires_payment_method", None
    error: Json = {
        "type": "card_error",
        "code": decline.code,
        "doc_url": doc_url(decline.code),
        "message": decline.message,
    }
    if decline.decline_code:
        error["decline_code"] = decline.decline_code
    if intent["payment_method"]:
        error["payment_method"] = tx.get(intent["payment_method"])
    if charge is not None:
        error["charge"] = charge["id"]
        _remember(intent, charge)
    intent["payment_method"], intent["last_payment_error"] = None, error
    tx.save(intent)
    events.record(tx, "payment_intent.payment_failed", intent)


def ask_to_authenticate(tx: Transaction, intent: Json, address: str) -> None:
    """Send the buyer to ``address`` before anything is charged."""
    intent["status"], intent["last_payment_error"] = "requires_action", None
    intent["next_action"] = {
        "type": "redirect_to_url",
        "redirect_to_url": {"return_url": None, "url": address},
    }
    tx.save(intent)
    events.record(tx, "payment_intent.requires_action", intent)


def _remember(intent: Json, charge: Json) -> None:
    intent["latest_charge"], intent["payment_method"] = charge["id"], charge["payment_method"]
