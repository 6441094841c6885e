"""Changing tax rates: one for each country, and for each region of it."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import TaxRate
from models.once import claim
from storefront.staff.seen import ChangedMeanwhileError, seen_of
from storefront.staff.taxes.queries import words


class PlaceTakenError(Exception):
    """Another rate is for the same country and region."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a tax rate is to be; the names are those of its columns."""

    country: str
    region: str
    title: str
    rate_ppm: int
    is_included: bool
    taxes_shipping: bool


def create(session: Session, draft: Draft) -> None:
    """Write a new rate; raises PlaceTakenError, and nothing has changed then."""
    if not claim(session, rate_of(draft)):
        raise PlaceTakenError


def save(session: Session, rate: TaxRate, draft: Draft, seen: str) -> None:
    """Make a locked rate what the draft says; orders keep the tax they were told.

    seen: a digest of its words when the page was shown. Raises ChangedMeanwhileError or
    PlaceTakenError; the caller rolls back then.
    """
    if seen_of(words(rate)) != seen:
        raise ChangedMeanwhileError
    _filled(rate, draft)
    try:
        session.flush()
    except IntegrityError:
        raise PlaceTakenError from None


def rate_of(draft: Draft) -> TaxRate:
    """Return the rate that a draft describes, not yet written."""
    return _filled(TaxRate(), draft)


def _filled(rate: TaxRate, draft: Draft) -> TaxRate:
    for name in draft.__slots__:
        setattr(rate, name, getattr(draft, name))
    return rate
