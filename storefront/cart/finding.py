"""Finding a cart: a browser's by its secret, a customer's by who she is."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, bindparam, exists, func, select
from sqlalchemy.orm import Session

from models import Cart, CartLine, Order, OrderStatus

_IS_OPEN = exists().where(Order.cart_id == Cart.id, Order.status == OrderStatus.PENDING)
_GLANCE = (
    select(Cart.id, func.coalesce(func.sum(CartLine.quantity), 0), Cart.currency, _IS_OPEN)
    .outerjoin(CartLine, CartLine.cart_id == Cart.id)
    .group_by(Cart.id)
)
# A browser's is found by its secret; a customer's by no secret.
_BROWSERS = (Cart.token_sha256 == bindparam("key")) & Cart.customer_id.is_(None)
_CUSTOMERS = Cart.customer_id == bindparam("key")
_FIND = {"browser": select(Cart).where(_BROWSERS), "customer": select(Cart).where(_CUSTOMERS)}
_LOOK = {"browser": _GLANCE.where(_BROWSERS), "customer": _GLANCE.where(_CUSTOMERS)}


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has a cart. kind: browser or customer; key: its secret's digest, or her id."""

    kind: str
    key: str | int


def of_customer(customer_id: int) -> ColumnElement[bool]:
    """Say which cart is a customer's."""
    return Cart.customer_id == customer_id


def find(session: Session, holder: Holder) -> Cart | None:
    """Return the cart of a browser or a customer, or None."""
    return session.scalars(_FIND[holder.kind], {"key": holder.key}).one_or_none()


@dataclass(frozen=True, slots=True)
class Glance:
    """What every page knows of a cart.

    item_count: units in it; currency: that it chose; has_open_order: one of it awaits its payment.
    """

    cart_id: int | None = None
    item_count: int = 0
    currency: str | None = None
    has_open_order: bool = False


def glance(session: Session, holder: Holder) -> Glance:
    """Return what every page knows of a cart, in one query."""
    row = session.execute(_LOOK[holder.kind], {"key": holder.key}).one_or_none()
    return Glance() if row is None else Glance(row[0], int(row[1]), row[2], bool(row[3]))
