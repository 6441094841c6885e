"""Whom the gift cards in a cart are for; the caller holds the cart's lock."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Cart, CartLine, Product, ProductKind, Variant
from storefront.cart.gifts import together
from storefront.cart.removal import Removed


def is_gift_card(session: Session, variant_id: int) -> bool:
    """Say whether a variant is an amount to give."""
    found = select(Product.kind).join(Variant).where(Variant.id == variant_id)
    return session.scalar(found) is ProductKind.GIFT_CARD


def add_gifts(
    session: Session,
    cart_id: int,
    variant_id: int,
    in_cart: int,
    gifts: Sequence[dict[str, Any]],
) -> None:
    """Note whom each of the units is for that came to those that were in the cart before."""
    before = gifts_in(session, cart_id, variant_id)
    said = together(before, in_cart, gifts, len(gifts))
    if said:
        set_gifts(session, cart_id, variant_id, said)


def gifts_in(session: Session, cart_id: int, variant_id: int) -> list[dict[str, Any]]:
    """Return whom the units of a line are for; empty where for the buyer herself."""
    found = select(CartLine.gifts).where(
        CartLine.cart_id == cart_id, CartLine.variant_id == variant_id
    )
    return session.scalar(found) or []


def set_gifts(session: Session, cart_id: int, variant_id: int, gifts: list[dict[str, Any]]) -> None:
    """Write whom the units of a line are for."""
    session.execute(
        update(CartLine)
        .where(CartLine.cart_id == cart_id, CartLine.variant_id == variant_id)
        .values(gifts=gifts)
        .execution_options(synchronize_session=False)
    )


def kept_gifts(removed: Removed) -> list[dict[str, Any]]:
    """Return what the cart keeps of a removed line, so that it comes back with whom it is for."""
    gifts = list(removed.gifts)
    return [{"variant_id": removed.variant_id, "gifts": gifts}] if gifts else []


def gifts_removed(session: Session, cart_id: int, variant_id: int) -> list[dict[str, Any]]:
    """Return whom the gift card was for that was taken out last, where it was this one."""
    kept = session.scalar(select(Cart.removed_gifts).where(Cart.id == cart_id)) or []
    return next((it["gifts"] for it in kept if it["variant_id"] == variant_id), [])
