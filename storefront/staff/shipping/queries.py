"""Looking at zones and rates as staff do."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.base import ExecutableOption

from models import ShippingRate, ShippingZone, ZoneCountry
from models.shipping import ELSEWHERE
from storefront.formatting import country_name

EVERYWHERE_ELSE = "Everywhere else"


def zones(session: Session) -> Sequence[ShippingZone]:
    """Return all zones with their countries and rates."""
    return session.scalars(
        select(ShippingZone).order_by(ShippingZone.title, ShippingZone.id).options(*_loaded())
    ).all()


def zone(session: Session, zone_id: int, *, to_change: bool = False) -> ShippingZone | None:
    """Return a zone as it is now; locked where it, or one of its rates, is about to change."""
    wanted = select(ShippingZone).where(ShippingZone.id == zone_id)
    if to_change:
        wanted = wanted.with_for_update()
    return session.scalars(
        wanted.options(*_loaded()).execution_options(populate_existing=True)
    ).one_or_none()


def taken(session: Session, countries: Iterable[str], by: ShippingZone) -> tuple[str, str] | None:
    """Return the first of some countries that is in another zone, and that zone's title."""
    found = session.execute(
        select(ZoneCountry.country, ShippingZone.title)
        .join(ShippingZone, ShippingZone.id == ZoneCountry.zone_id)
        .where(ZoneCountry.country.in_(list(countries)), ZoneCountry.zone_id != by.id)
        .order_by(ZoneCountry.country)
        .limit(1)
    ).one_or_none()
    return None if found is None else (found[0], found[1])


def rate_of(zone: ShippingZone, rate_id: int) -> ShippingRate | None:
    """Return one of a zone's rates, or None."""
    return next((rate for rate in zone.rates if rate.id == rate_id), None)


def name_of(code: str) -> str:
    """Return a country's name, also that of all others."""
    return EVERYWHERE_ELSE if code == ELSEWHERE else country_name(code)


def _loaded() -> tuple[ExecutableOption, ...]:
    return (selectinload(ShippingZone.countries), selectinload(ShippingZone.rates))
