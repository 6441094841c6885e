"""What stands between the lines of an order and its total."""

import enum
from typing import Any

from models.money import Money


class Sum(enum.StrEnum):
    """What a row of sums is; the value says it in the shop's own language."""

    ITEMS = "Items"
    SHIPPING = "Shipping, {}"
    INCLUDED = "Includes {}"
    OTHER = "{}"


def sums_of(order: Any) -> list[tuple[Sum, str, Money]]:
    """Return the rows, where there is more than lines: what each is, of what, and its amount.

    order: an Order, which stands above this.
    """
    currency = order.total.currency
    has_more = bool(order.discount_minor or order.shipping_title or order.tax_minor)
    rows = [(Sum.ITEMS, "", order.subtotal_minor)] if has_more else []
    rows += [(Sum.OTHER, it.title, -it.goods_minor) for it in order.discounts if it.goods_minor]
    if order.shipping_title:
        rows.append((Sum.SHIPPING, order.shipping_title, order.shipping_minor))
    if order.tax_minor:
        kind = Sum.INCLUDED if order.tax_is_included else Sum.OTHER
        rows.append((kind, order.tax_title, order.tax_minor))
    return [(kind, title, Money(minor, currency)) for kind, title, minor in rows]
