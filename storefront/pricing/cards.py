"""What a gift card pays of a total: as much as it has, and leaves what a bank card can pay."""

from models.money import payable_step

# In minor units. Source: docs.stripe.com/currencies, minimum charge amounts; others as the dollar.
_LEAST = {
    "AED": 200,
    "BGN": 100,
    "CZK": 1500,
    "DKK": 250,
    "GBP": 30,
    "HKD": 400,
    "HUF": 17500,
    "MXN": 1000,
    "MYR": 200,
    "NOK": 300,
    "PLN": 200,
    "RON": 200,
    "SEK": 300,
    "THB": 1000,
}
_LEAST_ELSEWHERE = 50


def paid_by_card(total_minor: int, balance_minor: int, currency: str) -> int:
    """Return what a card of a balance pays of a total, in minor units.

    All of it, or so much that the rest is one that can be paid by bank card: not less than the
    smallest charge, and in the steps in which it charges.
    """
    if balance_minor >= total_minor:
        return total_minor
    least = smallest_charge(currency)
    most = min(balance_minor, max(0, total_minor - least))
    step = payable_step(currency)
    return most - (most - total_minor) % step if step > 1 else most


def smallest_charge(currency: str) -> int:
    """Return the least that can be paid by bank card, in minor units."""
    return _LEAST.get(currency, _LEAST_ELSEWHERE)
