"""Looking at an order without an account: by its number and its secret."""

import hmac

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import Order


def by_number(session: Session, number: str, token: str) -> Order | None:
    """Return the order that number and token name together, with lines, events and parcels.

    The token is compared in constant time; a wrong one looks like a wrong number.
    """
    order = session.scalars(
        select(Order)
        .where(Order.number == number)
        .options(
            selectinload(Order.lines),
            selectinload(Order.discounts),
            selectinload(Order.events),
            selectinload(Order.fulfilments),
        )
    ).one_or_none()
    if order is None or not hmac.compare_digest(order.token.encode(), token.encode()):
        return None
    return order


def of_customer(session: Session, customer_id: int) -> list[Order]:
    """Return a customer's orders, newest first."""
    return list(
        session.scalars(
            select(Order)
            .where(Order.customer_id == customer_id)
            .order_by(Order.id.desc())
            .options(selectinload(Order.lines))
        )
    )


def order_url(order: Order) -> str:
    """Return the address of an order's page, with its secret."""
    return url_for("orders.show", number=order.number, token=order.token)
