"""Money: whole minor units of one currency."""

from dataclasses import dataclass
from decimal import Decimal

# Source: ISO 4217, minor-unit column. Babel's CLDR digits are for display and differ (RSD, ALL).
_ZERO_DECIMALS = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905 (a list of seventeen strings reads worse)
)
_THREE_DECIMALS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])


class CurrencyMismatchError(ValueError):
    """Two amounts of different currencies cannot be added or compared."""


def decimals(currency: str) -> int:
    """Return how many decimals the currency has: 0 for JPY, 3 for KWD, else 2."""
    if currency in _ZERO_DECIMALS:
        return 0
    return 3 if currency in _THREE_DECIMALS else 2


def payable_step(currency: str) -> int:
    """Return the minor units that an amount must be a multiple of to be paid by card.

    Of three decimals cards know two. Source: docs.stripe.com/currencies, three-decimal currencies.
    """
    return 10 if currency in _THREE_DECIMALS else 1


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount: ``Money(1999, "EUR")`` is 19.99 euro.

    minor: whole minor units (cents, yen, fils); negative for a refund.
    currency: upper-case ISO 4217 code.
    """

    minor: int
    currency: str

    def __add__(self, other: "Money") -> "Money":
        if self.currency != other.currency:
            message = f"{self.currency} and {other.currency}"
            raise CurrencyMismatchError(message)
        return Money(self.minor + other.minor, self.currency)

    def __mul__(self, quantity: int) -> "Money":
        return Money(self.minor * quantity, self.currency)

    def __str__(self) -> str:
        return f"{self.amount} {self.currency}"

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact: ``Decimal("19.99")``."""
        return Decimal(self.minor).scaleb(-decimals(self.currency))

    @classmethod
    def of(cls, amount: Decimal, currency: str) -> "Money":
        """Return the money for an amount in major units.

        Raises ValueError where the amount has more decimals than the currency: nothing is rounded.
        """
        minor = amount.scaleb(decimals(currency))
        if minor != minor.to_integral_value():
            message = f"{amount} has more decimals than {currency}"
            raise ValueError(message)
        return cls(int(minor), currency)
