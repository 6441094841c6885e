"""Ways to ship a cart to a country, and which of them the buyer gets."""

from collections.abc import Sequence
from dataclasses import dataclass

from models import ShippingRate
from models.shipping import ELSEWHERE, Zone


@dataclass(frozen=True, slots=True)
class ShippingChoice:
    """A way to ship. price_minor: before a discount that frees it; rate_id None: it is included."""

    rate_id: int | None = None
    title: str = ""
    delivery: str = ""
    price_minor: int = 0


@dataclass(frozen=True, slots=True)
class Parcel:
    """What is shipped. goods_minor: its price after discount, in ``currency``."""

    weight_g: int
    goods_minor: int
    currency: str


def zone_of(zones: Sequence[Zone], country: str) -> Zone | None:
    """Return the zone of a country: the one that names it, else the one of everywhere else."""
    named = (zone for code in (country, ELSEWHERE) for zone in zones if code in zone.countries)
    return next(named, None)


def choices(zone: Zone | None, parcel: Parcel) -> list[ShippingChoice]:
    """Return the ways in which a zone takes a parcel."""
    if zone is None:
        return []
    return [_choice(rate, parcel) for rate in zone.rates if _takes(rate, parcel)]


def reached(
    zones: Sequence[Zone], choice: ShippingChoice, parcel: Parcel, countries: Sequence[str]
) -> frozenset[str]:
    """Return those of the countries to which a parcel can be shipped in just this way."""
    offering = [zone for zone in zones if choice in choices(zone, parcel)]
    return frozenset(it for it in countries if zone_of(zones, it) in offering)


def chosen(found: Sequence[ShippingChoice], rate_id: int | None) -> ShippingChoice | None:
    """Return the choice of the buyer where it still is one, else the cheapest, else None."""
    wanted = next((it for it in found if it.rate_id == rate_id), None)
    return wanted or min(found, key=lambda it: it.price_minor, default=None)


def _choice(rate: ShippingRate, parcel: Parcel) -> ShippingChoice:
    is_free = rate.free_from_minor is not None and parcel.goods_minor >= rate.free_from_minor
    price = 0 if is_free else rate.price.minor
    return ShippingChoice(rate.id, rate.title, rate.delivery, price)


def _takes(rate: ShippingRate, parcel: Parcel) -> bool:
    fits_weight = rate.least_weight_g <= parcel.weight_g <= _most(rate.most_weight_g)
    fits_price = rate.least_minor <= parcel.goods_minor <= _most(rate.most_minor)
    return rate.price.currency == parcel.currency and fits_weight and fits_price


def _most(bound: int | None) -> float:
    return float("inf") if bound is None else bound
