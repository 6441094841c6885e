"""How an order stands on paper."""

from typing import Any

from models import Order
from storefront.pricing.countries import country_name

PARTS = ("name", "line1", "line2")


def address_of(order: Order) -> list[str]:
    """Return where an order goes, a line each; its buyer's name where no address is known."""
    to = order.shipping_address or {}
    rows = [str(to.get(part) or "") for part in PARTS]
    rows[0] = rows[0] or order.name
    town = " ".join(str(to[part]) for part in ("city", "state", "postal_code") if to.get(part))
    country = country_name(str(to.get("country") or ""))
    return [row for row in (*rows, town, country) if row]


def title_of(line: Any) -> str:
    """Return the product and the variant of a line."""
    return f"{line.title}, {line.variant_title}" if line.variant_title else str(line.title)
