"""Amounts as people read them, and the least that can be charged."""

from decimal import Decimal

from babel.numbers import format_currency

# Source: Stripe docs, "Supported currencies", zero- and three-decimal currencies.
ZERO_DECIMAL = frozenset({
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv",
    "xaf", "xof", "xpf",
})  # fmt: skip
THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})

# Source: Stripe docs, "Minimum and maximum charge amounts"; minor units, others as the dollar.
MINIMUM = {
    "aed": 200, "bgn": 100, "czk": 1500, "dkk": 250, "gbp": 30, "hkd": 400, "huf": 17500,
    "jpy": 50, "krw": 50, "mxn": 1000, "myr": 200, "nok": 300, "pln": 200, "ron": 200,
    "sek": 300, "thb": 1000,
}  # fmt: skip
MINIMUM_ELSEWHERE = 50


def digits(currency: str) -> int:
    """Return how many decimals Stripe gives this currency's minor unit."""
    if currency in ZERO_DECIMAL:
        return 0
    return 3 if currency in THREE_DECIMAL else 2


def shown(amount: int, currency: str) -> str:
    """Format minor units for people: ``shown(4900, "usd")`` is ``$49.00``."""
    whole = Decimal(amount).scaleb(-digits(currency))
    return str(format_currency(whole, currency.upper(), locale="en_US"))


def minimum(currency: str) -> int:
    """Return the smallest charge Stripe takes, in minor units."""
    return MINIMUM.get(currency, MINIMUM_ELSEWHERE)
