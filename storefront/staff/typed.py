"""What staff type: counts, changes of stock, prices, percentages, moments, long texts."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import TextAreaField
from wtforms.validators import ValidationError

from models.money import Money, decimals, payable_step

MOST_UNITS = 1_000_000
HIGHEST_PRICE = 1_000_000  # in major units
_COUNT = re.compile(r"[0-9]{1,7}")  # int() would take other scripts' digits, _ and spaces
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,6})?")
_CHANGE = re.compile(r"[+-]?[0-9]{1,7}")
_PRICE = re.compile(r"[0-9]{1,7}(\.[0-9]{1,6})?")
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,4})?")  # a part per million is 0.0001 percent
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:00)?")


def count_from(text: str | None) -> int:
    """Return a count of units, 0 to a million, or raise ValueError with a message for people."""
    typed = (text or "").strip()
    if not _COUNT.fullmatch(typed) or int(typed) > MOST_UNITS:
        message = "Enter a whole number from 0 to 1000000."
        raise ValueError(message)
    return int(typed)


def units_from(text: str | None) -> int:
    """Return a number of units, 1 to a million, or raise ValueError with a message for people."""
    typed = (text or "").strip()
    if not _COUNT.fullmatch(typed) or not 0 < int(typed) <= MOST_UNITS:
        message = "Enter a whole number from 1 to 1000000."
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
        message = f"Enter a price in figures, such as {Money(8900, currency).amount}."
        raise ValueError(message)
    amount = Decimal(typed)
    if amount > HIGHEST_PRICE:
        message = "Enter a price of at most 1000000."
        raise ValueError(message)
    try:
        found = Money.of(amount, currency)
    except ValueError:
        message = f"{currency} has {decimals(currency)} decimals: enter no more."
        raise ValueError(message) from None
    if found.minor % payable_step(currency):
        message = f"Cards pay amounts in {currency} that end in 0, such as 19.990."
        raise ValueError(message)
    return found


def percent_from(text: str | None) -> int:
    """Return a percentage as parts per million, exactly, or raise ValueError with a message."""
    typed = (text or "").strip()
    if not _PERCENT.fullmatch(typed) or Decimal(typed) > 100:  # noqa: PLR2004 (a percentage)
        message = "Enter a percentage from 0 to 100, such as 12.5, with at most 4 decimals."
        raise ValueError(message)
    return int(Decimal(typed).scaleb(4))


def percent_text(ppm: int) -> str:
    """Return parts per million as a percentage to type: 125000 is ``12.5``."""
    text = f"{Decimal(ppm).scaleb(-4):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def moment_from(text: str | None, zone: str) -> datetime | None:
    """Return a moment that was typed in a zone, in UTC, None of nothing, or raise ValueError."""
    typed = (text or "").strip()
    if not typed:
        return None
    message = "Enter a day and a time, such as 2026-12-24T18:00."
    if not _MOMENT.fullmatch(typed):
        raise ValueError(message)
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(message) from None


def moment_text(moment: datetime | None, zone: str) -> str:
    """Return a moment as one types it in a zone."""
    if moment is None:
        return ""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")


def checked(parse: Callable[..., Any], *typed: Any) -> Any:
    """Return what was typed; turn the parser's refusal into the form's."""
    try:
        return parse(*typed)
    except ValueError as wrong:
        raise ValidationError(str(wrong)) from None


class LongTextField(TextAreaField):
    """A text of several lines, with the line breaks of files; browsers send others."""

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take what was sent."""
        super().process_formdata([text.replace("\r\n", "\n") for text in valuelist])


class LinesField(LongTextField):
    """Several things, one a line; empty lines count for nothing, and nothing counts twice."""

    @property
    def lines(self) -> list[str]:
        """What was typed, in its order."""
        typed = (" ".join(line.split()) for line in str(self.data or "").split("\n"))
        return list(dict.fromkeys(filter(None, typed)))
