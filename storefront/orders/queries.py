"""Looking at an order without an account: by its number and its secret."""

import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import url_for
from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from models import (
    DiscountUse,
    Fulfilment,
    Order,
    OrderEvent,
    OrderLine,
    OrderStatus,
    Product,
    Variant,
    now,
)
from models.apart import apart, gathered
from models.balance import OPEN
from storefront.paging import Slice, slice_of

ORDERS_PER_PAGE = 20
CHANGES_FOR = timedelta(minutes=60)  # after it was paid
_OF: Any = bindparam("of")
_BY_NUMBER = select(Order).where(Order.number == bindparam("number"))
_PARTS = apart(
    (OrderLine, OrderLine.order_id == _OF, (OrderLine.id,)),
    (DiscountUse, DiscountUse.order_id == _OF, (DiscountUse.id,)),
    (OrderEvent, OrderEvent.order_id == _OF, (OrderEvent.id,)),
    (Fulfilment, Fulfilment.order_id == _OF, (Fulfilment.id,)),
).options(selectinload(Fulfilment.lines))


def by_number(session: Session, number: str, token: str) -> Order | None:
    """Return the order that number and token name together, with lines, events and parcels.

    The token is compared in constant time; a wrong one looks like a wrong number.
    """
    order = session.scalars(_BY_NUMBER, {"number": number}).one_or_none()
    if order is None or not hmac.compare_digest(order.token.encode(), token.encode()):
        return None
    names = ("lines", "discounts", "events", "fulfilments")
    for name, found in zip(names, gathered(session, _PARTS, {"of": order.id}), strict=True):
        set_committed_value(order, name, found)
    return order


def changes_until(order: Order) -> datetime | None:
    """Return until when its buyer may change an order, None where not (any more); lines loaded.

    What decides in the end is one UPDATE, see ``changes.service.claim``.
    """
    if order.status is not OrderStatus.PAID or order.paid_at is None:
        return None
    has_left = any(it.shipped_quantity and not it.is_gift_card for it in order.lines)
    if order.picked_at or order.attention or has_left:
        return None
    ends = order.paid_at + CHANGES_FOR
    return ends if now() < ends else None


def waits_for(session: Session, order: Order) -> Order | None:
    """Return what was added to an order and is not paid yet; asked only where something holds it.

    More than one reason to hold it is for staff.
    """
    if not order.attention or "\n" in order.attention:
        return None
    found = select(Order).where(Order.follows_id == order.id, Order.status.in_(OPEN))
    added = session.scalars(found.order_by(Order.id.desc()).limit(1)).one_or_none()
    return added if added and added.number in order.attention else None


def of_customer(session: Session, customer_id: int, page: int) -> Slice[Order]:
    """Return a page of a customer's orders, newest first, in three queries; no drafts."""
    hers = (Order.customer_id == customer_id, Order.status != OrderStatus.DRAFT)
    total = session.scalar(select(func.count()).select_from(Order).where(*hers)) or 0
    sliced: Slice[Order] = slice_of(total, page, ORDERS_PER_PAGE)
    found = select(Order).where(*hers).order_by(Order.id.desc())
    found = found.options(selectinload(Order.lines)).limit(sliced.size).offset(sliced.offset)
    sliced.items.extend(session.scalars(found))
    return sliced


def one_of_customer(session: Session, customer_id: int, number: str) -> Order | None:
    """Return an order of a customer with its lines, or None where she has none of this number."""
    found = select(Order).where(
        Order.customer_id == customer_id,
        Order.number == number,
        Order.status != OrderStatus.DRAFT,
    )
    return session.scalars(found.options(selectinload(Order.lines))).one_or_none()


def shipped(session: Session, order: Order) -> Sequence[Product]:
    """Return the products of which a unit left with an order, by their titles; lines loaded."""
    if not any(line.shipped_quantity for line in order.lines):
        return ()
    left = (
        select(Variant.product_id)
        .join(OrderLine, OrderLine.variant_id == Variant.id)
        .where(
            OrderLine.order_id == order.id,
            OrderLine.shipped_quantity > 0,
            OrderLine.is_gift_card.is_(False),
        )
    )
    found = select(Product).where(Product.id.in_(left)).order_by(Product.title, Product.id)
    return session.scalars(found).all()


def order_url(order: Order, said: str | None = None) -> str:
    """Return the address of an order's page, with its secret; said: what was just done there."""
    return url_for("orders.show", number=order.number, token=order.token, said=said)
