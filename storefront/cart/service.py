"""Changing a cart: each change is one statement under the cart's lock."""

import hashlib
import secrets
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.orm import Session

from models import Cart, CartLine, ShippingRate, Variant, now
from models.cart import MAX_LINES
from models.once import Upsert, upsert, upsert_of
from storefront.cart.gifts import of_units
from storefront.cart.giving import add_gifts, gifts_in, gifts_removed, kept_gifts, set_gifts
from storefront.cart.removal import Removed
from storefront.cart.room import CartFullError, UnknownVariantError, check, lines_in

_CARTS: Any = Cart.__table__
_TOUCH = (
    update(_CARTS).where(_CARTS.c.id == bindparam("cart_id")).values(updated_at=bindparam("moment"))
)


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


def add(  # noqa: PLR0913 (what, how many, for whom)
    session: Session,
    cart: Cart,
    variant_id: int,
    quantity: int,
    currency: str,
    *,
    gift: dict[str, str] | None = None,
    is_new: bool = False,
) -> None:
    """Add units (1 to 99) of a variant to a cart.

    currency: the one that the cart is in. gift: whom the units of a gift card are for, None or
    empty for the buyer herself. is_new: it is empty, and nobody else can find it yet. Raises
    UnknownVariantError, NotSoldInCurrencyError, CartFullError or NotEnoughError; nothing has
    changed then. Stock is only looked at: units are promised when the buyer checks out.
    """
    cart_id = cart.id
    lines: dict[int, int] = {}
    if not is_new:
        touch(session, cart_id)
        lines = lines_in(session, cart_id)
    in_cart = lines.get(variant_id, 0)
    check(session, cart, variant_id, in_cart + quantity, lines, currency=currency, is_new=is_new)
    session.execute(
        _laying(session.get_bind().dialect.name),
        {"cart": cart_id, "variant": variant_id, "units": quantity, "moment": now()},
    )
    if gift is not None:
        add_gifts(session, cart_id, variant_id, in_cart, [gift] * quantity)


@cache
def _laying(dialect: str) -> Upsert:
    """Return the statement that lays units into a cart, beside those that lie there."""
    lines: Any = CartLine.__table__  # not its class: the mapper's part takes longer than the rest
    laid = upsert_of(dialect, lines).values(
        cart_id=bindparam("cart"),
        variant_id=bindparam("variant"),
        quantity=bindparam("units"),
        gifts=[],
        created_at=bindparam("moment"),
    )
    return laid.on_conflict_do_update(
        index_elements=["cart_id", "variant_id"],
        set_={"quantity": lines.c.quantity + laid.excluded.quantity},
    )


def note_content(session: Session, cart: Cart, first: str, last: str) -> None:
    """Remember the texts that led to this cart; the first that was ever noted stays the first."""
    session.execute(
        update(Cart)
        .where(Cart.id == cart.id)
        .values(first_content=func.coalesce(Cart.first_content, first), last_content=last)
        .execution_options(synchronize_session=False)
    )


def change(session: Session, cart: Cart, variant_id: int, quantity: int) -> Removed | None:
    """Make a line hold this many units (0 to 99); 0 removes it. Return what was removed.

    Raises UnknownVariantError or NotEnoughError; nothing has changed then.
    """
    touch(session, cart.id)
    if quantity == 0:
        removed = take_line(session, cart.id, variant_id)
        if removed:
            _set(session, cart, removed_gifts=kept_gifts(removed))
        return removed
    lines = lines_in(session, cart.id)
    if variant_id not in lines:
        raise UnknownVariantError(variant_id)
    check(session, cart, variant_id, quantity, lines)
    session.execute(
        update(CartLine)
        .where(CartLine.cart_id == cart.id, CartLine.variant_id == variant_id)
        .values(quantity=quantity)
    )
    if gifts := gifts_in(session, cart.id, variant_id):
        set_gifts(session, cart.id, variant_id, of_units(gifts, quantity))
    return None


def take_line(session: Session, cart_id: int, variant_id: int) -> Removed | None:
    """Take one line out of a cart; return what it was, None where there was none."""
    row = session.execute(
        delete(CartLine)
        .where(CartLine.cart_id == cart_id, CartLine.variant_id == variant_id)
        .returning(CartLine.quantity, CartLine.created_at, CartLine.gifts)
    ).one_or_none()
    return None if row is None else Removed(cart_id, variant_id, row[0], row[1], tuple(row[2]))


def put_back(session: Session, cart: Cart, removed: Removed | None) -> None:
    """Put a line back as it was, in its place; one that is there again stays as it is.

    Also where it has sold out meanwhile: the cart says so then. Raises UnknownVariantError where it
    is unknown, was another cart's or the variant is gone, CartFullError; nothing has changed then.
    """
    touch(session, cart.id)
    if removed is None:
        raise UnknownVariantError
    if removed.cart_id != cart.id or session.get(Variant, removed.variant_id) is None:
        raise UnknownVariantError(removed.variant_id)
    lines = lines_in(session, cart.id)
    if removed.variant_id in lines:
        return
    if len(lines) >= MAX_LINES:
        raise CartFullError
    values = {
        "quantity": removed.quantity,
        "created_at": removed.created_at,
        "gifts": gifts_removed(session, cart.id, removed.variant_id),
    }
    session.execute(
        upsert(session, CartLine)
        .values(cart_id=cart.id, variant_id=removed.variant_id, **values)
        .on_conflict_do_nothing()
    )
    _set(session, cart, removed_gifts=[])


def remove(session: Session, cart_id: int) -> None:
    """Take every line out of a cart."""
    session.execute(delete(CartLine).where(CartLine.cart_id == cart_id))


def touch(session: Session, cart_id: int) -> None:
    """Take the cart's row lock, so that two tabs change it one after the other."""
    session.execute(_TOUCH, {"cart_id": cart_id, "moment": now()})


def quantity_in(session: Session, cart_id: int, variant_id: int) -> int:
    """Return how many units of a variant a cart holds."""
    found = session.scalar(
        select(CartLine.quantity).where(
            CartLine.cart_id == cart_id, CartLine.variant_id == variant_id
        )
    )
    return found or 0


def choose_code(session: Session, cart: Cart, code: str) -> None:
    """Remember the code that a buyer typed; an empty one forgets it."""
    _set(session, cart, discount_code=code or None)


def choose_card(session: Session, cart: Cart, code_digest: str | None) -> None:
    """Remember the gift card that is to pay, by the digest of its code; None takes it out."""
    _set(session, cart, gift_code_digest=code_digest)


def write_message(session: Session, cart: Cart, text: str) -> None:
    """Remember what the packing slip is to say."""
    _set(session, cart, gift_message=text)


def choose_currency(session: Session, cart: Cart, currency: str) -> None:
    """Show and sell this cart in a currency of the shop."""
    _set(session, cart, currency=currency)


def choose_destination(
    session: Session, cart: Cart, country: str, region: str, rate_id: int | None
) -> None:
    """Remember where it goes and how; a way to ship that is no more is forgotten."""
    rate = session.get(ShippingRate, rate_id) if rate_id else None
    _set(
        session,
        cart,
        country=country,
        region=region or None,
        shipping_rate_id=rate.id if rate else None,
    )


def _set(session: Session, cart: Cart, **values: object) -> None:
    session.execute(
        update(Cart)
        .where(Cart.id == cart.id)
        .values(**values, updated_at=now())
        .execution_options(synchronize_session=False)
    )
    session.expire(cart)  # "fetch" would leave columns that a new cart has not loaded yet
