"""The tax of a cart: reckoned once on its sum, then shared out."""

from collections.abc import Sequence
from dataclasses import dataclass

from models import TaxRate
from models.discount import FULL_PPM
from models.money import payable_step
from storefront.pricing.allocate import allocate, part_of


@dataclass(frozen=True, slots=True)
class Tax:
    """What is due. lines: the share of each line, in their order; shipping_minor: of shipping.

    is_included: the prices contain it.
    """

    title: str = ""
    minor: int = 0
    lines: tuple[int, ...] = ()
    shipping_minor: int = 0
    is_included: bool = True


def rate_of(rates: Sequence[TaxRate], country: str, region: str) -> TaxRate | None:
    """Return the rate of a region, else that of its country, else None."""
    by_place = {(rate.country, rate.region): rate for rate in rates}
    return by_place.get((country, region)) or by_place.get((country, ""))


def regions_of(rates: Sequence[TaxRate], country: str) -> list[str]:
    """Return the regions of a country that have rates of their own."""
    return sorted(rate.region for rate in rates if rate.country == country and rate.region)


def alike(
    rates: Sequence[TaxRate], rate: TaxRate | None, countries: Sequence[str]
) -> frozenset[str]:
    """Return those of the countries that ``rate`` would tax alike, in any of their regions."""
    regional = {it.country for it in rates if it.region}
    taxed = {it.country: _terms_of(it) for it in rates}
    wanted = _terms_of(rate)
    return frozenset(it for it in countries if it not in regional and taxed.get(it, ()) == wanted)


def _terms_of(rate: TaxRate | None) -> tuple[object, ...]:
    return (
        () if rate is None else (rate.title, rate.rate_ppm, rate.is_included, rate.taxes_shipping)
    )


def tax(rate: TaxRate | None, lines: Sequence[int], shipping_minor: int, currency: str) -> Tax:
    """Return the tax on lines (after discount) and shipping, in minor units of the currency.

    It is rounded once, half up (where it is added, to what can be paid), and shared out by largest
    remainder.
    """
    if rate is None:
        return Tax(lines=(0,) * len(lines))
    weights = [*lines, shipping_minor if rate.taxes_shipping else 0]
    base = FULL_PPM + rate.rate_ppm if rate.is_included else FULL_PPM
    step = 1 if rate.is_included else payable_step(currency)
    amount = part_of(sum(weights), rate.rate_ppm, base, step)
    *shares, on_shipping = allocate(amount, weights)
    return Tax(rate.title, amount, tuple(shares), on_shipping, rate.is_included)
