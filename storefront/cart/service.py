"""Changing a cart: each change is one statement under the cart's lock."""

import hashlib
import secrets

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session, selectinload

from models import Cart, CartLine, Product, ProductStatus, ShippingRate, Variant, now
from models.cart import MAX_LINES, MAX_QUANTITY
from models.once import upsert
from storefront.cart.gifts import of_units
from storefront.cart.giving import add_gifts, gifts_in, gifts_removed, kept_gifts, set_gifts
from storefront.cart.own import held_by
from storefront.cart.removal import Removed
from storefront.catalog.shelf import shelf


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


class NotSoldInCurrencyError(Exception):
    """The variant has no price in the cart's currency, whose code is the message."""


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


def add(  # noqa: PLR0913 (what, how many, for whom)
    session: Session,
    cart: Cart,
    variant_id: int,
    quantity: int,
    currency: str,
    *,
    gift: dict[str, str] | None = None,
) -> None:
    """Add units (1 to 99) of a variant to a cart.

    currency: the one that the cart is in. gift: whom the units of a gift card are for, None or
    empty for the buyer herself. Raises UnknownVariantError, NotSoldInCurrencyError,
    CartFullError or NotEnoughError; nothing has changed then. Stock is only looked at: units are
    promised when the buyer checks out.
    """
    cart_id = cart.id
    touch(session, cart_id)
    in_cart = quantity_in(session, cart_id, variant_id)
    _check_price(session, variant_id, currency)
    _check(session, cart, variant_id, in_cart + quantity, in_cart)
    session.execute(
        upsert(session, CartLine)
        .values(
            cart_id=cart_id,
            variant_id=variant_id,
            quantity=quantity,
            gifts=[],
            created_at=now(),
        )
        .on_conflict_do_update(
            index_elements=["cart_id", "variant_id"],
            set_={"quantity": CartLine.quantity + quantity},
        )
    )
    if gift is not None:
        add_gifts(session, cart_id, variant_id, in_cart, [gift] * quantity)


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
    in_cart = quantity_in(session, cart.id, variant_id)
    if not in_cart:
        raise UnknownVariantError(variant_id)
    _check(session, cart, variant_id, quantity, in_cart)
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
    if quantity_in(session, cart.id, removed.variant_id):
        return
    if _line_count(session, cart.id) >= MAX_LINES:
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
    session.execute(update(Cart).where(Cart.id == cart_id).values(updated_at=now()))


def quantity_in(session: Session, cart_id: int, variant_id: int) -> int:
    """Return how many units of a variant a cart holds."""
    found = session.scalar(
        select(CartLine.quantity).where(
            CartLine.cart_id == cart_id, CartLine.variant_id == variant_id
        )
    )
    return found or 0


def _check_price(session: Session, variant_id: int, currency: str) -> None:
    found = session.get(Variant, variant_id, options=[selectinload(Variant.prices)])
    if found is not None and found.price_in(currency) is None:
        raise NotSoldInCurrencyError(currency)


def _check(session: Session, cart: Cart, variant_id: int, wanted: int, in_cart: int) -> None:
    is_for_sale = session.scalar(
        select(Variant.id)
        .join(Product)
        .where(Variant.id == variant_id, Product.status == ProductStatus.ACTIVE)
    )
    if is_for_sale is None:
        raise UnknownVariantError(variant_id)
    if wanted > MAX_QUANTITY or (not in_cart and _line_count(session, cart.id) >= MAX_LINES):
        raise CartFullError
    available = _available(session, cart, variant_id)
    if wanted > available:
        raise NotEnoughError(available, in_cart)


def _available(session: Session, cart: Cart, variant_id: int) -> int:
    """Return how many units this line can have beside the others, which may share its parts."""
    others = session.execute(
        select(CartLine.variant_id, CartLine.quantity).where(
            CartLine.cart_id == cart.id, CartLine.variant_id != variant_id
        )
    ).all()
    found = shelf(
        session, [variant_id, *(row[0] for row in others)], held_by(session, cart.id).units
    )
    for other, quantity in others:
        found.take(other, min(quantity, found.orderable(other)))
    return found.orderable(variant_id)


def _line_count(session: Session, cart_id: int) -> int:
    counted = select(func.count()).select_from(CartLine).where(CartLine.cart_id == cart_id)
    return session.scalar(counted) or 0


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
