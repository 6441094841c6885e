"""Rules of discounts: what counts their uses agrees with the orders that have them."""

from collections.abc import Iterator

from sqlalchemy import and_, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from models import (
    Discount,
    DiscountCustomer,
    DiscountUse,
    DiscountUseState,
    Order,
    OrderStatus,
)
from storefront.verify.columns import or_zero

COUNTS = DiscountUse.state.in_([DiscountUseState.HELD, DiscountUseState.USED])
UNPAID = (OrderStatus.DRAFT, OrderStatus.PENDING, OrderStatus.PROCESSING)
PAID = (OrderStatus.PAID, OrderStatus.SHIPPED)


def uses_are_counted(session: Session) -> Iterator[str]:
    """Hold each discount's counter against the orders that hold or have used it."""
    uses = (
        select(DiscountUse.discount_id, func.count().label("count"))
        .where(COUNTS)
        .group_by(DiscountUse.discount_id)
        .subquery()
    )
    count = or_zero(uses.c.count)
    wrong = (
        select(Discount.title, Discount.used, count)
        .outerjoin(uses, uses.c.discount_id == Discount.id)
        .where(Discount.used != count)
        .order_by(Discount.id)
    )
    for title, used, should in session.execute(wrong):
        yield f"{title}: counted {used} uses, orders have {should}"


def customers_are_counted(session: Session) -> Iterator[str]:
    """Hold the counters of each customer against her orders; some discounts have such limits."""
    rows = union_all(
        select(
            DiscountCustomer.discount_id.label("discount_id"),
            DiscountCustomer.customer.label("customer"),
            DiscountCustomer.used.label("used"),
            literal(0).label("had"),
        ),
        select(DiscountUse.discount_id, DiscountUse.customer, literal(0), func.count())
        .where(COUNTS, DiscountUse.customer != "")
        .group_by(DiscountUse.discount_id, DiscountUse.customer),
    ).subquery()
    used, had = func.sum(rows.c.used), func.sum(rows.c.had)
    wrong = (
        select(Discount.title, rows.c.customer, used, had)
        .join(Discount, Discount.id == rows.c.discount_id)
        .group_by(Discount.id, Discount.title, rows.c.customer)
        .having(used != had)
        .order_by(Discount.id, rows.c.customer)
    )
    for title, customer, counted, should in session.execute(wrong):
        yield f"{title}: counted {counted} uses by {customer}, orders have {should}"


def uses_follow_orders(session: Session) -> Iterator[str]:
    """Find uses that are held by an order that has ended, or given back by one that was paid."""
    state = DiscountUse.state
    wrong = (
        select(Order.number, Order.status, DiscountUse.title, state)
        .join(DiscountUse, DiscountUse.order_id == Order.id)
        .where(
            or_(
                and_(state == DiscountUseState.HELD, Order.status.not_in(UNPAID)),
                and_(state == DiscountUseState.RELEASED, Order.status.in_([*UNPAID, *PAID])),
                and_(state == DiscountUseState.USED, Order.status.in_(UNPAID)),
            )
        )
        .order_by(Order.number, DiscountUse.id)
    )
    for number, status, title, found in session.execute(wrong):
        yield f"{number}: {status}, but its use of {title} is {found}"


RULES = (uses_are_counted, customers_are_counted, uses_follow_orders)
