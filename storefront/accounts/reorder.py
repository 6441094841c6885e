"""Ordering again what an order had."""

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from models import Cart, Order, OrderLine
from storefront.cart import room, service
from storefront.languages import gettext


@dataclass(slots=True)
class Again:
    """What was put into the cart, and what could not be; whole sentences."""

    added: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def again(session: Session, order: Order, cart: Cart, currency: str) -> Again:
    """Put into a cart what an order had, at today's prices, as many as can be had; lines loaded.

    currency: the one that the cart is in.
    """
    found = Again()
    for line in order.lines:
        name = f"{line.title}, {line.variant_title}" if line.variant_title else line.title
        try:
            count = _add(session, cart, line, currency)
        except room.UnknownVariantError:
            found.missing.append(gettext("%(name)s is no longer sold.", name=name))
        except room.NotSoldInCurrencyError:
            found.missing.append(
                gettext("%(name)s is not sold in %(currency)s.", name=name, currency=currency)
            )
        except room.CartFullError:
            found.missing.append(gettext("%(name)s no longer fits into your cart.", name=name))
        except room.NotEnoughError as short:
            found.missing.append(_nothing_left(name, short))
        else:
            found.added.append(
                gettext("%(name)s: %(count)s put into your cart.", name=name, count=count)
            )
            if count < line.quantity:
                found.missing.append(_fewer(name, count, line.quantity))
    return found


def _add(session: Session, cart: Cart, line: OrderLine, currency: str) -> int:
    """Add a line's units, or as many as are left; return how many."""
    try:
        service.add(session, cart, line.variant_id, line.quantity, currency)
    except room.NotEnoughError as short:
        left = short.available - short.in_cart
        if left <= 0:
            raise
        service.add(session, cart, line.variant_id, left, currency)
        return left
    return line.quantity


def _fewer(name: str, count: int, wanted: int) -> str:
    return gettext(
        "%(name)s: only %(count)s of %(wanted)s can be had now.",
        name=name,
        count=count,
        wanted=wanted,
    )


def _nothing_left(name: str, short: room.NotEnoughError) -> str:
    if short.available <= 0:
        return gettext("%(name)s is sold out.", name=name)
    return gettext("Your cart holds all of %(name)s that can be had now.", name=name)
