"""An order that follows another: of the same buyer, to the same place, in the same language."""

from typing import Any

from models import Order


def following(order: Order, **columns: Any) -> Order:
    """Return a new order of whoever bought another; columns: what is its own. It is not written."""
    return Order(
        language=order.language,
        email=order.email,
        name=order.name,
        customer_id=order.customer_id,
        shipping_address=dict(order.shipping_address) if order.shipping_address else None,
        country=order.country,
        region=order.region,
        ships_to=list(order.ships_to),
        **columns,
    )
