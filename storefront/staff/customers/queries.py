"""Looking at people: everybody with an account, an order or a subscription, by her address."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select, union
from sqlalchemy.orm import Session
from sqlalchemy.sql import visitors

from models import (
    Customer,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    Segment,
    Subscriber,
    SubscriberStatus,
)
from storefront.paging import Slice, slice_of
from storefront.staff.listing import PER_PAGE, AnySelect, Sorting

HEADS = ("email", "name", "account", "newsletter", "orders paid", "spent", "currency", "last seen")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people a list shows; None and empty narrow nothing.

    spent_from_minor and spent_to_minor: of the main currency, net of refunds. last_from and
    last_to: moments of the newest order, the latter exclusive. sku: of something that was paid.
    """

    words: str = ""
    has_account: bool | None = None
    is_subscribed: bool | None = None
    orders_from: int | None = None
    orders_to: int | None = None
    spent_from_minor: int | None = None
    spent_to_minor: int | None = None
    last_from: datetime | None = None
    last_to: datetime | None = None
    country: str = ""
    sku: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A line of the list. key: names her in addresses; last_at: her newest order, if any."""

    key: str
    email: str
    name: str
    has_account: bool
    newsletter: SubscriberStatus | None
    orders: int
    spent: Money
    last_at: datetime | None
    since: datetime


class People:
    """The statement of the list, and what of it can be sorted and narrowed by."""

    def __init__(self, currency: str, only: Sequence[str] | None = None) -> None:
        """Remember the currency in which sums are shown; money is never added across currencies.

        only: the addresses of whom alone anything is looked up.
        """
        self._currency = currency
        placed = (Order.email.is_not(None), Order.status != OrderStatus.DRAFT)
        emails = union(
            _of(only, Customer.email), _of(only, Order.email, *placed), _of(only, Subscriber.email)
        ).subquery("emails")
        last = _of(only, Order.email, *placed).add_columns(
            func.max(Order.created_at).label("last_at")
        )
        orders = last.add_columns(
            func.count(case((Order.paid_at.is_not(None), Order.id))).label("paid"),
            func.max(Order.name).label("name"),
            func.max(Order.number).label("number"),
        )
        spent = (
            _of(only, Order.email, placed[0], Payment.captured_currency == currency)
            .add_columns(func.sum(Payment.captured_minor - Payment.refunded_minor).label("minor"))
            .join(Payment, Payment.order_id == Order.id)
        )
        self._last = last.group_by(Order.email).subquery("last")
        self._orders = orders.group_by(Order.email).subquery("bought")
        self._spent = spent.group_by(Order.email).subquery("spent")
        self._emails = emails
        self.email: ColumnElement[str] = emails.c.email
        self.orders = func.coalesce(self._orders.c.paid, 0)
        self.spent = func.coalesce(self._spent.c.minor, 0)
        self.last_at = self._last.c.last_at
        self.name = func.coalesce(func.nullif(Customer.name, ""), self._orders.c.name, "")
        self.since = func.coalesce(self.last_at, Customer.created_at, Subscriber.created_at)

    @property
    def columns(self) -> Mapping[str, Any]:
        """What the list can be sorted by."""
        return MappingProxyType(
            {
                "email": self.email,
                "name": self.name,
                "orders": self.orders,
                "spent": self.spent,
                "seen": self.since,
            }
        )

    def page(self, session: Session, wanted: Wanted, sorting: Sorting, page: int) -> Slice[Person]:
        """Return a page of people, in three queries: sums are made for those on it alone."""
        conditions = [*self._conditions(wanted)]
        counted = self._of_all(select(func.count()), conditions).where(*conditions)
        total = session.scalar(counted) or 0
        found: Slice[Person] = slice_of(total, page, PER_PAGE)
        listed = self._of_all(select(self.email), [*conditions, self.columns[sorting.name]])
        listed = sorting.applied(listed.where(*conditions), self.email)
        keys = session.scalars(listed.limit(PER_PAGE).offset(found.offset)).all()
        shown = People(self._currency, keys)
        people = {it.email: it for it in map(self._person, session.execute(shown._everybody()))}
        found.items.extend(people[key] for key in keys)
        return found

    def table(self, session: Session, wanted: Wanted) -> Iterator[tuple[str | int, ...]]:
        """Yield each person of a list as a row of a spreadsheet; HEADS names its cells."""
        found = self._everybody().where(*self._conditions(wanted)).order_by(self.email)
        for row in session.execute(found):
            person = self._person(row)
            yield (
                person.email,
                person.name,
                "yes" if person.has_account else "no",
                person.newsletter.value if person.newsletter else "",
                person.orders,
                str(person.spent.amount),
                self._currency,
                person.since.isoformat(timespec="seconds"),
            )

    def _person(self, row: Any) -> Person:
        email, name, customer_id, subscriber_id, status, number, orders, spent, last, since = row
        key = f"C-{customer_id}" if customer_id else number or f"S-{subscriber_id}"
        money = Money(int(spent), self._currency)
        return Person(key, email, name, bool(customer_id), status, orders, money, last, since)

    def _everybody(self) -> AnySelect:
        """Return the statement of all that a line shows."""
        parts = (self.email, self.name, Customer.id, Subscriber.id, Subscriber.status)
        more = (self._orders.c.number, self.orders, self.spent, self.last_at, self.since)
        return self._of_all(select(*parts, *more), [*parts, *more])

    def _of_all(self, wanted: AnySelect, used: Sequence[Any]) -> AnySelect:
        """Return a statement over everybody. used: what it speaks of, besides accounts."""
        found = (
            wanted.select_from(self._emails)
            .outerjoin(Customer, Customer.email == self.email)
            .outerjoin(Subscriber, Subscriber.email == self.email)
        )
        tables = {getattr(it, "table", None) for part in used for it in visitors.iterate(part)}
        for table in (self._last, self._orders, self._spent):
            if table in tables:
                found = found.outerjoin(table, table.c.email == self.email)
        return found

    def _conditions(self, wanted: Wanted) -> Iterator[ColumnElement[bool]]:
        """Yield what narrows the list; a value of None or an empty one narrows nothing."""
        if wanted.words:
            names = (self.email, self.name)
            yield or_(*(it.icontains(wanted.words, autoescape=True) for it in names))
        confirmed = func.coalesce(Subscriber.status, "") == SubscriberStatus.CONFIRMED.value
        answers = (
            (Customer.id.is_not(None), wanted.has_account),
            (confirmed, wanted.is_subscribed),
        )
        for is_so, answer in answers:
            if answer is not None:
                yield is_so if answer else ~is_so
        bounds: tuple[tuple[Callable[[Any], ColumnElement[bool]], object], ...] = (
            (self.orders.__ge__, wanted.orders_from),
            (self.orders.__le__, wanted.orders_to),
            (self.spent.__ge__, wanted.spent_from_minor),
            (self.spent.__le__, wanted.spent_to_minor),
            (self.last_at.__ge__, wanted.last_from),
            (self.last_at.__lt__, wanted.last_to),
            (self._ordered_to, wanted.country or None),
            (self._paid_for, wanted.sku or None),
        )
        for condition, value in bounds:
            if value is not None:
                yield condition(value)

    def _ordered_to(self, country: str) -> ColumnElement[bool]:
        return self.email.in_(select(Order.email).where(Order.country == country))

    def _paid_for(self, sku: str) -> ColumnElement[bool]:
        bought = select(Order.email).join(OrderLine, OrderLine.order_id == Order.id)
        return self.email.in_(bought.where(OrderLine.sku == sku, Order.paid_at.is_not(None)))


def _of(only: Sequence[str] | None, email: Any, *conditions: ColumnElement[bool]) -> AnySelect:
    """Return addresses of a table, all or some of them."""
    found: AnySelect = select(email).where(*conditions)
    return found if only is None else found.where(email.in_(only))


def segments(session: Session) -> list[Segment]:
    """Return the segments by their titles."""
    return list(session.scalars(select(Segment).order_by(Segment.title)))


def segment(session: Session, segment_id: int) -> Segment | None:
    """Return a segment."""
    return session.get(Segment, segment_id)
