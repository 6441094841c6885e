"""Looking at orders; the same number of queries however many there are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, selectinload

from models import (
    Dispute,
    Fulfilment,
    Order,
    OrderLine,
    Payment,
    Product,
    Refund,
    Reservation,
    ReservationState,
    Return,
    ReturnLine,
    Stock,
    Variant,
)
from models.language import OWN
from storefront.documents.words import title_of
from storefront.paging import Slice
from storefront.staff.listing import Sorting, tally, things_of
from storefront.staff.orders.wanted import VIEWS, Wanted

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "placed": Order.created_at,
        "number": Order.number,
        "email": Order.email,
        "total": Order.__table__.c["total_minor"],
        "status": Order.status,
    }
)
_WITH = (selectinload(Order.lines), selectinload(Order.tags))


@dataclass(frozen=True, slots=True)
class View:
    """A view of the list. query: of its address. count: how many orders it shows, in words."""

    title: str
    query: str
    count: str


@dataclass(frozen=True, slots=True)
class Missing:
    """Units that an order waits for. free: how many are there for it now."""

    sku: str
    title: str
    quantity: int
    free: int


def orders(session: Session, wanted: Wanted, sorting: Sorting, page: int) -> Slice[Order]:
    """Return a page of orders with their lines and tags, in four queries."""
    found = select(Order).where(*wanted.conditions())
    return things_of(session, sorting.applied(found, Order.id), page, *_WITH)


def every(session: Session, wanted: Wanted, sorting: Sorting) -> Iterator[Order]:
    """Yield all orders that are wanted with their lines and tags, some hundred at a time."""
    found = select(Order).where(*wanted.conditions())
    listed = sorting.applied(found, Order.id).options(*_WITH)
    yield from session.scalars(listed.execution_options(yield_per=500))


def views(session: Session) -> list[View]:
    """Return the list's own views, counted in one query."""
    counts = tally(
        session, {title: select(Order).where(*wanted.conditions()) for title, _, wanted in VIEWS}
    )
    return [View(title, query, counts[title]) for title, query, _ in VIEWS]


def order(session: Session, number: str) -> Order | None:
    """Return an order as it is now, with lines, events and parcels."""
    return session.scalars(
        select(Order)
        .where(Order.number == number)
        .options(
            selectinload(Order.lines),
            selectinload(Order.discounts),
            selectinload(Order.events),
            selectinload(Order.tags),
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


def returns(session: Session, of: Order) -> list[Return]:
    """Return the returns of an order with their lines, the first first."""
    found = select(Return).where(Return.order_id == of.id).order_by(Return.id)
    loaded = found.options(selectinload(Return.lines).joinedload(ReturnLine.line))
    return list(session.scalars(loaded))


def neighbours(session: Session, of: Order) -> tuple[str | None, str | None]:
    """Return the numbers of the orders placed before and after this one, in one query."""
    ids = (
        select(func.max(Order.id)).where(Order.id < of.id).scalar_subquery(),
        select(func.min(Order.id)).where(Order.id > of.id).scalar_subquery(),
    )
    found = select(Order.id, Order.number).where(or_(*(Order.id == it for it in ids)))
    beside = {row.id < of.id: row.number for row in session.execute(found)}
    return beside.get(True), beside.get(False)


def own_names(session: Session, language: str, lines: Sequence[OrderLine]) -> dict[int, str]:
    """Return what we call each line of an order in this language, by the line's id.

    It says what its buyer read; in another language than ours, what the catalogue says now.
    """
    read = {line.id: title_of(line) for line in lines}
    if language == OWN:
        return read
    found = session.execute(
        select(Variant, Product.title)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.id.in_([line.variant_id for line in lines]))
    )
    ours = {
        variant.id: f"{title}, {variant.title}" if variant.title else title
        for variant, title in found
    }
    return {line.id: ours.get(line.variant_id, read[line.id]) for line in lines}
