"""The lines of a session: what is sold, with which discount, in one currency."""

from dataclasses import dataclass

from . import coupons
from .catalog import price_of_line, shipping_rates
from .errors import StripeError
from .ids import new_id
from .store import Json, Transaction
from .totals import spread

MOST_LINES = 100


@dataclass(frozen=True)
class Cart:
    """What a session sells, before it is written."""

    items: list[Json]
    shipping: list[Json]
    currency: str
    coupon: Json | None

    @property
    def first_shipping(self) -> Json | None:
        """The rate that is chosen until the buyer chooses another."""
        return self.shipping[0] if self.shipping else None

    @property
    def subtotal(self) -> int:
        """All lines before discounts and taxes, in minor units."""
        return sum(item["amount_subtotal"] for item in self.items)


def cart(tx: Transaction, params: Json) -> Cart:
    """Make the items and rates of a session, or raise StripeError where Stripe would."""
    wanted = params["line_items"]
    if not 1 <= len(wanted) <= MOST_LINES:
        raise StripeError(
            message=f"A Checkout Session takes between 1 and {MOST_LINES} line items; you passed "
            f"{len(wanted)}.",
            param="line_items",
        )
    items = [_item(tx, line, f"line_items[{place}]") for place, line in enumerate(wanted)]
    rates = shipping_rates(tx, params.get("shipping_options", []))
    currency = _one_currency(items, rates)
    coupon = coupons.of_session(tx, params)
    if coupon is not None:
        _discount(items, coupons.amount_of(coupon, items, currency))
    return Cart(items, rates, currency, coupon)


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


def _discount(items: list[Json], amount: int) -> None:
    parts = spread(amount, [item["amount_subtotal"] for item in items])
    for item, part in zip(items, parts, strict=True):
        item["amount_discount"] = part
        item["amount_total"] -= part


def _item(tx: Transaction, line: Json, param: str) -> Json:
    price = price_of_line(tx, line, param)
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
        "description": tx.get(price["product"])["name"],
        "metadata": line.get("metadata", {}),
        "price": price,
        "quantity": line["quantity"],
    }
