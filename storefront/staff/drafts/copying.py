"""An order again: what of it can still be had, at the prices of now."""

from sqlalchemy.orm import Session

from models import Order
from storefront.staff.drafts import queries
from storefront.staff.drafts.service import Wanted, WantedLine


def copy_of(session: Session, order: Order) -> tuple[Wanted, list[str]]:
    """Return a draft with an order's lines and address, and the SKUs that are left out.

    The order's lines must be loaded. Prices, shipping and tax are those of now; discounts stay
    behind.
    """
    variants = queries.by_sku(session, [line.sku for line in order.lines])
    currency = order.total.currency
    lines, left_out = [], []
    for line in order.lines:
        variant = variants.get(line.sku)
        price = variant.price_in(currency) if variant else None
        if variant is None or price is None:
            left_out.append(line.sku)
        else:
            lines.append(WantedLine(variant, line.quantity, price))
    to = {name: str(value or "") for name, value in (order.shipping_address or {}).items()}
    to.setdefault("country", order.country)
    copied = Wanted(
        currency=currency,
        lines=tuple(lines),
        email=order.email or "",
        address=to,
        note=f"Duplicate of {order.number}.",
    )
    return copied, left_out
