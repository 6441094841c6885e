"""Looking at people: everybody with an account, an order or a subscription, by her address."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import literal, select
from sqlalchemy.orm import Session

from models import Customer, Money, Segment, Subscriber, SubscriberStatus
from storefront.paging import Slice, counted, counting
from storefront.staff.customers import walk
from storefront.staff.customers.everybody import ALL, SEEN, Everybody, Wanted
from storefront.staff.listing import PER_PAGE, AnySelect, Sorting

# What the list can be sorted by, and which sum that needs.
COLUMNS: Mapping[str, Callable[[Everybody], Any]] = MappingProxyType(
    {
        "email": lambda people: people.email,
        "name": lambda people: people.name,
        "orders": lambda people: people.sums["orders"],
        "spent": lambda people: people.sums["spent"],
        SEEN: lambda people: people.since,
    }
)


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
    """The list."""

    def __init__(self, currency: str) -> None:
        """Remember the currency in which sums are shown."""
        self._currency = currency

    def page(self, session: Session, wanted: Wanted, sorting: Sorting, page: int) -> Slice[Person]:
        """Return a page of people, in three queries: sums are made for those on it alone."""
        is_everybody = wanted == Wanted()
        if is_everybody:
            everybody = walk.nameless()
        else:
            everybody = Everybody(self._currency, wanted).select(literal(1))
        found: Slice[Person] = counted(session, counting(everybody), page, PER_PAGE)
        is_walked = is_everybody and sorting.name in walk.BY
        listed = walk.walked(sorting) if is_walked else self._sorted(wanted, sorting, ())
        keys = session.scalars(listed.limit(PER_PAGE).offset(found.offset)).all()
        shown = _whole(Everybody(self._currency, Wanted(), ALL, keys))
        people = {it.email: it for it in map(person, session.execute(shown))}
        found.items.extend(people[key] for key in keys)
        return found

    def whole(self, wanted: Wanted, sorting: Sorting) -> AnySelect:
        """Return the statement of a whole list; ``person`` says who a row is."""
        return self._sorted(wanted, sorting, ALL)

    def _sorted(
        self, wanted: Wanted, sorting: Sorting, uses: frozenset[str] | tuple[()]
    ) -> AnySelect:
        people = Everybody(self._currency, wanted, {*uses, sorting.name})
        listed = _whole(people) if uses else people.select(people.email)
        column = COLUMNS[sorting.name](people)
        by = replace(sorting, columns={sorting.name: column})
        found: AnySelect = by.applied(listed, people.email)
        return found


def person(row: Any) -> Person:
    """Return who a row of the whole list's statement is."""
    email, name, customer_id, subscriber_id, status, number, *sums, since, currency = row
    orders, spent, last_at = sums
    key = f"C-{customer_id}" if customer_id else number or f"S-{subscriber_id}"
    money = Money(int(spent), currency)
    return Person(key, email, name, bool(customer_id), status, orders, money, last_at, since)


def _whole(people: Everybody) -> AnySelect:
    sums = people.sums
    more = (sums["number"], sums["orders"], sums["spent"], sums["last_at"], people.since)
    parts = (people.email, people.name, Customer.id, Subscriber.id, Subscriber.status)
    return people.select(*parts, *more, literal(people.currency))


def segments(session: Session) -> list[Segment]:
    """Return the segments by their titles."""
    return list(session.scalars(select(Segment).order_by(Segment.title)))


def segment(session: Session, segment_id: int) -> Segment | None:
    """Return a segment."""
    return session.get(Segment, segment_id)
