"""Changing zones and rates; who changes one has its zone's lock."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Money, ShippingRate, ShippingZone, ZoneCountry
from storefront.staff.seen import ChangedMeanwhileError, seen_of
from storefront.staff.shipping.queries import name_of, taken
from storefront.staff.shipping.words import rate_words, zone_words


class CountryTakenError(Exception):
    """A country is in another zone; the message says so to people."""


class SameTitleError(Exception):
    """Another rate of this name could be offered beside it: nobody could tell them apart."""


class LastRateError(Exception):
    """A zone without rates could not be shipped to."""


@dataclass(frozen=True, slots=True)
class ZoneDraft:
    """What a zone is to be."""

    title: str
    countries: tuple[str, ...]
    is_demonstration: bool


@dataclass(frozen=True, slots=True)
class RateDraft:
    """What a rate is to be; the names are those of its columns."""

    title: str
    delivery: str
    price: Money
    free_from_minor: int | None
    least_weight_g: int
    most_weight_g: int | None
    least_minor: int
    most_minor: int | None


def create(session: Session, draft: ZoneDraft, first: RateDraft) -> ShippingZone:
    """Write a zone with its first rate; raises CountryTakenError, and the caller rolls back."""
    zone = ShippingZone(title=draft.title, countries=[], rates=[_filled(ShippingRate(), first)])
    session.add(zone)
    session.flush()  # its id tells it from the zones that may have its countries
    _fill(session, zone, draft)
    return zone


def save(session: Session, zone: ShippingZone, draft: ZoneDraft, seen: str) -> None:
    """Make a locked zone what the draft says.

    seen: a digest of its words when the page was shown. Raises ChangedMeanwhileError or
    CountryTakenError; the caller rolls back then.
    """
    _check_seen(seen_of(zone_words(zone)), seen)
    _fill(session, zone, draft)


def add_rate(zone: ShippingZone, draft: RateDraft) -> None:
    """Write another rate, after the others; raises SameTitleError."""
    rate = _filled(ShippingRate(position=len(zone.rates)), draft)
    _check_title(zone, rate, draft)
    zone.rates.append(rate)


def save_rate(zone: ShippingZone, rate: ShippingRate, draft: RateDraft, seen: str) -> None:
    """Make a rate of a locked zone what the draft says; orders keep the price they were told.

    Raises ChangedMeanwhileError or SameTitleError; nothing has changed then.
    """
    _check_seen(seen_of(rate_words(rate)), seen)
    _check_title(zone, rate, draft)
    _filled(rate, draft)


def remove_rate(zone: ShippingZone, rate: ShippingRate) -> None:
    """Delete a rate; raises LastRateError where it is the only one."""
    if len(zone.rates) == 1:
        raise LastRateError
    zone.rates.remove(rate)
    _number(zone.rates)


def raise_rate(zone: ShippingZone, rate: ShippingRate) -> None:
    """Show a rate one place further up."""
    order = [it for it in zone.rates if it is not rate]
    order.insert(max(0, zone.rates.index(rate) - 1), rate)
    _number(order)


def _fill(session: Session, zone: ShippingZone, draft: ZoneDraft) -> None:
    if found := taken(session, draft.countries, zone):
        message = f"{name_of(found[0])} is in the zone “{found[1]}” already."
        raise CountryTakenError(message)
    zone.title, zone.is_demonstration = draft.title, draft.is_demonstration
    there = {it.country: it for it in zone.countries}
    zone.countries = [there.get(code) or ZoneCountry(country=code) for code in draft.countries]
    try:
        session.flush()
    except IntegrityError:  # somebody was faster
        message = "One of these countries is in another zone already."
        raise CountryTakenError(message) from None


def _filled(rate: ShippingRate, draft: RateDraft) -> ShippingRate:
    for name in draft.__slots__:
        setattr(rate, name, getattr(draft, name))
    return rate


def _check_seen(now_: str, seen: str) -> None:
    if now_ != seen:
        raise ChangedMeanwhileError


def _check_title(zone: ShippingZone, rate: ShippingRate, draft: RateDraft) -> None:
    for other in zone.rates:
        is_same = other.title.casefold() == draft.title.casefold()
        if other is not rate and is_same and _can_both_be_offered(other, draft):
            raise SameTitleError


def _can_both_be_offered(one: ShippingRate, other: RateDraft) -> bool:
    weights = (one.least_weight_g, one.most_weight_g, other.least_weight_g, other.most_weight_g)
    goods = (one.least_minor, one.most_minor, other.least_minor, other.most_minor)
    return one.price.currency == other.price.currency and _meet(*weights) and _meet(*goods)


def _meet(least: int, most: int | None, other_least: int, other_most: int | None) -> bool:
    """Say whether two ranges share a figure; None is no bound."""
    return (most is None or other_least <= most) and (other_most is None or least <= other_most)


def _number(rates: list[ShippingRate]) -> None:
    for position, rate in enumerate(rates):
        rate.position = position
