"""Finding a cart: a browser's by its secret, a customer's by who she is."""

from dataclasses import dataclass
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, Select, bindparam, exists, func, select
from sqlalchemy.orm import Session

from models import Cart, CartLine, Order, OrderStatus


def of_browser(token_digest: str) -> ColumnElement[bool]:
    """Say which cart has a secret of this digest; a customer's is found by no secret."""
    return (Cart.token_sha256 == token_digest) & Cart.customer_id.is_(None)


def of_customer(customer_id: int) -> ColumnElement[bool]:
    """Say which cart is a customer's."""
    return Cart.customer_id == customer_id


def cart_of_browser(session: Session, token_digest: str) -> Cart | None:
    """Return the cart that has a secret of this digest, or None."""
    return session.scalars(_CART_OF_BROWSER, {"whose": token_digest}).one_or_none()


def cart_of_customer(session: Session, customer_id: int) -> Cart | None:
    """Return a customer's cart, or None."""
    return session.scalars(_CART_OF_CUSTOMER, {"whose": customer_id}).one_or_none()


Glances: TypeAlias = Select[int, int, str | None, bool]


@dataclass(frozen=True, slots=True)
class Glance:
    """What every page knows of a cart.

    item_count: units in it; currency: that it chose; has_open_order: one of it awaits its payment.
    """

    cart_id: int | None = None
    item_count: int = 0
    currency: str | None = None
    has_open_order: bool = False


def glance_of_browser(session: Session, token_digest: str) -> Glance:
    """Return what every page knows of a browser's cart, in one query."""
    return _glance(session, _OF_BROWSER, token_digest)


def glance_of_customer(session: Session, customer_id: int) -> Glance:
    """Return what every page knows of a customer's cart, in one query."""
    return _glance(session, _OF_CUSTOMER, customer_id)


def _glance(session: Session, wanted: Glances, whose: str | int) -> Glance:
    row = session.execute(wanted, {"whose": whose}).one_or_none()
    return Glance() if row is None else Glance(row[0], int(row[1]), row[2], bool(row[3]))


def _glances(holder: ColumnElement[bool]) -> Glances:
    """Return the statement for a glance; to make it takes longer than to run it."""
    is_open = exists().where(Order.cart_id == Cart.id, Order.status == OrderStatus.PENDING)
    return (
        select(Cart.id, func.coalesce(func.sum(CartLine.quantity), 0), Cart.currency, is_open)
        .outerjoin(CartLine, CartLine.cart_id == Cart.id)
        .where(holder)
        .group_by(Cart.id)
    )


_WHOSE: Any = bindparam("whose")
_CART_OF_BROWSER = select(Cart).where(of_browser(_WHOSE))
_CART_OF_CUSTOMER = select(Cart).where(of_customer(_WHOSE))
_OF_BROWSER, _OF_CUSTOMER = _glances(of_browser(_WHOSE)), _glances(of_customer(_WHOSE))
