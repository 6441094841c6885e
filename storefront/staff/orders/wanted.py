"""Which orders a list shows: each filter is a condition of one statement."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute

from models import (
    Dispute,
    Fulfilment,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    OrderTag,
    Payment,
    PaymentStatus,
    Reservation,
    ReservationState,
    now,
)
from models.balance import GoodsStatus, MoneyStatus
from storefront.staff.listing import has_words

_columns = Order.__table__.c
total_minor, currency = _columns["total_minor"], _columns["currency"]
# What the list can be asked for; what came of a dispute or was paid twice is told by the others.
MONEY = (
    *(MoneyStatus.DUE, MoneyStatus.AWAITED, MoneyStatus.PAID, MoneyStatus.PARTLY_REFUNDED),
    *(MoneyStatus.REFUNDED, MoneyStatus.CHARGED_BACK, MoneyStatus.NOT_PAID),
)
LATELY = timedelta(days=7)
Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which orders a list shows; what is None or empty narrows nothing.

    words: part of a number, an email address, a name, a tracking number or a SKU. product: its
    handle or a SKU. has_failed: a payment of it failed lately. placed_from and placed_until:
    moments, the latter not included. total_from and total_to: both included, in one currency.
    """

    status: OrderStatus | None = None
    needs_attention: bool = False
    words: str = ""
    money: MoneyStatus | None = None
    goods: GoodsStatus | None = None
    has_backorder: bool = False
    has_failed: bool = False
    tag: str = ""
    country: str = ""
    product: str = ""
    placed_from: datetime | None = None
    placed_until: datetime | None = None
    total_from: Money | None = None
    total_to: Money | None = None

    def conditions(self) -> list[Condition]:
        """Return what a row of orders must meet."""
        return [*self._of_state(), *self._of_things(), *self._of_size()]

    def _of_state(self) -> Iterator[Condition]:
        if self.status is not None:
            yield Order.status == self.status
        if self.needs_attention:
            yield Order.attention.is_not(None)
        if self.money is not None:
            yield _money(self.money)
        if self.goods is not None:
            yield _goods(self.goods)
        if self.has_backorder:
            yield _any(
                Reservation.order_id,
                Reservation.is_backorder.is_(True),
                Reservation.state == ReservationState.HELD,
            )
        if self.has_failed:
            yield _any(
                Payment.order_id,
                Payment.status == PaymentStatus.FAILED,
                Payment.created_at >= now() - LATELY,
            )

    def _of_things(self) -> Iterator[Condition]:
        if self.words:
            yield _has_words(self.words)
        if self.tag:
            yield _any(OrderTag.order_id, OrderTag.tag == self.tag.lower())
        if self.country:
            yield Order.country == self.country.upper()
        if self.product:
            named = or_(OrderLine.product_handle == self.product, OrderLine.sku == self.product)
            yield _any(OrderLine.order_id, named)

    def _of_size(self) -> Iterator[Condition]:
        if self.placed_from is not None:
            yield Order.created_at >= self.placed_from
        if self.placed_until is not None:
            yield Order.created_at < self.placed_until
        if self.total_from is not None:
            yield and_(currency == self.total_from.currency, total_minor >= self.total_from.minor)
        if self.total_to is not None:
            yield and_(currency == self.total_to.currency, total_minor <= self.total_to.minor)


# The list's own views: their titles, what each asks for in the address, and which orders it shows.
VIEWS = (
    ("All", "", Wanted()),
    ("To ship", "goods=to+ship", Wanted(goods=GoodsStatus.TO_SHIP)),
    ("Partly shipped", "goods=partly+shipped", Wanted(goods=GoodsStatus.PARTLY_SHIPPED)),
    ("Not paid", "status=pending", Wanted(status=OrderStatus.PENDING)),
    ("Needs attention", "attention=1", Wanted(needs_attention=True)),
)


def _any(order_id: InstrumentedAttribute[int], *conditions: Condition) -> Condition:
    """Return the condition that an order has such a row; they are looked up once, not by order."""
    return Order.id.in_(select(order_id).where(*conditions))


def _has_words(words: str) -> Condition:
    own = has_words(words, Order.number, Order.email, Order.name)
    return Order.id.in_(
        union(
            select(Order.id).where(own),
            select(Fulfilment.order_id).where(has_words(words, Fulfilment.tracking_number)),
            select(OrderLine.order_id).where(has_words(words, OrderLine.sku)),
        )
    )


def _money(status: MoneyStatus) -> Condition:
    """Return the condition that an order's money stands so; as ``Balance`` reckons."""
    captured, gone = func.sum(Payment.captured_minor), func.sum(Payment.refunded_minor)
    nothing_came = ~_any(Payment.order_id, Payment.captured_minor > 0)
    taken = _any(
        Payment.order_id,
        Payment.id.in_(select(Dispute.payment_id).where(Dispute.taken_minor > 0)),
    )
    is_open = Order.status.in_([OrderStatus.DRAFT, OrderStatus.PENDING])
    paid_of_nothing = and_(nothing_came, Order.paid_at.is_not(None))
    return {
        MoneyStatus.CHARGED_BACK: taken,
        MoneyStatus.DUE: and_(nothing_came, is_open, Order.paid_at.is_(None), total_minor > 0),
        MoneyStatus.AWAITED: and_(nothing_came, Order.status == OrderStatus.PROCESSING),
        MoneyStatus.PAID: and_(~taken, or_(_adds_up(captured > 0, gone == 0), paid_of_nothing)),
        MoneyStatus.PARTLY_REFUNDED: and_(~taken, _adds_up(gone > 0, gone < captured)),
        MoneyStatus.REFUNDED: and_(~taken, _adds_up(gone > 0, gone >= captured)),
        MoneyStatus.NOT_PAID: and_(nothing_came, Order.status == OrderStatus.CANCELLED),
    }[status]


def _adds_up(*conditions: Condition) -> Condition:
    """Return the condition that the sums of an order's payments are so."""
    return Order.id.in_(
        select(Payment.order_id).group_by(Payment.order_id).having(and_(*conditions))
    )


def _goods(status: GoodsStatus) -> Condition:
    """Return the condition that an order's goods stand so; as ``Balance`` reckons."""
    part = Order.partly_shipped_at.is_not(None)
    waits = [OrderStatus.DRAFT, OrderStatus.PENDING, OrderStatus.PROCESSING]
    return {
        GoodsStatus.WAITING: Order.status.in_(waits),
        GoodsStatus.TO_SHIP: and_(Order.status == OrderStatus.PAID, ~part),
        GoodsStatus.PARTLY_SHIPPED: part,
        GoodsStatus.SHIPPED: Order.status == OrderStatus.SHIPPED,
        GoodsStatus.NOT_SHIPPED: and_(Order.status == OrderStatus.CANCELLED, ~part),
    }[status]
