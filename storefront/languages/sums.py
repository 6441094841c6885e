"""The rows between an order's lines and its total, in the language that is spoken now."""

from models import Money, Order
from models.sums import Sum, sums_of
from storefront.languages.catalog import gettext


def said_sums(order: Order) -> list[tuple[str, Money]]:
    """Return ``order.sums`` as they are said now; what was chosen keeps the words of then."""
    return [(_said(kind, title), amount) for kind, title, amount in sums_of(order)]


def _said(kind: Sum, title: str) -> str:
    match kind:
        case Sum.ITEMS:
            return gettext("Items")
        case Sum.SHIPPING:
            return gettext("Shipping, %(title)s", title=title)
        case Sum.INCLUDED:
            return gettext("Includes %(title)s", title=title)
    return title
