"""A customer's one cart: found by whoever she is, joined by what a browser held before."""

import secrets
from collections.abc import Sequence

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session, aliased, joinedload

from models import Cart, CartLine, Customer, Order, OrderStatus, SavedLine, Variant, now
from models.cart import MAX_LINES, MAX_QUANTITY
from storefront.cart.finding import cart_of_customer, of_customer
from storefront.cart.gifts import together
from storefront.cart.saved import put
from storefront.cart.service import digest, remove
from storefront.languages import gettext

CHOSEN = ("currency", "country", "region", "shipping_rate_id", "discount_code", "gift_code_digest")


def cart_of(session: Session, customer_id: int) -> Cart:
    """Return a customer's cart; write one where she has none. One for each customer, by a key."""
    _lock(session, customer_id)
    wanted = select(Cart).where(of_customer(customer_id))
    cart = session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if cart is None:
        cart = Cart(token_sha256=_nobodys(), customer_id=customer_id)
        session.add(cart)
        session.flush()
    return cart


def join(session: Session, cart: Cart, customer_id: int) -> list[str]:
    """Let a browser's cart join that of a customer who signs in; return what she must know of it.

    Where she has none, it becomes hers. Else its lines move into hers: quantities add up to what
    one line takes, and lines that hers has no room for are saved for later. What she chose stays,
    and each gift card is for whom it was for.
    """
    _lock(session, customer_id)
    hers = cart_of_customer(session, customer_id)
    if hers is None:
        values = {"customer_id": customer_id, "token_sha256": _nobodys()}
        _set(session, cart.id, **values, updated_at=now())
        return []
    for cart_id in sorted((cart.id, hers.id)):  # in this order, so that nobody waits in a circle
        _set(session, cart_id, updated_at=now())
    told = _move_lines(session, cart.id, hers.id)
    _move_saved(session, cart.id, hers.id)
    _move_open_order(session, cart.id, hers.id)
    texts = ("first_content", "last_content")
    chosen = {it: getattr(cart, it) for it in (*CHOSEN, *texts) if getattr(hers, it) is None}
    if "country" not in chosen:  # where it goes and how go together
        kept = {"currency", "discount_code", "gift_code_digest", *texts}
        chosen = {it: value for it, value in chosen.items() if it in kept}
    chosen["gift_message"] = hers.gift_message or cart.gift_message
    _set(session, hers.id, **chosen, updated_at=now())
    return told


def _move_lines(session: Session, from_id: int, to_id: int) -> list[str]:
    coming, there = _lines(session, from_id), _lines(session, to_id)
    held = {line.variant_id: line for line in there}
    told = [gettext("What this browser held is in your cart now.")] if coming and there else []
    for line in coming:
        variant_id, quantity = line.variant_id, line.quantity
        if own := held.get(variant_id):
            both = own.quantity + quantity
            gifts = together(own.gifts, own.quantity, line.gifts, quantity)
            own.quantity, own.gifts = min(MAX_QUANTITY, both), gifts[:MAX_QUANTITY]
            if both > MAX_QUANTITY:
                told.append(
                    gettext(
                        "%(name)s: your cart holds %(most)s now, the most that one cart takes."
                        " %(rest)s more were left out.",
                        name=_name(line.variant),
                        most=MAX_QUANTITY,
                        rest=both - MAX_QUANTITY,
                    )
                )
            continue
        if len(held) < MAX_LINES:
            held[variant_id] = moved = CartLine(
                cart_id=to_id,
                variant_id=variant_id,
                quantity=quantity,
                gifts=line.gifts,
                created_at=line.created_at,
            )
            session.add(moved)
        else:
            put(session, to_id, variant_id, quantity, line.gifts)
            told.append(
                gettext(
                    "%(name)s is saved for later: a cart holds %(most)s different things.",
                    name=_name(line.variant),
                    most=MAX_LINES,
                )
            )
    session.flush()
    remove(session, from_id)
    return told


def _move_saved(session: Session, from_id: int, to_id: int) -> None:
    saved = session.scalars(select(SavedLine).where(SavedLine.cart_id == from_id)).all()
    for line in saved:
        put(session, to_id, line.variant_id, line.quantity, line.gifts)
        session.delete(line)
    session.flush()


def _move_open_order(session: Session, from_id: int, to_id: int) -> None:
    """Let an order that waits for its payment follow, so that it is not in her own way.

    A cart has one at most: where hers has one too, the other ends by itself.
    """
    other = aliased(Order)
    has_one = exists().where(other.cart_id == to_id, other.status == OrderStatus.PENDING)
    session.execute(
        update(Order)
        .where(Order.cart_id == from_id, Order.status == OrderStatus.PENDING, ~has_one)
        .values(cart_id=to_id)
        .execution_options(synchronize_session=False)
    )


def _lines(session: Session, cart_id: int) -> Sequence[CartLine]:
    wanted = select(CartLine).where(CartLine.cart_id == cart_id).order_by(CartLine.created_at)
    whole = joinedload(CartLine.variant).joinedload(Variant.product)
    return session.scalars(wanted.options(whole)).all()


def _name(variant: Variant) -> str:
    return " · ".join(filter(None, (variant.product.title, variant.title)))


def _nobodys() -> str:
    """Return the digest of a secret that nobody has."""
    return digest(secrets.token_urlsafe(32))


def _set(session: Session, cart_id: int, **values: object) -> None:
    session.execute(update(Cart).where(Cart.id == cart_id).values(**values))


def _lock(session: Session, customer_id: int) -> None:
    """Let two browsers of a customer join her cart one after the other."""
    session.execute(select(Customer.id).where(Customer.id == customer_id).with_for_update())
