"""Orders: what a buyer was promised, copied as she saw it, and what became of it."""

import enum
import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    update,
)
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import Mapped, Session, composite, mapped_column, relationship
from sqlalchemy.orm.attributes import set_committed_value

from models.base import Base, CreatedAt, Currency, Minor, now, partial_index
from models.discount import DiscountUse
from models.fulfilment import Fulfilment
from models.language import Speaks
from models.money import Money
from models.order_history import OrderEvent, OrderTag
from models.order_line import OrderLine
from models.sums import sums_of

# Crockford's base 32: no I, L, O or U, so that a number can be read over the telephone.
_NUMBER_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class OrderStatus(enum.StrEnum):
    """How far an order has come."""

    DRAFT = "draft"  # written by staff; nothing is held until its buyer goes to pay
    PENDING = "pending"  # waits for the buyer to pay; stock is held for a time
    PROCESSING = "processing"  # paid by a method whose money comes days later; stock is held
    PAID = "paid"
    SHIPPED = "shipped"
    CANCELLED = "cancelled"  # expired, superseded, not paid or refunded; stock was given back


NEXT: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.DRAFT: frozenset({OrderStatus.PENDING, OrderStatus.CANCELLED}),
    OrderStatus.PENDING: frozenset(
        # A draft that was not paid in time is a draft again: its buyer may come back.
        {OrderStatus.DRAFT, OrderStatus.PROCESSING, OrderStatus.PAID, OrderStatus.CANCELLED}
    ),
    OrderStatus.PROCESSING: frozenset({OrderStatus.PAID, OrderStatus.CANCELLED}),
    OrderStatus.PAID: frozenset({OrderStatus.SHIPPED, OrderStatus.CANCELLED}),
    OrderStatus.SHIPPED: frozenset(),
    OrderStatus.CANCELLED: frozenset(),  # money that comes after the end is given back
}


_IS_PART = "partly_shipped_at IS NOT NULL"
_OF_STATUS = ("status", "paid_at", "shipped_at", "expires_at")  # what changes with it


class IllegalTransitionError(Exception):
    """The order is no longer in a status from which it may go there."""


def new_number() -> str:
    """Return a public order number: ``QL-`` and eight signs, 40 random bits."""
    return "QL-" + "".join(secrets.choice(_NUMBER_ALPHABET) for _ in range(8))


def new_token() -> str:
    """Return the secret part of an order's address, 256 random bits."""
    return secrets.token_urlsafe(32)


def _total(context: DefaultExecutionContext) -> int:
    """Return the subtotal of an order that has nothing but lines: its total."""
    total: int = context.get_current_parameters()["total_minor"]  # type: ignore[no-untyped-call]
    return total


class Order(Speaks, CreatedAt, Base):
    """What one buyer orders at one moment; the prices never change afterwards.

    cart_fingerprint: tells whether a cart is still what this order was made of.
    The total is the lines less their discount, plus shipping, plus tax where the prices do not
    include it; all in minor units of one currency. shipping_minor: after a free-shipping discount;
    shipping_tax_minor: the part of the tax that is on it. country and region: where it was said to
    go when shipping and tax were reckoned; ships_to: the countries for which that holds.
    gift_minor: what of the total is paid by a gift card. gift_message: for the packing slip.
    follows_id: the order to which staff or its buyer added this one, so that both ship together.
    attention: why staff must look at it, such as a payment of the wrong amount; None when all
    is well. expires_at: until when an unpaid order holds its stock. partly_shipped_at: since when a
    part of it has left, and the rest waits or was cancelled; None before, and once it has shipped.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint("total_minor >= 0", name="total_not_negative"),
        CheckConstraint(
            "subtotal_minor >= 0 AND discount_minor BETWEEN 0 AND subtotal_minor"
            " AND shipping_minor >= 0 AND shipping_tax_minor BETWEEN 0 AND tax_minor",
            name="parts_in_range",
        ),
        CheckConstraint(
            "total_minor = subtotal_minor - discount_minor + shipping_minor"
            " + CASE WHEN tax_is_included THEN 0 ELSE tax_minor END",
            name="total_is_sum",
        ),
        CheckConstraint("gift_minor BETWEEN 0 AND total_minor", name="gift_in_range"),
        # A cart has at most one order that waits for payment: a second click finds the first.
        partial_index("uq_orders_open_cart", "cart_id", "status = 'pending'", unique=True),
        # What waits to ship is counted from this index alone, without what left in part.
        Index("ix_orders_status_created_at", "status", "created_at", "partly_shipped_at"),
        # SQLite counts what left in part by the first of these, and lists it by the second.
        partial_index("ix_orders_partly_shipped_at", "partly_shipped_at", _IS_PART),
        partial_index("ix_orders_partly_shipped", "created_at", _IS_PART),
        Index("ix_orders_created_at", "created_at"),
        Index("ix_orders_paid_at", "paid_at", "currency"),
        # The list of customers reads what each bought, and when, from this index alone.
        Index("ix_orders_email", "email", "status", "created_at", "paid_at"),
        Index("ix_orders_country_created_at", "country", "created_at"),
        Index("ix_orders_total_minor", "total_minor"),
        partial_index("ix_orders_attention", "created_at", "attention IS NOT NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True, default=new_number)
    token: Mapped[str] = mapped_column(String(64), default=new_token)
    status: Mapped[OrderStatus] = mapped_column(default=OrderStatus.PENDING)
    cart_id: Mapped[int | None] = mapped_column(
        ForeignKey("carts.id", ondelete="SET NULL"), index=True
    )
    cart_fingerprint: Mapped[str] = mapped_column(String(64), default="")
    customer_id: Mapped[int | None] = mapped_column(
        ForeignKey("customers.id", ondelete="SET NULL"), index=True
    )
    email: Mapped[str | None] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(200), default="")
    shipping_address: Mapped[dict[str, Any] | None]
    total: Mapped[Money] = composite(
        mapped_column("total_minor", Minor), mapped_column("currency", Currency)
    )
    subtotal_minor: Mapped[int] = mapped_column(Minor, default=_total)
    discount_minor: Mapped[int] = mapped_column(Minor, default=0)
    shipping_minor: Mapped[int] = mapped_column(Minor, default=0)
    tax_minor: Mapped[int] = mapped_column(Minor, default=0)
    shipping_tax_minor: Mapped[int] = mapped_column(Minor, default=0)
    tax_is_included: Mapped[bool] = mapped_column(default=True)
    shipping_title: Mapped[str] = mapped_column(String(120), default="")
    tax_title: Mapped[str] = mapped_column(String(80), default="")
    country: Mapped[str] = mapped_column(String(2), default="")
    region: Mapped[str] = mapped_column(String(10), default="")
    gift_minor: Mapped[int] = mapped_column(Minor, default=0)
    gift_message: Mapped[str] = mapped_column(Text, default="")
    ships_to: Mapped[list[str]] = mapped_column(default=list)
    first_content: Mapped[str | None] = mapped_column(String(300))
    last_content: Mapped[str | None] = mapped_column(String(300))
    attention: Mapped[str | None] = mapped_column(Text)
    follows_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    expires_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    partly_shipped_at: Mapped[datetime | None]
    shipped_at: Mapped[datetime | None]
    picked_at: Mapped[datetime | None]

    lines: Mapped[list[OrderLine]] = relationship(
        order_by=OrderLine.id, cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    events: Mapped[list[OrderEvent]] = relationship(
        order_by=OrderEvent.id, cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    discounts: Mapped[list[DiscountUse]] = relationship(
        order_by=DiscountUse.id, lazy="raise_on_sql"
    )
    tags: Mapped[list[OrderTag]] = relationship(
        order_by=OrderTag.tag, cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    fulfilments: Mapped[list[Fulfilment]] = relationship(
        order_by=Fulfilment.id, cascade="all, delete-orphan", lazy="raise_on_sql"
    )

    @property
    def to_pay(self) -> Money:
        """What is to be paid beside what a gift card pays."""
        return Money(self.total.minor - self.gift_minor, self.total.currency)

    @property
    def gift(self) -> Money:
        """What a gift card pays."""
        return Money(self.gift_minor, self.total.currency)

    @property
    def waits(self) -> bool:
        """Whether something in it must still come, so that its promise stands; needs ``lines``."""
        if self.status in {OrderStatus.SHIPPED, OrderStatus.CANCELLED}:
            return False
        return any(line.promise and line.to_ship for line in self.lines)

    @property
    def arrived_at(self) -> datetime | None:
        """When the last parcel was delivered; None until all were. Needs ``fulfilments``."""
        moments = [it.delivered_at for it in self.fulfilments if not it.is_by_mail]
        known = [moment for moment in moments if moment is not None]
        is_all = self.status is OrderStatus.SHIPPED and len(known) == len(moments)
        return max(known) if known and is_all else None

    @property
    def sums(self) -> list[tuple[str, Money]]:
        """The rows between the lines and the total, where there is more than lines."""
        return [(kind.value.format(title), amount) for kind, title, amount in sums_of(self)]

    @property
    def item_count(self) -> int:
        """How many units were ordered."""
        return sum(line.quantity for line in self.lines)


def advance(  # noqa: PLR0913 (who, why and from where belong to every change)
    session: Session,
    order: Order,
    status: OrderStatus,
    *,
    actor: str,
    note: str = "",
    only_from: frozenset[OrderStatus] | None = None,
) -> None:
    """Change an order's status by one conditional UPDATE and record who did it.

    only_from: fewer statuses than those from which it may go there. Raises IllegalTransitionError,
    and changes nothing, where the order is (by now) in a status from which it may not go there: of
    two who ship at once, the second is told.
    """
    sources = [
        before
        for before, after in NEXT.items()
        if status in after and (only_from is None or before in only_from)
    ]
    moved = session.execute(
        update(Order)
        .where(Order.id == order.id, Order.status.in_(sources))
        .values(status=status, **_moments(status))
        .returning(*(getattr(Order, name) for name in _OF_STATUS))
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if moved is None:
        message = f"order {order.number} may not become {status}"
        raise IllegalTransitionError(message)
    for name, value in zip(_OF_STATUS, moved, strict=True):
        set_committed_value(order, name, value)
    session.add(OrderEvent(order_id=order.id, kind=status, actor=actor, note=note))


def _moments(status: OrderStatus) -> dict[str, datetime | None]:
    if status is OrderStatus.SHIPPED:
        return {"shipped_at": now(), "partly_shipped_at": None}
    if status is OrderStatus.PAID:
        return {"paid_at": now(), "expires_at": None}
    return {"expires_at": None}
