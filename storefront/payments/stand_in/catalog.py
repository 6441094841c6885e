"""Products, prices and shipping rates: what a session sells.

Source: Stripe API 2026-08-26.dahlia, ``product``, ``price``, ``shipping_rate``.
"""

from . import events
from .errors import StripeError, no_such
from .ids import new_id
from .money import refuse_uneven
from .store import Json, Transaction


def create_product(tx: Transaction, params: Json) -> Json:
    """Write a product that can be sold again."""
    product = tx.add({**_product(tx, params), "active": True})
    events.record(tx, "product.created", product)
    return product


def create_price(tx: Transaction, params: Json) -> Json:
    """Write a price of a product that is there already."""
    product = tx.find(params["product"], "product")
    if product is None:
        raise no_such(params["product"], "product", "product", status=400)
    refuse_uneven(params["unit_amount"], params["currency"], "unit_amount")
    price = tx.add({**_price(tx, params, product["id"]), "active": True})
    events.record(tx, "price.created", price)
    return price


def price_of_line(tx: Transaction, line: Json, param: str) -> Json:
    """Return the price a line names, or the one made from its inline data."""
    if "price_data" not in line:
        price = tx.find(line["price"], "price")
        if price is None:
            raise no_such(line["price"], "price", f"{param}[price]", status=400)
        return price
    data = line["price_data"]
    refuse_uneven(data["unit_amount"], data["currency"], f"{param}[price_data][unit_amount]")
    product = tx.add(_product(tx, data["product_data"]))
    return _price(tx, data, product["id"])


def _price(tx: Transaction, data: Json, product_id: str) -> Json:
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
        "metadata": data.get("metadata", {}),
        "nickname": data.get("nickname"),
        "product": product_id,
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


MOST_SHIPPING_OPTIONS = 5


def shipping_rates(tx: Transaction, options: list[Json]) -> list[Json]:
    """Write the rates of a session's shipping options."""
    if len(options) > MOST_SHIPPING_OPTIONS:
        raise StripeError(
            message=f"You can pass at most {MOST_SHIPPING_OPTIONS} shipping options.",
            param="shipping_options",
        )
    return [
        _rate(tx, option["shipping_rate_data"], f"shipping_options[{place}][shipping_rate_data]")
        for place, option in enumerate(options)
    ]


def _rate(tx: Transaction, data: Json, param: str) -> Json:
    price = data["fixed_amount"]
    refuse_uneven(price["amount"], price["currency"], f"{param}[fixed_amount][amount]")
    estimate = data.get("delivery_estimate")
    return tx.add(
        {
            "id": new_id("shr"),
            "object": "shipping_rate",
            "active": True,
            "created": tx.now,
            "delivery_estimate": estimate and {"minimum": None, "maximum": None} | estimate,
            "display_name": data["display_name"],
            "fixed_amount": price,
            "livemode": False,
            "metadata": data.get("metadata", {}),
            "tax_behavior": data.get("tax_behavior", "unspecified"),
            "tax_code": data.get("tax_code"),
            "type": "fixed_amount",
        }
    )
