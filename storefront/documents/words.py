"""How an order stands on paper."""

from typing import Any

from models import Order
from storefront.formatting import address_lines


def address_of(order: Order) -> list[str]:
    """Return where an order goes, a line each; its buyer's name where no address is known."""
    to = order.shipping_address or {}
    return address_lines({**to, "name": to.get("name") or order.name})


def title_of(line: Any) -> str:
    """Return the product and the variant of a line."""
    return f"{line.title}, {line.variant_title}" if line.variant_title else str(line.title)
