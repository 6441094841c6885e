"""Customers: made, read, listed, named by a session.

Source: Stripe API 2026-08-26.dahlia, ``customer``.
"""

from . import events
from .errors import StripeError, no_such
from .ids import new_id
from .store import Json, Transaction

ADDRESS = ("city", "country", "line1", "line2", "postal_code", "state")


def full_address(given: Json | None) -> Json | None:
    """Return an address with every part that Stripe gives back, or None."""
    return None if given is None else {**dict.fromkeys(ADDRESS), **given}


def create(tx: Transaction, params: Json) -> Json:
    """Write a customer."""
    given = {name: params.get(name) for name in ("description", "email", "name", "phone")}
    customer = tx.add(
        {
            "id": new_id("cus", 14),
            "object": "customer",
            **given,
            "address": full_address(params.get("address")),
            "balance": 0,
            "cash_balance": None,
            "created": tx.now,
            "currency": None,
            "customer_account": None,
            "default_source": None,
            "delinquent": False,
            "discount": None,
            "invoice_prefix": None,
            "invoice_settings": {
                "custom_fields": None,
                "default_payment_method": None,
                "footer": None,
                "rendering_options": None,
            },
            "livemode": False,
            "metadata": params.get("metadata", {}),
            "preferred_locales": [],
            "shipping": None,
            "tax_exempt": "none",
            "test_clock": None,
        }
    )
    events.record(tx, "customer.created", customer)
    return customer


def named(tx: Transaction, params: Json) -> Json | None:
    """Return the customer a request names, or None; raise StripeError for one not there."""
    if "customer" not in params:
        return None
    if "customer_email" in params:
        raise StripeError(
            message="You may only specify one of these parameters: customer, customer_email."
        )
    customer = tx.find(params["customer"], "customer")
    if customer is None:
        raise no_such(params["customer"], "customer", "customer", status=400)
    return customer
