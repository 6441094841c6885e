"""PaymentMethods: test cards by token, test accounts by IBAN.

Source: Stripe API 2026-08-26.dahlia, ``payment_method``; Stripe docs, "Testing".
"""

from datetime import UTC, datetime

from .cards import TOKENS, PaymentCard, card
from .customers import full_address
from .errors import StripeError, missing_parameter, no_such
from .ids import new_id
from .store import Json, Transaction

# The debit fails: those of Stripe's docs, "SEPA Direct Debit payments", and of Stripe's CLI.
FAILING_IBANS = frozenset(
    {"AT861904300235473202", "DE62370400440532013001", "IT60X0542811101000000123456"}
)
SHORTEST_IBAN = 15
PAGE_IBAN = "DE89370400440532013000"
NAMED = "pm_card_"


def create(tx: Transaction, params: Json) -> Json:
    """Write a payment method; what it stands for is kept beside it and never shown."""
    kind = params["type"]
    if kind not in params:
        raise missing_parameter(kind)
    if kind == "card":
        token = params["card"]["token"]
        number = TOKENS.get(token.removeprefix("tok_"))
        if number is None:
            raise no_such(token, "token", "card[token]", status=400)
        return _add(tx, params, {"number": number}, _card(_typed(tx, number)))
    iban = params["sepa_debit"]["iban"].replace(" ", "").upper()
    if len(iban) < SHORTEST_IBAN or not iban.isalnum():
        raise StripeError(message="The IBAN is invalid.", param="sepa_debit[iban]")
    return _add(tx, params, {"iban": iban}, _account(iban))


def of_card(tx: Transaction, paid_with: PaymentCard, person: Json) -> str:
    """Write the payment method of a card that was typed on the pay page; return its id."""
    secret = {"number": paid_with.number}
    told = {"type": "card", "billing_details": person}
    return str(_add(tx, told, secret, _card(paid_with))["id"])


def of_account(tx: Transaction, kind: str, person: Json) -> str:
    """Write the payment method of the pay page's bank account; return its id."""
    details = _account(PAGE_IBAN) if kind == "sepa_debit" else _us_account()
    told = {"type": kind, "billing_details": person}
    return str(_add(tx, told, {"iban": PAGE_IBAN}, details)["id"])


def find(tx: Transaction, method_id: str) -> Json:
    """Return the payment method; a name of a test card (``pm_card_visa``) makes a new one."""
    found = tx.find(method_id, "payment_method")
    if found is not None:
        return found
    if method_id.startswith(NAMED) and method_id.removeprefix(NAMED) in TOKENS:
        token = f"tok_{method_id.removeprefix(NAMED)}"
        return create(tx, {"type": "card", "card": {"token": token}})
    raise no_such(method_id, "PaymentMethod", "payment_method", status=400)


def card_of(tx: Transaction, method: Json) -> PaymentCard:
    """Return the test card behind a payment method of type *card*."""
    return _typed(tx, tx.get(_secret(method))["number"])


def debit_succeeds(tx: Transaction, method: Json) -> bool:
    """Tell whether a debit of this account will succeed."""
    return tx.get(_secret(method))["iban"] not in FAILING_IBANS


def person_of(method: Json) -> Json:
    """Return the buyer as the pay page would have asked for them."""
    return {name: method["billing_details"][name] for name in ("address", "email", "name", "phone")}


def _secret(method: Json) -> str:
    return f"{method['id']}/secret"


def _typed(tx: Transaction, number: str) -> PaymentCard:
    """Return the card with an expiry that is always next year's, as Stripe's test cards have."""
    today = datetime.fromtimestamp(tx.moment, UTC)
    return card(number, today.month, today.year + 1)


def _add(tx: Transaction, params: Json, secret: Json, details: Json) -> Json:
    given = params.get("billing_details", {})
    method = tx.add(
        {
            "id": new_id("pm"),
            "object": "payment_method",
            "allow_redisplay": "unspecified",
            "billing_details": {
                **{name: given.get(name) for name in ("email", "name", "phone")},
                "address": full_address(given.get("address") or {}),
                "tax_id": None,
            },
            "created": tx.now,
            "customer": None,
            "customer_account": None,
            "livemode": False,
            "metadata": params.get("metadata", {}),
            "type": params["type"],
            params["type"]: details,
        }
    )
    tx.add({"id": _secret(method), **secret}, kind="secret")
    return method


def _card(paid_with: PaymentCard) -> Json:
    return {
        "brand": paid_with.brand,
        "checks": {
            "address_line1_check": None,
            "address_postal_code_check": None,
            "cvc_check": "pass",
        },
        "country": "US",
        "display_brand": paid_with.brand,
        "exp_month": paid_with.exp_month,
        "exp_year": paid_with.exp_year,
        "fingerprint": None,
        "funding": "credit",
        "generated_from": None,
        "last4": paid_with.last4,
        "networks": {"available": [paid_with.brand], "preferred": None},
        "regulated_status": "unregulated",
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def _account(iban: str) -> Json:
    return {
        "bank_code": iban[4:12] if iban.startswith("DE") else iban[4:9],
        "branch_code": None,
        "country": iban[:2],
        "fingerprint": None,
        "generated_from": {"charge": None, "setup_attempt": None},
        "last4": iban[-4:],
    }


def _us_account() -> Json:
    return {
        "account_holder_type": "individual",
        "account_type": "checking",
        "bank_name": "STRIPE TEST BANK",
        "financial_connections_account": None,
        "fingerprint": None,
        "last4": "6789",
        "networks": {"preferred": "ach", "supported": ["ach"]},
        "routing_number": "110000000",
        "status_details": {},
    }
