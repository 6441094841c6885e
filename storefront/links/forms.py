"""What stands in the address of a link."""

from models.cart import MAX_LINES
from storefront.forms import id_from, quantity_from
from storefront.languages import gettext
from storefront.links.queries import Wanted


class UnreadableLinkError(Exception):
    """An address that names no units of anything."""


def wanted_from(text: str) -> list[Wanted]:
    """Return what ``12:2,7:1`` asks for, the units of one variant together.

    Raises UnreadableLinkError for what is no such list, ValueError with a message for people for a
    quantity out of range.
    """
    units: dict[int, int] = {}
    for part in text.split(","):
        typed, colon, quantity = part.partition(":")
        variant_id = id_from(typed)
        if variant_id is None or not colon:
            raise UnreadableLinkError
        units[variant_id] = units.get(variant_id, 0) + quantity_from(quantity)
    if len(units) > MAX_LINES:
        message = gettext("A cart holds at most %(most)s different things.", most=MAX_LINES)
        raise ValueError(message)
    return [
        Wanted(variant_id, quantity_from(str(together))) for variant_id, together in units.items()
    ]
