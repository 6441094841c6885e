"""Looking at orders; the same number of queries however many there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from models import (
    Dispute,
    Fulfilment,
    Mail,
    Order,
    OrderStatus,
    Payment,
    Product,
    Refund,
    Reservation,
    ReservationState,
    Stock,
    Variant,
)
from storefront.paging import Slice, slice_of
from storefront.staff.listing import PER_PAGE, Sorting

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "placed": Order.created_at,
        "number": Order.number,
        "email": Order.email,
        "total": Order.__table__.c["total_minor"],
        "status": Order.status,
    }
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders a list shows. words: part of a number, an e-mail address or a name."""

    status: OrderStatus | None = None
    needs_attention: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many orders there are: in all, in each status, and that staff must look at."""

    by_status: Mapping[OrderStatus, int]
    attention: int

    @property
    def all(self) -> int:
        """How many orders there are."""
        return sum(self.by_status.values())


@dataclass(frozen=True, slots=True)
class Missing:
    """Units that an order waits for. free: how many are there for it now."""

    sku: str
    title: str
    quantity: int
    free: int


def orders(session: Session, wanted: Wanted, sorting: Sorting, page: int) -> Slice[Order]:
    """Return a page of orders with their lines, in three queries."""
    found = select(Order)
    if wanted.status is not None:
        found = found.where(Order.status == wanted.status)
    if wanted.needs_attention:
        found = found.where(Order.attention.is_not(None))
    if wanted.words:
        columns = (Order.number, Order.email, Order.name)
        found = found.where(
            or_(*(column.icontains(wanted.words, autoescape=True) for column in columns))
        )
    total = session.scalar(select(func.count()).select_from(found.subquery())) or 0
    sliced: Slice[Order] = slice_of(total, page, PER_PAGE)
    shown = sorting.applied(found, Order.id).options(selectinload(Order.lines))
    sliced.items.extend(session.scalars(shown.limit(PER_PAGE).offset(sliced.offset)))
    return sliced


def counts(session: Session) -> Counts:
    """Return how many orders there are of each kind, in one query."""
    rows = session.execute(
        select(Order.status, func.count(), func.count(Order.attention)).group_by(Order.status)
    ).all()
    return Counts({status: number for status, number, _ in rows}, sum(row[2] for row in rows))


def order(session: Session, number: str) -> Order | None:
    """Return an order as it is now, with lines, events and parcels."""
    return session.scalars(
        select(Order)
        .where(Order.number == number)
        .options(
            selectinload(Order.lines),
            selectinload(Order.discounts),
            selectinload(Order.events),
            selectinload(Order.fulfilments).selectinload(Fulfilment.lines),
        )
        .execution_options(populate_existing=True)
    ).one_or_none()


def not_here(session: Session, of: Order) -> list[Missing]:
    """Return what an order waits for that has not come yet, in one query."""
    free = Stock.on_hand - Stock.reserved - Stock.unavailable
    found = (
        select(Variant.sku, Product.title, Reservation.quantity, free)
        .join(Variant, Variant.id == Reservation.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .join(Stock, Stock.variant_id == Variant.id)
        .where(
            Reservation.order_id == of.id,
            Reservation.is_backorder,
            Reservation.state == ReservationState.HELD,
            free < Reservation.quantity,
        )
        .order_by(Variant.sku)
    )
    return [Missing(*row) for row in session.execute(found)]


def here(session: Session, of: Order) -> dict[int, int]:
    """Return how many units of each line that waits for a backorder could ship now, by its id."""
    free = Stock.on_hand - Stock.reserved - Stock.unavailable
    found = (
        select(Reservation.variant_id, free)
        .join(Stock, Stock.variant_id == Reservation.variant_id)
        .where(
            Reservation.order_id == of.id,
            Reservation.is_backorder,
            Reservation.state == ReservationState.HELD,
        )
    )
    waits = dict(session.execute(found).all())
    return {
        line.id: min([line.to_ship, *(waits[it] // n for it, n in parts)])
        for line in of.lines
        if (parts := [(it, n) for it, n in line.units_of_one.items() if it in waits])
    }


def payments(session: Session, of: Order) -> list[Payment]:
    """Return an order's payments, the first attempt first."""
    found = select(Payment).where(Payment.order_id == of.id).order_by(Payment.attempt)
    return list(session.scalars(found))


def refunds(session: Session, of: Order) -> list[Refund]:
    """Return the refunds of an order's payments with their units, the newest first."""
    found = select(Refund).join(Payment).where(Payment.order_id == of.id)
    shown = found.options(selectinload(Refund.lines)).order_by(Refund.id.desc())
    return list(session.scalars(shown))


def disputes(session: Session, of: Order) -> list[Dispute]:
    """Return the disputes of an order's payments, the newest first."""
    found = select(Dispute).join(Payment).where(Payment.order_id == of.id)
    return list(session.scalars(found.order_by(Dispute.id.desc())))


def refundable(payments: Sequence[Payment], disputes: Sequence[Dispute]) -> list[Payment]:
    """Return the payments of which money can go back: what a bank has taken, it has already."""
    taken = {dispute.payment_id for dispute in disputes if dispute.taken_minor}
    return [it for it in payments if it.refundable.minor > 0 and it.id not in taken]


def mails(session: Session, about: Order) -> list[Mail]:
    """Return the mails that were written for an order, oldest first."""
    found = select(Mail).where(Mail.order_id == about.id).order_by(Mail.id)
    return list(session.scalars(found))
