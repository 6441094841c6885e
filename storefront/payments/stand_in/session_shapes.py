"""The parameters of a new Checkout Session. Source: Stripe API 2026-08-26.dahlia, spec3.json."""

from typing import Any

from .errors import StripeError, missing_parameter, not_done_here
from .params import (
    boolean,
    choice,
    currency,
    email,
    group,
    inside,
    integer,
    listing,
    metadata,
    refused,
    switched_off,
    text,
    url,
)
from .shapes import EXPAND, PAYMENT_METHOD_TYPES, SHIPPING, TAX_BEHAVIOR
from .store import Json

SWITCH = group({"enabled": boolean}, needs=("enabled",))
MESSAGE = group({"message": text(1200)}, needs=("message",))

PRODUCT_DATA = group(
    {
        "name": text(),
        "description": text(40000),
        "images": listing(text()),
        "metadata": metadata,
        "tax_code": text(),
        "unit_label": text(12),
    },
    needs=("name",),
)
PRICE_DATA = group(
    {
        "currency": currency,
        "product_data": PRODUCT_DATA,
        "unit_amount": integer(0),
        "tax_behavior": TAX_BEHAVIOR,
        "product": refused,
        "recurring": refused,
        "unit_amount_decimal": refused,
    },
    needs=("currency", "product_data", "unit_amount"),
)
LINE_FIELDS = group(
    {
        "price": text(),
        "price_data": PRICE_DATA,
        "quantity": integer(1),
        "metadata": metadata,
        "adjustable_quantity": refused,
        "tax_rates": refused,
    },
)


def line_item(sent: Any, name: str) -> Json:
    """Read one line: a price by its id, or what a price is made of."""
    line: Json = LINE_FIELDS(sent, name)
    if "price" not in line and "price_data" not in line:
        raise missing_parameter(inside(name, "price_data"))
    if "price" in line and "price_data" in line:
        raise StripeError(
            message="You may only specify one of these parameters: price, price_data.", param=name
        )
    if "quantity" not in line:
        raise missing_parameter(inside(name, "quantity"))
    return line


ESTIMATE = group(
    {"unit": choice("business_day", "day", "hour", "month", "week"), "value": integer(1)},
    needs=("unit", "value"),
)
SHIPPING_RATE_DATA = group(
    {
        "display_name": text(100),
        "type": choice("fixed_amount"),
        "fixed_amount": group(
            {"amount": integer(0), "currency": currency}, needs=("amount", "currency")
        ),
        "delivery_estimate": group({"minimum": ESTIMATE, "maximum": ESTIMATE}),
        "metadata": metadata,
        "tax_behavior": TAX_BEHAVIOR,
        "tax_code": text(),
    },
    needs=("display_name", "fixed_amount"),
)
SHIPPING_OPTION = group(
    {"shipping_rate_data": SHIPPING_RATE_DATA, "shipping_rate": refused},
    needs=("shipping_rate_data",),
)
DISCOUNT = group({"coupon": text(), "promotion_code": refused}, needs=("coupon",))

# What Stripe takes here and the stand-in does not do: refused by name, never ignored.
NOT_DONE = (
    "branding_settings", "currency", "custom_fields", "customer_account",
    "customer_update", "excluded_payment_method_types", "integration_identifier",
    "name_collection", "optional_items", "origin_context", "payment_method_collection",
    "payment_method_configuration", "payment_method_data", "payment_method_options",
    "permissions", "redirect_on_completion", "return_url",
    "saved_payment_method_options", "setup_intent_data", "subscription_data", "wallet_options",
)  # fmt: skip
# The same, where a shop may say that it does not want it.
OFF = group({"enabled": switched_off}, needs=("enabled",))
SWITCHED_OFF = ("invoice_creation", "managed_payments", "tax_id_collection")


def create_session(sent: Json) -> Json:
    """Read ``POST /v1/checkout/sessions``; only hosted pages in payment mode are done."""
    if sent.get("mode") in {"setup", "subscription"}:
        raise not_done_here(what=f"mode={sent['mode']}", param="mode")
    values: Json = SESSION(sent, "")
    return values


SESSION = group(
    {
        **dict.fromkeys(NOT_DONE, refused),
        **dict.fromkeys(SWITCHED_OFF, OFF),
        "allow_promotion_codes": switched_off,
        **EXPAND,
        "mode": choice("payment", "setup", "subscription"),
        "line_items": listing(line_item),
        "discounts": listing(DISCOUNT),
        "automatic_tax": group({"enabled": boolean, "liability": refused}, needs=("enabled",)),
        "success_url": url,
        "cancel_url": url,
        "ui_mode": choice("hosted_page"),
        "customer": text(),
        "customer_email": email,
        "client_reference_id": text(200),
        "metadata": metadata,
        "payment_method_types": PAYMENT_METHOD_TYPES,
        "payment_intent_data": group(
            {
                "metadata": metadata,
                "description": text(1000),
                "receipt_email": email,
                "setup_future_usage": choice("off_session", "on_session"),
                "shipping": SHIPPING,
            }
        ),
        "expires_at": integer(),
        "shipping_address_collection": group(
            {"allowed_countries": listing(text(2))}, needs=("allowed_countries",)
        ),
        "shipping_options": listing(SHIPPING_OPTION),
        "after_expiration": group(
            {
                "recovery": group(
                    {"enabled": boolean, "allow_promotion_codes": boolean}, needs=("enabled",)
                )
            }
        ),
        "consent_collection": group(
            {
                "promotions": choice("auto", "none"),
                "terms_of_service": choice("none", "required"),
                "payment_method_reuse_agreement": group(
                    {"position": choice("auto", "hidden")}, needs=("position",)
                ),
            }
        ),
        "adaptive_pricing": group({"enabled": boolean}),
        "billing_address_collection": choice("auto", "required"),
        "customer_creation": choice("always", "if_required"),
        "locale": text(10),
        "phone_number_collection": SWITCH,
        "submit_type": choice("auto", "book", "donate", "pay"),
        "custom_text": group(
            dict.fromkeys(
                ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance"),
                MESSAGE,
            )
        ),
    },
    needs=("mode", "line_items", "success_url"),
)
