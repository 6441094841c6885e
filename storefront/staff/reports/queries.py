"""What was sold, by parts of a period; the same number of queries however much it was.

Money counts on the day it came, and is taken off on the day it went back: refunds, and what banks
took for disputes. What a gift card pays came when the card was bought. Amounts of different
currencies are never added.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, ColumnElement, Integer, Select, column, exists, func, select, values
from sqlalchemy.orm import Session

from models import Cart, CartLine, Dispute, Money, Order, OrderLine, Payment, Product, Refund
from models.base import UtcDateTime
from models.refund import COUNTED
from storefront.staff.reports.periods import Days

MOST_PRODUCTS = 10


@dataclass(slots=True)
class Figures:
    """What was sold. taken, returned: minor units by currency; orders: how many by currency."""

    taken: Counter[str] = field(default_factory=Counter)
    returned: Counter[str] = field(default_factory=Counter)
    orders: Counter[str] = field(default_factory=Counter)
    units: int = 0

    def net(self, currency: str) -> Money:
        """Return what was kept; less than nothing where more went back than came."""
        return Money(self.taken[currency] - self.returned[currency], currency)

    def average(self, currency: str) -> Money | None:
        """Return what came for an order, half a minor unit rounded up; None of no orders."""
        count = self.orders[currency]
        if not count:
            return None
        return Money((2 * self.taken[currency] + count) // (2 * count), currency)

    def add(self, other: "Figures") -> None:
        """Count in what was sold in other days too."""
        self.taken.update(other.taken)
        self.returned.update(other.returned)
        self.orders.update(other.orders)
        self.units += other.units

    @property
    def order_count(self) -> int:
        """How many orders were paid, in any currency."""
        return sum(self.orders.values())


@dataclass(slots=True)
class Sales:
    """A period and the one before. parts: its days (or weeks) with what was sold in each."""

    days: Days
    parts: list[tuple[Days, Figures]]
    before: list[tuple[Days, Figures]]

    @property
    def currencies(self) -> list[str]:
        """The currencies that anything was paid or given back in."""
        found = {
            code
            for _, it in (*self.parts, *self.before)
            for code in (*it.taken, *it.returned, *it.orders)
        }
        return sorted(found)

    @property
    def total(self) -> Figures:
        """What was sold in all."""
        return _sum(it for _, it in self.parts)

    @property
    def total_before(self) -> Figures:
        """What was sold in the period before."""
        return _sum(it for _, it in self.before)


@dataclass(frozen=True, slots=True)
class Conversion:
    """carts: with something in them, begun in a period; paid: those that became a paid order."""

    carts: int
    paid: int


@dataclass(slots=True)
class ProductSold:
    """units: sold; money: of its lines less discounts, before refunds, by currency."""

    handle: str
    title: str
    units: int = 0
    money: Counter[str] = field(default_factory=Counter)

    @property
    def amounts(self) -> list[Money]:
        """The money in each currency, by its code."""
        return [Money(minor, currency) for currency, minor in sorted(self.money.items())]


def sales(session: Session, days: Days, zone: str) -> Sales:
    """Return what was sold in a period and the one before, in four queries."""
    now, before = days.parts, days.before.parts
    table = _table([part.moments(zone) for part in (*now, *before)])
    figures = [Figures() for _ in (*now, *before)]
    for place, currency, minor in session.execute(_taken(table)):
        figures[place].taken[currency] += int(minor)
    for wanted in (_refunded(table), _disputed(table)):
        for place, currency, minor in session.execute(wanted):
            figures[place].returned[currency] += int(minor)
    for place, currency, count, units in session.execute(_orders(table)):
        figures[place].orders[currency] += count
        figures[place].units += int(units or 0)
    halves = figures[: len(now)], figures[len(now) :]
    return Sales(
        days,
        list(zip(now, halves[0], strict=True)),
        list(zip(before, halves[1], strict=True)),
    )


def _table(moments: list[tuple[datetime, datetime]]) -> CTE:
    """Return the parts as a table, so that each is looked up by an index."""
    rows = values(
        column("place", Integer), column("since", UtcDateTime()), column("until", UtcDateTime())
    )
    return rows.data([(place, *it) for place, it in enumerate(moments)]).cte("parts")


def _within(moment: Any, table: CTE) -> ColumnElement[bool]:
    found: ColumnElement[bool] = (moment >= table.c.since) & (moment < table.c.until)
    return found


def _taken(table: CTE) -> Select[Any]:
    money = Payment.captured_currency
    return (
        select(table.c.place, money, func.sum(Payment.captured_minor))
        .join(Payment, _within(Payment.paid_at, table))
        .where(money.is_not(None), Payment.gift_card_id.is_(None))
        .group_by(table.c.place, money)
    )


def _refunded(table: CTE) -> Select[Any]:
    amount, money = Refund.__table__.c["amount_minor"], Refund.__table__.c["currency"]
    return (
        select(table.c.place, money, func.sum(amount))
        .join(Refund, _within(Refund.created_at, table))
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Refund.status.in_(COUNTED), Payment.gift_card_id.is_(None))
        .group_by(table.c.place, money)
    )


def _disputed(table: CTE) -> Select[Any]:
    money = Dispute.__table__.c["currency"]
    return (
        select(table.c.place, money, func.sum(Dispute.taken_minor))
        .join(Dispute, _within(Dispute.created_at, table))
        .where(Dispute.taken_minor > 0)
        .group_by(table.c.place, money)
    )


def _orders(table: CTE) -> Select[Any]:
    money = Order.__table__.c["currency"]
    units = select(func.sum(OrderLine.quantity)).where(OrderLine.order_id == Order.id)
    return (
        select(table.c.place, money, func.count(), func.sum(units.scalar_subquery()))
        .join(Order, _within(Order.paid_at, table))
        .group_by(table.c.place, money)
    )


def conversion(session: Session, days: Days, zone: str) -> Conversion:
    """Return how many carts of a period became a paid order, in one query.

    Carts are forgotten 60 days after their last touch, so of older days less is known.
    """
    since, until = days.moments(zone)
    ordered = exists().where(Order.cart_id == Cart.id)
    paid = ordered.where(Order.paid_at.is_not(None))
    filled = exists().where(CartLine.cart_id == Cart.id) | ordered
    row = session.execute(
        select(func.count(), func.count().filter(paid))
        .select_from(Cart)
        .where(Cart.created_at >= since, Cart.created_at < until, filled)
    ).one()
    return Conversion(row[0], row[1])


def products(session: Session, days: Days, zone: str) -> list[ProductSold]:
    """Return the products of which most units were sold in a period, in one query.

    Each by its present title; one whose handle is gone by a title that it was sold by.
    """
    since, until = days.moments(zone)
    price, money = OrderLine.__table__.c["unit_price_minor"], Order.__table__.c["currency"]
    minor = OrderLine.quantity * price - OrderLine.discount_minor
    sold = (
        select(
            OrderLine.product_handle.label("handle"),
            func.max(OrderLine.title).label("title"),
            money.label("currency"),
            func.sum(OrderLine.quantity).label("units"),
            func.sum(minor).label("minor"),
        )
        .join(Order, Order.id == OrderLine.order_id)
        .where(Order.paid_at >= since, Order.paid_at < until)
        .group_by(OrderLine.product_handle, money)
        .subquery()
    ).c
    title = func.coalesce(Product.title, sold.title)
    rows = select(sold.handle, title, sold.currency, sold.units, sold.minor)
    found: dict[str, ProductSold] = {}
    for handle, called, currency, units, amount in session.execute(
        rows.outerjoin(Product, Product.handle == sold.handle)
    ):
        it = found.setdefault(handle, ProductSold(handle, called))
        it.units += int(units)
        it.money[currency] += int(amount)
    return sorted(found.values(), key=lambda it: (-it.units, it.title, it.handle))


def _sum(figures: Iterable[Figures]) -> Figures:
    found = Figures()
    for it in figures:
        found.add(it)
    return found
