"""The Checkout Session as Stripe gives it, every field there.

Source: Stripe API 2026-08-26.dahlia, ``checkout.session``.
"""

from .store import Json

# Fields that are given back as they were sent, or null.
ECHOED = (
    "adaptive_pricing",
    "allow_promotion_codes",
    "billing_address_collection",
    "cancel_url",
    "client_reference_id",
    "customer_email",
    "locale",
    "submit_type",
    "success_url",
)
# Fields of things the stand-in does not do: always null, as at Stripe when not asked for.
UNUSED = (
    "client_secret", "consent", "currency_conversion",
    "customer_account", "integration_identifier", "invoice", "managed_payments",
    "optional_items", "origin_context", "payment_link", "payment_method_configuration_details",
    "permissions", "recovered_from", "saved_payment_method_options", "setup_intent",
    "shipping_cost", "subscription", "wallet_options", "collected_information", "payment_intent",
)  # fmt: skip
TEXTS = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")


def session_object(session_id: str, params: Json, known: Json) -> Json:
    """Return an open session made from ``params``; ``known`` holds what was computed."""
    return {
        "id": session_id,
        "object": "checkout.session",
        **dict.fromkeys(UNUSED),
        **{name: params.get(name) for name in ECHOED},
        "after_expiration": _after_expiration(params),
        "automatic_tax": _automatic_tax(params),
        "consent_collection": _consent_collection(params),
        "custom_fields": [],
        "custom_text": {name: params.get("custom_text", {}).get(name) for name in TEXTS},
        "customer_creation": params.get("customer_creation", "if_required"),
        "invoice_creation": _no_invoice(),
        "livemode": False,
        "metadata": params.get("metadata", {}),
        "mode": "payment",
        "payment_method_collection": "if_required",
        "payment_method_options": {"card": {"request_three_d_secure": "automatic"}},
        "payment_status": "unpaid",
        "phone_number_collection": params.get("phone_number_collection", {"enabled": False}),
        "shipping_address_collection": params.get("shipping_address_collection"),
        "status": "open",
        "ui_mode": "hosted_page",
        **known,
    }


def _automatic_tax(params: Json) -> Json:
    if not params.get("automatic_tax", {}).get("enabled"):
        return {"enabled": False, "liability": None, "provider": None, "status": None}
    return {
        "enabled": True,
        "liability": {"type": "self"},
        "provider": "stripe",
        "status": "requires_location_inputs",
    }


def _after_expiration(params: Json) -> Json | None:
    asked = params.get("after_expiration")
    if asked is None:
        return None
    recovery = asked.get("recovery")
    nothing_yet = {"allow_promotion_codes": False, "expires_at": None, "url": None}
    return {"recovery": None if recovery is None else nothing_yet | recovery}


def _consent_collection(params: Json) -> Json | None:
    asked = params.get("consent_collection")
    if asked is None:
        return None
    return {
        "payment_method_reuse_agreement": asked.get("payment_method_reuse_agreement"),
        "promotions": asked.get("promotions", "none"),
        "terms_of_service": asked.get("terms_of_service", "none"),
    }


def customer_details(
    *,
    email: str | None,
    name: str | None = None,
    phone: str | None = None,
    address: Json | None = None,
) -> Json:
    """Return ``customer_details`` as far as the buyer is known."""
    return {
        "address": address,
        "business_name": None,
        "email": email,
        "individual_name": None,
        "name": name,
        "phone": phone,
        "tax_exempt": "none",
        "tax_ids": [],
    }


def _no_invoice() -> Json:
    return {
        "enabled": False,
        "invoice_data": {
            "account_tax_ids": None,
            "custom_fields": None,
            "description": None,
            "footer": None,
            "issuer": None,
            "metadata": {},
            "rendering_options": None,
        },
    }
