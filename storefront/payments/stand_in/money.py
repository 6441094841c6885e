"""Amounts: as people read them, in the steps Stripe takes them, and the least of a charge."""

from decimal import ROUND_HALF_UP, Decimal

from babel.numbers import format_currency

from .errors import StripeError

# Source: Stripe docs, "Supported currencies", zero- and three-decimal currencies.
ZERO_DECIMAL = frozenset({
    "bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv",
    "xaf", "xof", "xpf",
})  # fmt: skip
THREE_DECIMAL = frozenset({"bhd", "jod", "kwd", "omr", "tnd"})
# Amounts that are not a multiple of this are refused. Source: Stripe docs, "Supported
# currencies", three-decimal currencies and special cases.
STEP = {**dict.fromkeys(THREE_DECIMAL, 10), "isk": 100}

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


def rounded(amount: Decimal, currency: str) -> int:
    """Round minor units half up, to an amount that Stripe takes in this currency."""
    step = STEP.get(currency, 1)
    return int((amount / step).quantize(Decimal(1), ROUND_HALF_UP)) * step


def refuse_uneven(amount: int, currency: str, param: str) -> None:
    """Raise StripeError for an amount that is no multiple of the currency's step."""
    step = STEP.get(currency, 1)
    if amount % step:
        raise StripeError(
            message=f"Invalid amount: {amount}. An amount in {currency} must be a multiple of "
            f"{step}.",
            param=param,
        )


def refuse_tiny(amount: int, currency: str, what: str) -> None:
    """Raise StripeError for more than nothing and less than Stripe charges."""
    if 0 < amount < minimum(currency):
        raise StripeError(
            message=f"{what} must add up to at least "
            f"{shown(minimum(currency), currency)} {currency}",
            code="amount_too_small",
        )
