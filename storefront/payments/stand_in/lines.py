"""Line items and shipping rates made from inline data, and what they add up to."""

from dataclasses import dataclass

from .errors import StripeError
from .ids import new_id
from .money import minimum, shown
from .store import Json, Transaction

MOST_LINES, MOST_SHIPPING_OPTIONS = 100, 5


@dataclass(frozen=True)
class Cart:
    """What a session sells, before it is written; amounts in minor units."""

    items: list[Json]
    shipping: list[Json]
    currency: str
    subtotal: int

    @property
    def first_shipping(self) -> Json | None:
        """The rate that is chosen until the buyer chooses another."""
        return self.shipping[0] if self.shipping else None


def cart(tx: Transaction, params: Json) -> Cart:
    """Make the items and rates of a session, or raise StripeError where Stripe would."""
    wanted = params["line_items"]
    if not 1 <= len(wanted) <= MOST_LINES:
        raise StripeError(
            message=f"A Checkout Session takes between 1 and {MOST_LINES} line items; you passed "
            f"{len(wanted)}.",
            param="line_items",
        )
    options = params.get("shipping_options", [])
    if len(options) > MOST_SHIPPING_OPTIONS:
        raise StripeError(
            message=f"You can pass at most {MOST_SHIPPING_OPTIONS} shipping options.",
            param="shipping_options",
        )
    items = [_item(tx, line) for line in wanted]
    rates = [_rate(tx, option["shipping_rate_data"]) for option in options]
    currency = _one_currency(items, rates)
    subtotal = sum(item["amount_subtotal"] for item in items)
    _refuse_a_tiny_total(subtotal + (_price_of(rates[0]) if rates else 0), currency)
    return Cart(items, rates, currency, subtotal)


def _one_currency(items: list[Json], rates: list[Json]) -> str:
    currencies = {item["currency"] for item in items}
    currencies |= {rate["fixed_amount"]["currency"] for rate in rates}
    if len(currencies) > 1:
        raise StripeError(
            message="All prices and shipping rates of a Checkout Session must have the same "
            f"currency; these have {', '.join(sorted(currencies))}.",
            param="line_items",
        )
    return str(currencies.pop())


def _refuse_a_tiny_total(total: int, currency: str) -> None:
    # Nothing to pay at all is allowed; it completes without a payment.
    if 0 < total < minimum(currency):
        raise StripeError(
            message="The Checkout Session's total amount due must add up to at least "
            f"{shown(minimum(currency), currency)} {currency}",
            code="amount_too_small",
        )


def _item(tx: Transaction, line: Json) -> Json:
    price = _price(tx, line["price_data"])
    amount = price["unit_amount"] * line["quantity"]
    return {
        "id": new_id("li"),
        "object": "item",
        "adjustable_quantity": None,
        "amount_discount": 0,
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "currency": price["currency"],
        "description": line["price_data"]["product_data"]["name"],
        "metadata": line.get("metadata", {}),
        "price": price,
        "quantity": line["quantity"],
    }


def _price(tx: Transaction, data: Json) -> Json:
    product = tx.add(_product(tx, data["product_data"]))
    return {
        "id": new_id("price"),
        "object": "price",
        "active": False,
        "billing_scheme": "per_unit",
        "created": tx.now,
        "currency": data["currency"],
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": None,
        "metadata": {},
        "nickname": None,
        "product": product["id"],
        "recurring": None,
        "tax_behavior": data.get("tax_behavior", "unspecified"),
        "tiers_mode": None,
        "transform_quantity": None,
        "type": "one_time",
        "unit_amount": data["unit_amount"],
        "unit_amount_decimal": str(data["unit_amount"]),
    }


def _product(tx: Transaction, data: Json) -> Json:
    return {
        "id": new_id("prod", 14),
        "object": "product",
        "active": False,
        "created": tx.now,
        "default_price": None,
        "description": data.get("description"),
        "images": data.get("images", []),
        "livemode": False,
        "marketing_features": [],
        "metadata": data.get("metadata", {}),
        "name": data["name"],
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": data.get("tax_code"),
        "unit_label": data.get("unit_label"),
        "updated": tx.now,
        "url": None,
    }


def _rate(tx: Transaction, data: Json) -> Json:
    estimate = data.get("delivery_estimate")
    return tx.add(
        {
            "id": new_id("shr"),
            "object": "shipping_rate",
            "active": True,
            "created": tx.now,
            "delivery_estimate": estimate and {"minimum": None, "maximum": None} | estimate,
            "display_name": data["display_name"],
            "fixed_amount": data["fixed_amount"],
            "livemode": False,
            "metadata": data.get("metadata", {}),
            "tax_behavior": data.get("tax_behavior", "unspecified"),
            "tax_code": data.get("tax_code"),
            "type": "fixed_amount",
        }
    )


def _price_of(rate: Json) -> int:
    return int(rate["fixed_amount"]["amount"])


def choose_shipping(session: Json, rate: Json | None) -> None:
    """Put this rate on the session and add it up; None is no shipping at all."""
    amount = 0 if rate is None else _price_of(rate)
    session["amount_total"] = session["amount_subtotal"] + amount
    session["total_details"] = {
        "amount_discount": 0,
        "amount_shipping": amount,
        "amount_tax": 0,
    }
    if rate is not None:
        session["shipping_cost"] = {
            "amount_subtotal": amount,
            "amount_tax": 0,
            "amount_total": amount,
            "shipping_rate": rate["id"],
        }
