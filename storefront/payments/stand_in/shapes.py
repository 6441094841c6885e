"""The parameters each endpoint takes. Source: Stripe API 2026-08-26.dahlia, spec3.json."""

from collections.abc import Mapping
from typing import Any

from .params import (
    Reader,
    boolean,
    choice,
    currency,
    email,
    group,
    integer,
    listing,
    metadata,
    percent,
    refused,
    text,
)
from .store import Json

EXPAND: Mapping[str, Reader] = {"expand": listing(text())}
TAX_BEHAVIOR = choice("exclusive", "inclusive", "unspecified")
PAYMENT_METHOD_TYPES = listing(choice("card", "sepa_debit", "us_bank_account"))
ADDRESS = group(
    dict.fromkeys(("city", "country", "line1", "line2", "postal_code", "state"), text())
)
SHIPPING = group(
    {"name": text(), "address": ADDRESS, "phone": text(), "carrier": text()},
    needs=("name", "address"),
)


def reads(fields: Mapping[str, Reader], *, needs: tuple[str, ...] = ()) -> Any:
    """Return the reader of a whole request: these fields, and ``expand``."""
    whole = group({**EXPAND, **fields}, needs=needs)
    return lambda sent: whole(sent, "")


ONE = reads({})


def created(sent: Any, name: str) -> Json:
    """Read a moment, or bounds on one."""
    if isinstance(sent, str):
        return {"gte": integer()(sent, name), "lte": integer()(sent, name)}
    bounds: Json = group(dict.fromkeys(("gt", "gte", "lt", "lte"), integer()))(sent, name)
    return bounds


PAGE: Mapping[str, Reader] = {
    "limit": integer(1),
    "starting_after": text(),
    "ending_before": text(),
}
NEWEST: Mapping[str, Reader] = {**PAGE, "created": created}
LINES = reads(PAGE)
SESSIONS = reads(
    {
        **NEWEST,
        "customer": text(),
        "customer_details": group({"email": text()}, needs=("email",)),
        "payment_intent": text(),
        "status": choice("open", "complete", "expired"),
    }
)
INTENTS = reads({**NEWEST, "customer": text()})
CHARGES = reads({**NEWEST, "customer": text(), "payment_intent": text()})
OF_A_CHARGE = reads({**NEWEST, "payment_intent": text(), "charge": text()})
EVENTS = reads({**NEWEST, "type": text(), "types": listing(text())})
COUPONS = reads(NEWEST)
CUSTOMERS = reads({**NEWEST, "email": text()})
METHODS = reads({**PAGE, "customer": text(), "type": text()})
PRODUCTS = reads({**NEWEST, "active": boolean})
PRICES = reads({**NEWEST, "active": boolean, "product": text(), "currency": currency})

create_refund = reads(
    {
        "charge": text(),
        "payment_intent": text(),
        "amount": integer(1),
        "reason": choice("duplicate", "fraudulent", "requested_by_customer"),
        "metadata": metadata,
        "currency": refused,
        "customer": refused,
        "instructions_email": refused,
        "origin": refused,
        "refund_application_fee": refused,
        "reverse_transfer": refused,
    }
)
update_refund = reads({"metadata": metadata})

create_coupon = reads(
    {
        "id": text(),
        "amount_off": integer(1),
        "currency": currency,
        "percent_off": percent,
        "duration": choice("once"),
        "name": text(40),
        "max_redemptions": integer(1),
        "redeem_by": integer(),
        "metadata": metadata,
        "applies_to": refused,
        "currency_options": refused,
        "duration_in_months": refused,
    }
)
update_coupon = reads({"name": text(40), "metadata": metadata, "currency_options": refused})

EVIDENCE_TEXTS = (
    "access_activity_log", "billing_address", "cancellation_policy_disclosure",
    "cancellation_rebuttal", "customer_email_address", "customer_name", "customer_purchase_ip",
    "duplicate_charge_explanation", "duplicate_charge_id", "product_description",
    "refund_policy_disclosure", "refund_refusal_explanation", "service_date",
    "shipping_address", "shipping_carrier", "shipping_date", "shipping_tracking_number",
    "uncategorized_text",
)  # fmt: skip
EVIDENCE_FILES = (
    "cancellation_policy", "customer_communication", "customer_signature",
    "duplicate_charge_documentation", "receipt", "refund_policy", "service_documentation",
    "shipping_documentation", "uncategorized_file",
)  # fmt: skip
update_dispute = reads(
    {
        "evidence": group(
            {
                **dict.fromkeys(EVIDENCE_TEXTS, text(150_000)),
                **dict.fromkeys((*EVIDENCE_FILES, "enhanced_evidence"), refused),
            }
        ),
        "metadata": metadata,
        "submit": boolean,
    }
)

create_product = reads(
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
create_price = reads(
    {
        "currency": currency,
        "product": text(),
        "unit_amount": integer(0),
        "tax_behavior": TAX_BEHAVIOR,
        "nickname": text(),
        "metadata": metadata,
        "recurring": refused,
        "product_data": refused,
        "unit_amount_decimal": refused,
    },
    needs=("currency", "product", "unit_amount"),
)
create_customer = reads(
    {
        "email": email,
        "name": text(256),
        "phone": text(20),
        "description": text(),
        "address": ADDRESS,
        "metadata": metadata,
        "source": refused,
        "payment_method": refused,
    }
)
BILLING = group({"email": email, "name": text(), "phone": text(), "address": ADDRESS})
create_payment_method = reads(
    {
        "type": choice("card", "sepa_debit"),
        "card": group(
            {"token": text(), "number": refused, "exp_month": refused, "exp_year": refused},
            needs=("token",),
        ),
        "sepa_debit": group({"iban": text(34)}, needs=("iban",)),
        "billing_details": BILLING,
        "metadata": metadata,
    },
    needs=("type",),
)
create_intent = reads(
    {
        "amount": integer(0),
        "currency": currency,
        "payment_method": text(),
        "payment_method_types": PAYMENT_METHOD_TYPES,
        "automatic_payment_methods": group(
            {"enabled": boolean, "allow_redirects": choice("always", "never")}, needs=("enabled",)
        ),
        "confirm": boolean,
        "customer": text(),
        "description": text(1000),
        "metadata": metadata,
        "receipt_email": email,
        "shipping": SHIPPING,
        "capture_method": choice("automatic", "automatic_async"),
        "confirmation_method": choice("automatic"),
        "return_url": text(),
    },
    needs=("amount", "currency"),
)
confirm_page = reads({"payment_method": text(), "expected_amount": integer(0)})
