"""Money, dates and addresses as people read them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from copy import copy
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from models.language import OWN, language
from models.money import Money, decimals

_LOCALES = {OWN: Locale("en", "US"), "de": Locale("de", "DE")}
_MINUTE = {OWN: "MMM d, y, h:mm a", "de": "d. MMM y, HH:mm"}
_CODE = re.compile(r"(?<=[A-Z]{3})(?=\d)")


def locale() -> Locale:
    """Return how numbers and dates are written in the language that is spoken now."""
    return _LOCALES[language()]


def money(amount: Money) -> str:
    """Return an amount as text, ``$89.00``, with the decimals of ISO 4217 rather than of CLDR."""
    return _money(amount, locale())


@lru_cache(maxsize=4096)
def _money(amount: Money, to: Locale) -> str:
    digits = decimals(amount.currency)
    pattern = copy(to.currency_formats["standard"])
    pattern.frac_prec = (digits, digits)
    text = pattern.apply(amount.amount, to, currency=amount.currency, currency_digits=False)
    # CLDR parts a code of letters from the digits; Babel does not.
    return _CODE.sub("\N{NO-BREAK SPACE}", str(text))


def day(moment: datetime, zone: str = "UTC") -> str:
    """Return a moment's day in the shop's zone: ``November 22, 2026``."""
    return date_text(moment.astimezone(ZoneInfo(zone)).date())


def date_text(day: date) -> str:
    """Return a day without a time as people read it: ``November 22, 2026``."""
    return _long(day, locale())


@lru_cache(maxsize=4096)
def _long(day: date, to: Locale) -> str:
    return format_date(day, "long", locale=to)


def minute(moment: datetime, zone: str = "UTC") -> str:
    """Return a moment to the minute in the shop's zone: ``Nov 22, 2026, 9:41 PM``."""
    local = moment.astimezone(ZoneInfo(zone))
    return format_datetime(local, _MINUTE[language()], locale=locale())


def isoday(moment: datetime) -> str:
    """Return a moment as machines read it, in UTC."""
    return moment.isoformat(timespec="seconds")


def tenths(number: Decimal) -> str:
    """Return a number with one decimal place: ``4.5``."""
    return format_decimal(number, "0.0", locale=locale())


class Thousands:
    """A whole number that is written as the language of the moment has it: ``5,000``, ``5.000``."""

    def __init__(self, number: int) -> None:
        """Remember the number."""
        self._number = number

    def __str__(self) -> str:
        """Return it as people read it now."""
        return format_decimal(self._number, locale=locale())


def country_name(code: str) -> str:
    """Return a country's name, or its code where it has none."""
    return str(locale().territories.get(code, code))


@lru_cache(maxsize=1024)
def in_alphabet(name: str) -> str:
    """Return what sorts a name as people look for it: Österreich among the O, not behind the Z."""
    apart = unicodedata.normalize("NFKD", name)
    return "".join(it for it in apart if not unicodedata.combining(it)).casefold()


def countries_by_name(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return countries as code and name, in the alphabet of who reads them."""
    named = [(code, country_name(code)) for code in codes]
    return sorted(named, key=lambda country: in_alphabet(country[1]))


def address_lines(to: Mapping[str, Any]) -> list[str]:
    """Return the lines of an address as Stripe has it: name, street, town, country by its name."""
    rows = [str(to.get(part) or "") for part in ("name", "line1", "line2")]
    town = " ".join(str(to[part]) for part in ("city", "state", "postal_code") if to.get(part))
    return [row for row in (*rows, town, country_name(str(to.get("country") or ""))) if row]
