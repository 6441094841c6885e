"""Rules of money: what came, what went back, and what is kept for what."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Subquery, and_, case, func, or_, select
from sqlalchemy.orm import Session

from models import (
    Dispute,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentStatus,
    Refund,
    RefundLine,
)
from models.refund import COUNTED
from storefront.verify.columns import column, or_zero, total

TOTAL, CURRENCY = column(Order, "total_minor"), column(Order, "currency")
REFUND_AMOUNT, REFUND_CURRENCY = column(Refund, "amount_minor"), column(Refund, "currency")


def refunds_are_counted(session: Session) -> Iterator[str]:
    """Hold what each payment says went back against its refunds that did, or may still."""
    counted = (
        select(Refund.payment_id, total(REFUND_AMOUNT).label("amount"))
        .where(Refund.status.in_(COUNTED))
        .group_by(Refund.payment_id)
        .subquery()
    )
    amount = or_zero(counted.c.amount)
    wrong = (
        select(Payment.key, Payment.refunded_minor, amount)
        .outerjoin(counted, counted.c.payment_id == Payment.id)
        .where(Payment.refunded_minor != amount)
        .order_by(Payment.key)
    )
    for key, has, should in session.execute(wrong):
        yield f"payment {key}: {has} refunded, its refunds sum to {should}"


def payments_have_the_currency(session: Session) -> Iterator[str]:
    """Find payments asked for in another currency than their order, and refunds in another yet."""
    asked, came = column(Payment, "currency"), Payment.captured_currency
    is_believed = Payment.status == PaymentStatus.PAID
    wrong = (
        select(Payment.key, CURRENCY, asked, came, REFUND_CURRENCY)
        .join(Order, Order.id == Payment.order_id)
        .outerjoin(Refund, Refund.payment_id == Payment.id)
        .where(
            or_(
                asked != CURRENCY,
                and_(is_believed, Payment.captured_minor > 0, came != asked),
                came != REFUND_CURRENCY,
            )
        )
        .distinct()
        .order_by(Payment.key)
    )
    for key, *currencies in session.execute(wrong):
        found = ", ".join(dict.fromkeys(it for it in currencies if it))
        yield f"payment {key}: more than one currency: {found}"


def orders_keep_what_is_theirs(session: Session) -> Iterator[str]:
    """Hold each order's status against the money that came and is kept.

    A paid order has one payment of its whole total, and keeps no more than that; any other keeps
    nothing. An order that is held for staff (``attention``) has been noticed already.
    """
    sums = _received()
    kept, whole = or_zero(sums.c.kept), or_zero(sums.c.whole)
    is_paid = Order.status.in_([OrderStatus.PAID, OrderStatus.SHIPPED])
    is_wrong = case(
        (is_paid, or_(and_(TOTAL > 0, whole == 0), kept > TOTAL)),
        (Order.status == OrderStatus.CANCELLED, kept > or_zero(sums.c.charged_back)),
        else_=kept != 0,
    )
    wrong = (
        select(Order.number, Order.status, TOTAL, or_zero(sums.c.captured), kept)
        .outerjoin(sums, sums.c.order_id == Order.id)
        .where(Order.attention.is_(None), is_wrong)
        .order_by(Order.number)
    )
    for number, status, asked, captured, stays in session.execute(wrong):
        yield f"{number}: {status}, {captured} of {asked} received, {stays} kept"


def units_are_refunded(session: Session) -> Iterator[str]:
    """Hold how many units of each line were refunded against its refunds."""
    refunded = (
        select(
            RefundLine.order_line_id,
            total(RefundLine.quantity).label("units"),
            total(RefundLine.cancelled).label("cancelled"),
        )
        .join(Refund, Refund.id == RefundLine.refund_id)
        .where(Refund.status.in_(COUNTED))
        .group_by(RefundLine.order_line_id)
        .subquery()
    )
    pairs = {
        "refunded": (OrderLine.refunded_quantity, or_zero(refunded.c.units)),
        "refunded before it left": (OrderLine.cancelled_quantity, or_zero(refunded.c.cancelled)),
    }
    wrong = (
        select(Order.number, OrderLine.sku, *(figure for pair in pairs.values() for figure in pair))
        .join(Order, Order.id == OrderLine.order_id)
        .outerjoin(refunded, refunded.c.order_line_id == OrderLine.id)
        .where(or_(*(has != should for has, should in pairs.values())))
        .order_by(Order.number, OrderLine.sku)
    )
    for number, sku, *figures in session.execute(wrong):
        for word, has, should in zip(pairs, figures[::2], figures[1::2], strict=True):
            if has != should:
                yield f"{number}: {has} of {sku} {word}, its refunds have {should}"


RULES = (
    refunds_are_counted,
    payments_have_the_currency,
    orders_keep_what_is_theirs,
    units_are_refunded,
)


def _received() -> Subquery:
    """Return, by order: what came and is kept, and how many payments are of its whole total.

    What a gift card pays beside another payment makes that whole.
    """
    taken = (
        select(Dispute.payment_id, total(Dispute.taken_minor).label("taken"))
        .group_by(Dispute.payment_id)
        .subquery()
    )
    by_card = case((Payment.gift_card_id.is_(None), Order.gift_minor), else_=0)
    is_whole = and_(
        Payment.status == PaymentStatus.PAID,
        Payment.captured_minor + by_card == TOTAL,
        Payment.captured_currency == CURRENCY,
    )
    return (
        select(
            Payment.order_id,
            total(Payment.captured_minor).label("captured"),
            total(Payment.captured_minor - Payment.refunded_minor).label("kept"),
            total(taken.c.taken).label("charged_back"),
            _count(is_whole).label("whole"),
        )
        .join(Order, Order.id == Payment.order_id)
        .outerjoin(taken, taken.c.payment_id == Payment.id)
        .where(Payment.status.in_([PaymentStatus.PAID, PaymentStatus.HELD]))
        .group_by(Payment.order_id)
        .subquery()
    )


def _count(condition: ColumnElement[Any]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)
