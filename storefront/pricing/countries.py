"""Countries by their codes, as people read them, and those that Stripe's page can ship to."""

from functools import lru_cache

from babel import Locale

from storefront.formatting import in_alphabet, locale

# Codes of CLDR that Stripe's allowed_countries does not have, and ZZ, which is nowhere. Source:
# the enumeration of shipping_address_collection.allowed_countries in Stripe's OpenAPI file.
_NOT_AT_STRIPE = frozenset(
    "AS CC CP CQ CU CX DG EA EU EZ FM HM IC IR KP MH MP NF PW QO SY UM UN VI XA XB ZZ".split()  # noqa: SIM905 (a list of as many strings reads worse)
)


def countries() -> dict[str, str]:
    """Return the name of each country that can be shipped to, by its code, in order of names."""
    return _countries(locale())


@lru_cache
def _countries(of: Locale) -> dict[str, str]:
    named = {
        code: str(name)
        for code, name in of.territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_AT_STRIPE  # noqa: PLR2004
    }
    return dict(sorted(named.items(), key=lambda pair: in_alphabet(pair[1])))


def country_code(typed: str) -> str | None:
    """Return the code of a country that was typed by its name or code, or None."""
    text = " ".join(typed.split())
    if text.upper() in countries():
        return text.upper()
    by_name = {name.casefold(): code for code, name in countries().items()}
    return by_name.get(text.casefold())
