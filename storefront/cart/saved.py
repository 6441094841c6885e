"""Lines saved for later: they stay with a cart, but are neither bought nor reserved."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import Cart, CartLine, SavedLine, now
from models.cart import MAX_LINES, MAX_QUANTITY
from models.once import upsert
from storefront.cart import service
from storefront.cart.gifts import of_units, together
from storefront.cart.giving import add_gifts
from storefront.cart.room import CartFullError, NotEnoughError, UnknownVariantError


def save(session: Session, cart: Cart, variant_id: int) -> None:
    """Move a line of a cart to what is saved for later, to 99 units at most.

    Raises UnknownVariantError where there is no such line, CartFullError where 50 are saved;
    nothing has changed then.
    """
    service.touch(session, cart.id)
    moved = service.take_line(session, cart.id, variant_id)
    if moved is None:
        raise UnknownVariantError(variant_id)
    count = select(func.count()).where(
        SavedLine.cart_id == cart.id, SavedLine.variant_id != variant_id
    )
    if (session.scalar(count) or 0) >= MAX_LINES:
        raise CartFullError
    put(session, cart.id, variant_id, moved.quantity, moved.gifts)


def move_back(session: Session, cart: Cart, variant_id: int, currency: str) -> int:
    """Move what is saved back into the cart, as much as there is; return how many stay saved.

    Raises UnknownVariantError where nothing of it is saved or sold any more, and what ``add`` does
    where not one can be added; nothing has changed then.
    """
    service.touch(session, cart.id)
    row = session.execute(
        delete(SavedLine)
        .where(SavedLine.cart_id == cart.id, SavedLine.variant_id == variant_id)
        .returning(SavedLine.quantity, SavedLine.gifts)
    ).one_or_none()
    if row is None:
        raise UnknownVariantError(variant_id)
    saved, gifts = row
    in_cart = service.quantity_in(session, cart.id, variant_id)
    added = add_what_can_be(session, cart, variant_id, saved, currency)
    if gifts:
        add_gifts(session, cart.id, variant_id, in_cart, of_units(gifts, added))
    if added < saved:
        put(session, cart.id, variant_id, saved - added, gifts[added:])
    return int(saved - added)


def add_what_can_be(
    session: Session, cart: Cart, variant_id: int, quantity: int, currency: str
) -> int:
    """Add up to so many units (1 to 99), as the stock and a line's limit let; return how many.

    Raises what ``add`` does where not one can be added.
    """
    there = session.scalar(
        select(CartLine.quantity).where(
            CartLine.cart_id == cart.id, CartLine.variant_id == variant_id
        )
    )
    wanted = min(quantity, MAX_QUANTITY - (there or 0))
    if wanted <= 0:
        raise CartFullError
    try:
        service.add(session, cart, variant_id, wanted, currency)
    except NotEnoughError as short:
        wanted = short.available - short.in_cart
        if wanted <= 0:
            raise
        service.add(session, cart, variant_id, wanted, currency)
    return wanted


def forget(session: Session, cart_id: int, variant_id: int) -> None:
    """Take what is saved away; a second time finds nothing to do."""
    session.execute(
        delete(SavedLine).where(SavedLine.cart_id == cart_id, SavedLine.variant_id == variant_id)
    )


def put(
    session: Session,
    cart_id: int,
    variant_id: int,
    quantity: int,
    gifts: Sequence[dict[str, Any]] = (),
) -> None:
    """Save units for later beside those that are, to 99 at most; the cart is locked."""
    own = session.execute(
        select(SavedLine.quantity, SavedLine.gifts).where(
            SavedLine.cart_id == cart_id, SavedLine.variant_id == variant_id
        )
    ).one_or_none()
    before, whom = own or (0, [])
    values = {
        "quantity": min(MAX_QUANTITY, before + quantity),
        "gifts": together(whom, before, gifts, quantity)[:MAX_QUANTITY],
    }
    session.execute(
        upsert(session, SavedLine)
        .values(cart_id=cart_id, variant_id=variant_id, created_at=now(), **values)
        .on_conflict_do_update(index_elements=["cart_id", "variant_id"], set_=values)
    )
