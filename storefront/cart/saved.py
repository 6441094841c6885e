"""Lines saved for later: they stay with a cart, but are neither bought nor reserved."""

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from models import Cart, CartLine, SavedLine, now
from models.cart import MAX_LINES, MAX_QUANTITY
from models.once import upsert
from storefront.cart import service
from storefront.cart.service import CartFullError, NotEnoughError, UnknownVariantError


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
    _put(session, cart.id, variant_id, moved.quantity)


def move_back(session: Session, cart: Cart, variant_id: int, currency: str) -> int:
    """Move what is saved back into the cart, as much as there is; return how many stay saved.

    Raises UnknownVariantError where nothing of it is saved or sold any more, and what ``add`` does
    where not one can be added; nothing has changed then.
    """
    service.touch(session, cart.id)
    saved: int | None = session.scalar(
        delete(SavedLine)
        .where(SavedLine.cart_id == cart.id, SavedLine.variant_id == variant_id)
        .returning(SavedLine.quantity)
    )
    if saved is None:
        raise UnknownVariantError(variant_id)
    added = add_what_can_be(session, cart, variant_id, saved, currency)
    if added < saved:
        _put(session, cart.id, variant_id, saved - added)
    return saved - added


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


def _put(session: Session, cart_id: int, variant_id: int, quantity: int) -> None:
    together = SavedLine.quantity + quantity
    session.execute(
        upsert(session, SavedLine)
        .values(cart_id=cart_id, variant_id=variant_id, quantity=quantity, created_at=now())
        .on_conflict_do_update(
            index_elements=["cart_id", "variant_id"],
            set_={"quantity": case((together > MAX_QUANTITY, MAX_QUANTITY), else_=together)},
        )
    )
