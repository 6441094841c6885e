"""Changing a cart: each change is one statement under the cart's lock."""

import hashlib
import secrets

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models import Cart, CartLine, Product, ProductStatus, Variant, now
from models.cart import MAX_LINES, MAX_QUANTITY
from models.once import upsert
from storefront.cart.queries import availability


class UnknownVariantError(Exception):
    """No variant that is for sale has this id."""


class NotEnoughError(Exception):
    """Fewer units are left than the cart would hold.

    available: units that this cart may hold; in_cart: units that it holds.
    """

    def __init__(self, available: int, in_cart: int) -> None:
        """Remember both numbers, for the message."""
        super().__init__(f"{available} available, {in_cart} in the cart")
        self.available = available
        self.in_cart = in_cart


class CartFullError(Exception):
    """The line would exceed 99 units, or the cart 50 lines."""


def new_cart(session: Session) -> tuple[Cart, str]:
    """Write an empty cart; return it with the secret that finds it again."""
    token = secrets.token_urlsafe(32)
    cart = Cart(token_sha256=digest(token))
    session.add(cart)
    session.flush()  # its id is needed for the first line
    return cart, token


def digest(token: str) -> str:
    """Return what is kept of a cart's secret."""
    return hashlib.sha256(token.encode()).hexdigest()


def add(session: Session, cart_id: int, variant_id: int, quantity: int) -> None:
    """Add units (1 to 99) of a variant to a cart.

    Raises UnknownVariantError, CartFullError or NotEnoughError; nothing has changed then. Stock is
    only looked at: units are promised when the buyer checks out.
    """
    _touch(session, cart_id)
    in_cart = _quantity_in(session, cart_id, variant_id)
    _check(session, cart_id, variant_id, in_cart + quantity, in_cart)
    session.execute(
        upsert(session, CartLine)
        .values(cart_id=cart_id, variant_id=variant_id, quantity=quantity, created_at=now())
        .on_conflict_do_update(
            index_elements=["cart_id", "variant_id"],
            set_={"quantity": CartLine.quantity + quantity},
        )
    )


def change(session: Session, cart_id: int, variant_id: int, quantity: int) -> None:
    """Make a line hold this many units (0 to 99); 0 removes it.

    Raises UnknownVariantError or NotEnoughError; nothing has changed then.
    """
    _touch(session, cart_id)
    if quantity == 0:
        remove(session, cart_id, variant_id)
        return
    in_cart = _quantity_in(session, cart_id, variant_id)
    if not in_cart:
        raise UnknownVariantError(variant_id)
    _check(session, cart_id, variant_id, quantity, in_cart)
    session.execute(
        update(CartLine)
        .where(CartLine.cart_id == cart_id, CartLine.variant_id == variant_id)
        .values(quantity=quantity)
    )


def remove(session: Session, cart_id: int, variant_id: int | None = None) -> None:
    """Take one line, or every line, out of a cart."""
    gone = delete(CartLine).where(CartLine.cart_id == cart_id)
    session.execute(gone if variant_id is None else gone.where(CartLine.variant_id == variant_id))


def _touch(session: Session, cart_id: int) -> None:
    """Take the cart's row lock, so that two tabs change it one after the other."""
    session.execute(update(Cart).where(Cart.id == cart_id).values(updated_at=now()))


def _quantity_in(session: Session, cart_id: int, variant_id: int) -> int:
    found = session.scalar(
        select(CartLine.quantity).where(
            CartLine.cart_id == cart_id, CartLine.variant_id == variant_id
        )
    )
    return found or 0


def _check(session: Session, cart_id: int, variant_id: int, wanted: int, in_cart: int) -> None:
    is_for_sale = session.scalar(
        select(Variant.id)
        .join(Product)
        .where(Variant.id == variant_id, Product.status == ProductStatus.ACTIVE)
    )
    if is_for_sale is None:
        raise UnknownVariantError(variant_id)
    if wanted > MAX_QUANTITY or (not in_cart and _line_count(session, cart_id) >= MAX_LINES):
        raise CartFullError
    available = availability(session, [variant_id], cart_id).get(variant_id, 0)
    if wanted > available:
        raise NotEnoughError(available, in_cart)


def _line_count(session: Session, cart_id: int) -> int:
    counted = select(func.count()).select_from(CartLine).where(CartLine.cart_id == cart_id)
    return session.scalar(counted) or 0
