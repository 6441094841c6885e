"""What staff type: counts, changes of stock, prices, long texts."""

import re
from collections.abc import Sequence
from decimal import Decimal

from wtforms import TextAreaField

from models.money import Money, decimals

MOST_UNITS = 1_000_000
HIGHEST_PRICE = 1_000_000  # in major units
_COUNT = re.compile(r"[0-9]{1,7}")  # int() would take other scripts' digits, _ and spaces
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_CHANGE = re.compile(r"[+-]?[0-9]{1,7}")
_PRICE = re.compile(r"[0-9]{1,7}(\.[0-9]{1,6})?")


def count_from(text: str | None) -> int:
    """Return a count of units, 0 to a million, or raise ValueError with a message for people."""
    typed = (text or "").strip()
    if not _COUNT.fullmatch(typed) or int(typed) > MOST_UNITS:
        message = "Enter a whole number from 0 to 1000000."
        raise ValueError(message)
    return int(typed)


def change_from(text: str | None) -> int:
    """Return a change in units, not 0, or raise ValueError with a message for people."""
    typed = (text or "").strip().replace("\N{MINUS SIGN}", "-")
    if not _CHANGE.fullmatch(typed) or not 0 < abs(int(typed)) <= MOST_UNITS:
        message = "Enter a whole number such as 5 or -2; 0 changes nothing."
        raise ValueError(message)
    return int(typed)


def amount_from(text: str | None, currency: str) -> Money:
    """Return an amount in major units, more than nothing, or raise ValueError with a message."""
    typed = (text or "").strip()
    if not _AMOUNT.fullmatch(typed):
        message = f"Enter an amount in figures, such as {Money(1234, currency).amount}."
        raise ValueError(message)
    if not Decimal(typed):
        message = "Enter more than nothing."
        raise ValueError(message)
    try:
        return Money.of(Decimal(typed), currency)
    except ValueError:
        message = f"{currency} has {decimals(currency)} decimals: enter no more."
        raise ValueError(message) from None


def price_from(text: str | None, currency: str) -> Money:
    """Return a price typed in major units, exactly, or raise ValueError with a message."""
    typed = (text or "").strip()
    if not _PRICE.fullmatch(typed):
        message = "Enter a price in figures, such as 89.00."
        raise ValueError(message)
    amount = Decimal(typed)
    if amount > HIGHEST_PRICE:
        message = "Enter a price of at most 1000000."
        raise ValueError(message)
    try:
        return Money.of(amount, currency)
    except ValueError:
        message = f"{currency} has {decimals(currency)} decimals: enter no more."
        raise ValueError(message) from None


class LongTextField(TextAreaField):
    """A text of several lines, with the line breaks of files; browsers send others."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take what was sent."""
        super().process_formdata([text.replace("\r\n", "\n") for text in valuelist])
