"""Looking at an order without an account: by its number and its secret."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import (
    Fulfilment,
    Money,
    Order,
    OrderLine,
    Payment,
    Product,
    Refund,
    RefundStatus,
    Variant,
)
from models.balance import MoneyStatus, balances


@dataclass(frozen=True, slots=True)
class Account:
    """The money of one order, as its buyer may see it.

    payments: those of which money came. refunds: what went back, is on its way there, or did not
    arrive; not what was given up before it was asked for.
    """

    money: MoneyStatus
    payments: Sequence[Payment]
    refunds: Sequence[Refund]

    @property
    def remaining(self) -> Money | None:
        """What stays paid, where that is one amount of one currency and any went back."""
        left = [payment.refundable for payment in self.payments]
        currencies = {amount.currency for amount in left}
        if not self.refunds or len(currencies) != 1:
            return None
        return Money(sum(amount.minor for amount in left), currencies.pop())


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
            selectinload(Order.fulfilments).selectinload(Fulfilment.lines),
        )
    ).one_or_none()
    if order is None or not hmac.compare_digest(order.token.encode(), token.encode()):
        return None
    return order


def account(session: Session, order: Order) -> Account:
    """Return what came of an order's money and went back, in six queries."""
    payments = session.scalars(
        select(Payment)
        .where(Payment.order_id == order.id, Payment.captured_minor > 0)
        .order_by(Payment.id)
    ).all()
    told = Refund.refund_id.is_not(None) | (Refund.status == RefundStatus.REQUESTED)
    told = told | Payment.gift_card_id.is_not(None)  # which Stripe knows nothing of
    refunds = session.scalars(
        select(Refund)
        .join(Payment)
        .where(Payment.order_id == order.id, Refund.status != RefundStatus.CANCELED, told)
        .order_by(Refund.id)
    ).all()
    return Account(balances(session, [order])[order.id].money, payments, refunds)


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


def shipped(session: Session, order: Order) -> Sequence[Product]:
    """Return the products of which a unit left with an order, by their titles."""
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


def order_url(order: Order) -> str:
    """Return the address of an order's page, with its secret."""
    return url_for("orders.show", number=order.number, token=order.token)
