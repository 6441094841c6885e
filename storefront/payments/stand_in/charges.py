"""Charges: one attempt to take money. Source: Stripe API 2026-08-26.dahlia, ``charge``."""

from . import events
from .cards import Decline, PaymentCard
from .ids import new_id
from .store import Json, Transaction

UNUSED = (
    "application", "application_fee", "application_fee_amount", "balance_transaction",
    "failure_balance_transaction", "failure_code", "failure_message",
    "on_behalf_of", "receipt_email", "receipt_number", "receipt_url", "review",
    "source_transfer", "statement_descriptor", "statement_descriptor_suffix",
    "transfer_data", "transfer_group",
)  # fmt: skip


def create(tx: Transaction, intent: Json, person: Json, method: Json, status: str) -> Json:
    """Write a charge of the whole intent; ``status`` is succeeded, pending or failed."""
    is_taken = status == "succeeded"
    return tx.add(
        {
            "id": new_id("ch" if method["type"] == "card" else "py"),
            "object": "charge",
            **dict.fromkeys(UNUSED),
            "amount": intent["amount"],
            "amount_captured": intent["amount"] if is_taken else 0,
            "amount_refunded": 0,
            "billing_details": _billing_details(person),
            "calculated_statement_descriptor": "STAND-IN",
            "captured": is_taken,
            "created": tx.now,
            "currency": intent["currency"],
            "customer": intent["customer"],
            "description": intent["description"],
            "disputed": False,
            "fraud_details": {},
            "livemode": False,
            "metadata": intent["metadata"],
            "outcome": _outcome(None),
            "paid": status != "failed",
            "payment_intent": intent["id"],
            "payment_method": intent["payment_method"],
            "payment_method_details": method,
            "refunded": False,
            "shipping": intent["shipping"],
            "status": status,
        }
    )


def succeed(tx: Transaction, charge: Json) -> None:
    """Take the money."""
    charge["status"], charge["paid"], charge["captured"] = "succeeded", True, True
    charge["amount_captured"] = charge["amount"]
    tx.save(charge)
    events.record(tx, "charge.succeeded", charge)


def fail(tx: Transaction, charge: Json, decline: Decline) -> None:
    """Write down why no money was taken."""
    charge["status"], charge["paid"] = "failed", False
    charge["failure_code"], charge["failure_message"] = decline.code, decline.message
    charge["outcome"] = _outcome(decline)
    tx.save(charge)
    events.record(tx, "charge.failed", charge)


def _billing_details(person: Json) -> Json:
    return {**{key: person[key] for key in ("address", "email", "name", "phone")}, "tax_id": None}


def _outcome(decline: Decline | None) -> Json:
    refused = decline is not None
    return {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "declined_by_network" if refused else "approved_by_network",
        "reason": decline.reason if decline else None,
        "risk_level": "normal",
        "risk_score": 20,
        "seller_message": decline.message if decline else "Payment complete.",
        "type": "issuer_declined" if refused else "authorized",
    }


def card_method(card: PaymentCard, *, was_authenticated: bool = False) -> Json:
    """Return ``payment_method_details`` of a card."""
    return {
        "type": "card",
        "card": {
            "amount_authorized": None,
            "authorization_code": None,
            "brand": card.brand,
            "checks": {
                "address_line1_check": "pass",
                "address_postal_code_check": "pass",
                "cvc_check": "pass",
            },
            "country": "US",
            "exp_month": card.exp_month,
            "exp_year": card.exp_year,
            "fingerprint": None,
            "funding": "credit",
            "installments": None,
            "last4": card.last4,
            "mandate": None,
            "network": card.brand,
            "network_token": None,
            "network_transaction_id": None,
            "regulated_status": "unregulated",
            "three_d_secure": _three_d_secure() if was_authenticated else None,
            "wallet": None,
        },
    }


def _three_d_secure() -> Json:
    return {
        "authentication_flow": "challenge",
        "electronic_commerce_indicator": "05",
        "exemption_indicator": None,
        "result": "authenticated",
        "result_reason": None,
        "transaction_id": None,
        "version": "2.2.0",
    }


def bank_method(kind: str) -> Json:
    """Return ``payment_method_details`` of a bank debit of this kind."""
    if kind == "sepa_debit":
        account: Json = {
            "bank_code": "37040044",
            "branch_code": None,
            "country": "DE",
            "fingerprint": None,
            "last4": "3000",
            "mandate": None,
        }
    else:
        account = {
            "account_holder_type": "individual",
            "account_type": "checking",
            "bank_name": "STRIPE TEST BANK",
            "fingerprint": None,
            "last4": "6789",
            "payment_reference": None,
            "routing_number": "110000000",
        }
    return {"type": kind, kind: account}
