"""Whether an order goes where it was said to go when it was priced."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Order, TaxRate
from models.language import OWN, speaking
from storefront.formatting import country_name
from storefront.pricing.taxes import rate_of, regions_of

_RATES = select(TaxRate)


def differs(session: Session, order: Order) -> str | None:
    """Return in words, for staff, that a paid order goes to a place with another price, or None."""
    with speaking(OWN):
        return _differs(session, order)


def _differs(session: Session, order: Order) -> str | None:
    address = order.shipping_address or {}
    country = address.get("country") or ""
    if not country or not order.country:
        return None
    if order.ships_to and country not in order.ships_to:
        return f"Paid with shipping to {country_name(order.country)}, but it goes to {country}."
    region = (address.get("state") or "").strip().upper()
    if country != order.country or region == order.region:
        return None
    rates = session.scalars(_RATES).all()
    if not regions_of(rates, country):
        return None
    if rate_of(rates, country, region) is rate_of(rates, country, order.region):
        return None
    said = order.region or country_name(order.country)
    return f"Its tax was reckoned for {said}, but it goes to {region or country_name(country)}."
