"""Looking at an order without an account: by its number and its secret."""

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import url_for
from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from models import (
    Fulfilment,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    Product,
    Refund,
    RefundStatus,
    Variant,
    now,
)
from models.balance import OPEN, GoodsStatus, MoneyStatus, balances
from storefront.paging import Slice, slice_of

ORDERS_PER_PAGE = 20
CHANGES_FOR = timedelta(minutes=60)  # after it was paid


@dataclass(frozen=True, slots=True)
class Account:
    """The money of one order, and how far its goods are, as its buyer may see it.

    payments: those of which money came. refunds: what went back, is on its way there, or did not
    arrive; not what was given up before it was asked for.
    """

    money: MoneyStatus
    goods: GoodsStatus
    payments: Sequence[Payment]
    refunds: Sequence[Refund]

    @property
    def remaining(self) -> Money | None:
        """What stays paid, where that is one amount of one currency and a part went back."""
        left = [payment.refundable for payment in self.payments]
        currencies = {amount.currency for amount in left}
        rest = sum(amount.minor for amount in left)
        if not self.refunds or not rest or len(currencies) != 1:
            return None
        return Money(rest, currencies.pop())


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
    balance = balances(session, [order])[order.id]
    return Account(balance.money, balance.goods, payments, refunds)


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


def order_url(order: Order, said: str | None = None) -> str:
    """Return the address of an order's page, with its secret; said: what was just done there."""
    return url_for("orders.show", number=order.number, token=order.token, said=said)
