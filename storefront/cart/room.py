"""What a line of a cart can hold: is it for sale, in which currency, and how many are there."""

from collections.abc import Mapping

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models import Cart, CartLine, Product, ProductStatus, Variant, VariantPrice
from models.cart import MAX_LINES, MAX_QUANTITY
from storefront.cart.own import held_by
from storefront.catalog.shelf import shelf

# What is asked at each change, made once: making a statement takes longer than asking it.
# Of tables, not of classes: so the mapper has no part in it.
_lines, _products = CartLine.__table__.c, Product.__table__.c
_variants, _prices = Variant.__table__.c, VariantPrice.__table__.c
_IN = select(_lines.variant_id, _lines.quantity).where(_lines.cart_id == bindparam("cart_id"))
_OFFERED = (
    select(
        _products.status == ProductStatus.ACTIVE,
        (_variants.price_currency == bindparam("currency")) | _prices.currency.is_not(None),
    )
    .select_from(Variant.__table__)
    .join(Product.__table__, _products.id == _variants.product_id)
    .outerjoin(
        VariantPrice.__table__,
        (_prices.variant_id == _variants.id) & (_prices.currency == bindparam("currency")),
    )
    .where(_variants.id == bindparam("variant_id"))
)


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


def lines_in(session: Session, cart_id: int) -> dict[int, int]:
    """Return the units of each variant in a cart, by its id."""
    return {row[0]: row[1] for row in session.execute(_IN, {"cart_id": cart_id})}


def check(  # noqa: PLR0913 (what, how many, beside what)
    session: Session,
    cart: Cart,
    variant_id: int,
    wanted: int,
    lines: Mapping[int, int],
    *,
    currency: str | None = None,
    is_new: bool = False,
) -> None:
    """Raise unless a line can hold this many units. currency: None asks for no price."""
    asked = {"variant_id": variant_id, "currency": currency}
    is_for_sale, has_price = session.execute(_OFFERED, asked).one_or_none() or (False, True)
    if currency is not None and not has_price:
        raise NotSoldInCurrencyError(currency)
    if not is_for_sale:
        raise UnknownVariantError(variant_id)
    in_cart = lines.get(variant_id, 0)
    if wanted > MAX_QUANTITY or (not in_cart and len(lines) >= MAX_LINES):
        raise CartFullError
    own = None if is_new else cart.id
    available = available_in(session, own, variant_id, lines)
    if wanted > available:
        raise NotEnoughError(available, in_cart)


def available_in(
    session: Session, cart_id: int | None, variant_id: int, lines: Mapping[int, int]
) -> int:
    """Return how many units this line can have beside the others, which may share its parts."""
    found = shelf(session, {variant_id, *lines}, held_by(session, cart_id).units)
    for other, quantity in lines.items():
        if other != variant_id:
            found.take(other, min(quantity, found.orderable(other)))
    return found.orderable(variant_id)
