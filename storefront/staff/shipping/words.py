"""Zones and rates as one types them."""

from models import Money, ShippingRate, ShippingZone
from models.shipping import ELSEWHERE
from storefront.staff.shipping.queries import name_of


def zone_words(zone: ShippingZone) -> dict[str, str]:
    """Return a zone's fields; its countries by name, one a line, everywhere else at the end."""
    codes = sorted((it.country for it in zone.countries), key=lambda it: (it == ELSEWHERE, it))
    return {"title": zone.title, "countries": "\n".join(name_of(code) for code in codes)}


def rate_words(rate: ShippingRate) -> dict[str, str]:
    """Return a rate's fields."""
    currency = rate.price.currency
    return {
        "title": rate.title,
        "delivery": rate.delivery,
        "price": str(rate.price.amount),
        "currency": currency,
        "free_from": _amount(rate.free_from_minor, currency),
        "least_weight": str(rate.least_weight_g or ""),
        "most_weight": "" if rate.most_weight_g is None else str(rate.most_weight_g),
        "least": _amount(rate.least_minor or None, currency),
        "most": _amount(rate.most_minor, currency),
    }


def _amount(minor: int | None, currency: str) -> str:
    return "" if minor is None else str(Money(minor, currency).amount)
