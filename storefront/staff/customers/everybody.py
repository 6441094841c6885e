"""Everybody by her address, as one statement that each address comes out of once.

Buyers are read from an index of orders by address, in its order and without a look at the orders;
then come accounts and subscribers who ordered nothing. What a list does not speak of is not made.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, exists, func, literal, null, select, union, union_all

from models import Customer, Order, OrderLine, OrderStatus, Payment, Subscriber, SubscriberStatus
from storefront.staff.listing import AnySelect, has_words

PLACED = (Order.email.is_not(None), Order.status != OrderStatus.DRAFT)
# What is reckoned of a buyer's orders, and what that is for who ordered nothing.
_NOTHING = {
    "orders": literal(0),
    "spent": literal(0),
    "last_at": null(),
    "name": literal(""),
    "number": null(),
}
SEEN = "seen"  # when she was seen last: by her newest order, else by when she signed up
ALL = frozenset({SEEN, *_NOTHING})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which people a list shows; None and empty narrow nothing.

    words: part of her address, or of a name of hers. spent_from_minor and spent_to_minor: of the
    main currency, net of refunds. last_from and last_to: moments of the newest order, the latter
    exclusive. sku: of something that was paid.
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

    @property
    def bounds(self) -> dict[str, tuple[Any, Any, bool]]:
        """The least and the most of a sum, and whether the most is included, where one is set."""
        found = {
            "orders": (self.orders_from, self.orders_to, True),
            "spent": (self.spent_from_minor, self.spent_to_minor, True),
            "last_at": (self.last_from, self.last_to, False),
        }
        return {name: it for name, it in found.items() if it[:2] != (None, None)}


class Everybody:
    """The statement's parts. currency: of sums; money is never added across currencies."""

    def __init__(
        self,
        currency: str,
        wanted: Wanted,
        uses: Collection[str] = (),
        only: Sequence[str] | None = None,
    ) -> None:
        """Narrow to whom is wanted. uses: what of ALL is asked for; only: addresses, if not all."""
        self.currency = currency
        self._wanted, self._uses = wanted, {*uses, *wanted.bounds}
        self._among = [*_among(wanted), *([] if only is None else [only])]
        self._people = union_all(
            self._buyers(),
            self._others(Customer, ~_has_ordered(Customer.email)),
            self._others(
                Subscriber,
                ~_has_ordered(Subscriber.email),
                ~exists(Customer.id).where(Customer.email == Subscriber.email),
            ),
        ).subquery("people")
        there = self._people.c
        self.email: ColumnElement[str] = there.email
        self.sums = {name: there[name] for name in self._uses & ALL}

    @property
    def since(self) -> ColumnElement[datetime]:
        """When she was seen last; needs SEEN to be used."""
        return self.sums[SEEN]

    @property
    def name(self) -> ColumnElement[str]:
        """Of her account, else of an order; needs ``name`` to be used."""
        return func.coalesce(func.nullif(Customer.name, ""), self.sums["name"], "")

    def select(self, *columns: Any) -> AnySelect:
        """Return a statement of these columns, each person a row."""
        found: AnySelect = select(*columns).select_from(self._people)
        if "name" in self._uses or self._wanted.has_account is not None:
            found = found.outerjoin(Customer, Customer.email == self.email)
        if "number" in self._uses or self._wanted.is_subscribed is not None:
            found = found.outerjoin(Subscriber, Subscriber.email == self.email)
        return found.where(*self._conditions())

    def _buyers(self) -> AnySelect:
        kept = (
            select(func.sum(Payment.captured_minor - Payment.refunded_minor))
            .where(Payment.order_id == Order.id, Payment.captured_currency == self.currency)
            .scalar_subquery()
        )
        sums: dict[str, Any] = {
            SEEN: func.max(Order.created_at),
            "orders": func.count(Order.paid_at),
            "spent": func.coalesce(func.sum(kept), 0),
            "last_at": func.max(Order.created_at),
            "name": func.max(Order.name),
            "number": func.max(Order.number),
        }
        return (
            select(
                Order.email.label("email"),
                *(it.label(name) for name, it in sums.items() if name in self._uses),
            )
            .where(*PLACED, *self._narrowed(Order.email))
            .group_by(Order.email)
        )

    def _others(
        self, table: type[Customer | Subscriber], *conditions: ColumnElement[bool]
    ) -> AnySelect:
        known: dict[str, Any] = {SEEN: table.created_at, **_NOTHING}
        used: Iterator[Any] = (it.label(name) for name, it in known.items() if name in self._uses)
        found: AnySelect = select(table.email, *used)
        return found.where(*conditions, *self._narrowed(table.email))

    def _narrowed(self, email: Any) -> Iterator[ColumnElement[bool]]:
        return (email.in_(it) for it in self._among)

    def _conditions(self) -> Iterator[ColumnElement[bool]]:
        if self._wanted.has_account is not None:
            is_known = Customer.id.is_not(None)
            yield is_known if self._wanted.has_account else ~is_known
        if self._wanted.is_subscribed is not None:
            status = func.coalesce(Subscriber.status, "")
            confirmed = status == SubscriberStatus.CONFIRMED.value
            yield confirmed if self._wanted.is_subscribed else ~confirmed
        for name, (least, most, is_included) in self._wanted.bounds.items():
            it = self.sums[name]
            if least is not None:
                yield it >= least
            if most is not None:
                yield it <= most if is_included else it < most


def _has_ordered(email: Any) -> ColumnElement[bool]:
    return exists(Order.id).where(Order.email == email, *PLACED)


def _among(wanted: Wanted) -> Iterator[AnySelect]:
    """Yield what addresses must be among, each looked up once for the whole statement."""
    if wanted.words:
        named = union(
            select(Order.email).where(*PLACED, has_words(wanted.words, Order.email, Order.name)),
            select(Customer.email).where(has_words(wanted.words, Customer.email, Customer.name)),
            select(Subscriber.email).where(has_words(wanted.words, Subscriber.email)),
        ).cte("named")
        yield select(named.c.email)
    if wanted.country:
        yield select(Order.email).where(Order.country == wanted.country)
    if wanted.sku:
        bought = select(Order.email).join(OrderLine, OrderLine.order_id == Order.id)
        yield bought.where(OrderLine.sku == wanted.sku, Order.paid_at.is_not(None))
