"""What a session adds up to: discount, shipping, tax, total; all in minor units.

The tax is the stand-in's own and no country's: 10 % of each line after its discount, and of
the shipping, each rounded half up; added where the price's ``tax_behavior`` is *exclusive*,
contained in it where it is *inclusive*. As at Stripe, ``automatic_tax`` begins as
``requires_location_inputs`` without any tax, and is ``complete`` from the address on.
"""

from decimal import Decimal

from .errors import StripeError
from .money import refuse_tiny, rounded
from .store import Json

TAX_PERCENT = 10


def spread(amount: int, over: list[int]) -> list[int]:
    """Split an amount in proportion, to the last unit: the sum is exact, no part too large."""
    left, rest, parts = amount, sum(over), []
    for each in over:
        part = left * each // rest if rest else 0
        parts.append(part)
        left, rest = left - part, rest - each
    return parts


def choose_shipping(session: Json, rate: Json | None) -> None:
    """Put this rate on the session, not yet added up; None is no shipping at all."""
    if rate is None:
        session["shipping_cost"] = None
        return
    amount = rate["fixed_amount"]["amount"]
    session["shipping_cost"] = {
        "amount_subtotal": amount,
        "amount_tax": 0,
        "amount_total": amount,
        "shipping_rate": rate["id"],
    }


def locate(session: Json) -> None:
    """Note that the buyer's address is known: from now on there is a tax, where one is asked."""
    if session["automatic_tax"]["enabled"]:
        session["automatic_tax"]["status"] = "complete"


def add_up(session: Json, items: list[Json], rate: Json | None) -> None:
    """Fill in every amount of the session and its items; ``rate`` is the chosen one."""
    is_taxed = session["automatic_tax"]["status"] == "complete"
    for item in items:
        net = item["amount_subtotal"] - item["amount_discount"]
        behavior = item["price"]["tax_behavior"] if is_taxed else None
        item["amount_tax"], item["amount_total"] = _taxed(net, behavior, session["currency"])
    shipping = session["shipping_cost"]
    if shipping is not None and rate is not None:
        behavior = rate["tax_behavior"] if is_taxed else None
        shipping["amount_tax"], shipping["amount_total"] = _taxed(
            shipping["amount_subtotal"], behavior, session["currency"]
        )
    sums = [*items, shipping] if shipping else items
    session["amount_total"] = sum(each["amount_total"] for each in sums)
    session["total_details"] = {
        "amount_discount": sum(item["amount_discount"] for item in items),
        "amount_shipping": shipping["amount_subtotal"] if shipping else 0,
        "amount_tax": sum(each["amount_tax"] for each in sums),
    }


def _taxed(net: int, behavior: str | None, currency: str) -> tuple[int, int]:
    """Return the tax on an amount, and the amount with it."""
    if behavior is None:
        return 0, net
    if behavior == "inclusive":
        return rounded(Decimal(net * TAX_PERCENT) / (100 + TAX_PERCENT), currency), net
    tax = rounded(Decimal(net * TAX_PERCENT) / 100, currency)
    return tax, net + tax


def refuse_untaxable(items: list[Json], rates: list[Json]) -> None:
    """Raise StripeError where a price does not say whether the tax is in it."""
    if any(item["price"]["tax_behavior"] == "unspecified" for item in items):
        param = "line_items"
    elif any(rate["tax_behavior"] == "unspecified" for rate in rates):
        param = "shipping_options"
    else:
        return
    raise StripeError(
        message="With automatic_tax enabled, each price and shipping rate needs a tax_behavior of "
        "inclusive or exclusive.",
        param=param,
    )


def refuse_tiny_totals(session: Json, rates: list[Json]) -> None:
    """Raise StripeError when the total with any of the rates is too small to be charged.

    Nothing to pay at all is allowed: such a session completes without a payment.
    """
    goods = session["amount_subtotal"] - session["total_details"]["amount_discount"]
    for shipping in [rate["fixed_amount"]["amount"] for rate in rates] or [0]:
        what = "The Checkout Session's total amount due"
        refuse_tiny(goods + shipping, session["currency"], what)
