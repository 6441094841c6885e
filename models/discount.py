"""Discounts: what may be taken off an order, how often, and where it was."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt, Currency, Minor, now

FULL_PPM = 1_000_000  # a hundred percent; percentages are parts per million


class DiscountKind(enum.StrEnum):
    """What a discount takes off."""

    PERCENTAGE = "percentage"
    AMOUNT = "amount"
    FREE_SHIPPING = "free shipping"
    BUY_X_GET_Y = "buy x get y"


class Discount(CreatedAt, Base):
    """A rule that takes something off an order.

    code: what the buyer types, in capitals; None applies by itself. percent_ppm: parts per million
    (10 % is 100 000), also of what ``BUY_X_GET_Y`` takes off the ``get_quantity`` cheapest of each
    ``buy_quantity + get_quantity`` units. amount_minor and minimum_minor are in ``currency``; None
    there fits carts of any currency and is for rules without amounts. collection_id: only its
    products count and are reduced; None is all. max_uses, max_uses_each: in all, and for one
    email address; used: orders that hold or have used it. updated_at: when staff saved it last,
    which a use does not change.
    """

    __tablename__ = "discounts"
    __table_args__ = (
        CheckConstraint("percent_ppm BETWEEN 0 AND 1000000", name="percent_in_range"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        CheckConstraint("minimum_minor >= 0 AND minimum_quantity >= 0", name="minimum_in_range"),
        CheckConstraint("buy_quantity >= 0 AND get_quantity >= 0", name="quantities_in_range"),
        CheckConstraint(
            "(amount_minor = 0 AND minimum_minor = 0) OR currency IS NOT NULL",
            name="amounts_have_a_currency",
        ),
        CheckConstraint(
            "used >= 0 AND (max_uses IS NULL OR used <= max_uses)", name="used_in_range"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    code: Mapped[str | None] = mapped_column(String(40), unique=True)
    kind: Mapped[DiscountKind]
    percent_ppm: Mapped[int] = mapped_column(default=0)
    amount_minor: Mapped[int] = mapped_column(Minor, default=0)
    currency: Mapped[str | None] = mapped_column(Currency)
    buy_quantity: Mapped[int] = mapped_column(default=0)
    get_quantity: Mapped[int] = mapped_column(default=0)
    minimum_minor: Mapped[int] = mapped_column(Minor, default=0)
    minimum_quantity: Mapped[int] = mapped_column(default=0)
    collection_id: Mapped[int | None] = mapped_column(ForeignKey("collections.id"))
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    max_uses: Mapped[int | None]
    max_uses_each: Mapped[int | None]
    used: Mapped[int] = mapped_column(default=0)
    is_active: Mapped[bool] = mapped_column(default=True)
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime] = mapped_column(default=now)


class DiscountUseState(enum.StrEnum):
    """Whether an order still counts among a discount's uses."""

    HELD = "held"  # the order waits for its payment
    USED = "used"
    RELEASED = "released"


class DiscountUse(CreatedAt, Base):
    """A discount on one order, copied as the buyer saw it.

    discount_id: None where staff gave it to this order alone.
    goods_minor: taken off the lines; shipping_minor: taken off shipping. customer: the email
    address that a limit for each counts by, empty where there is no such limit.
    """

    __tablename__ = "discount_uses"
    __table_args__ = (
        UniqueConstraint("order_id", "discount_id"),
        CheckConstraint("goods_minor >= 0 AND shipping_minor >= 0", name="amounts_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    discount_id: Mapped[int | None] = mapped_column(ForeignKey("discounts.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    title: Mapped[str] = mapped_column(String(120))
    code: Mapped[str | None] = mapped_column(String(40))
    goods_minor: Mapped[int] = mapped_column(Minor, default=0)
    shipping_minor: Mapped[int] = mapped_column(Minor, default=0)
    customer: Mapped[str] = mapped_column(String(254), default="")
    state: Mapped[DiscountUseState] = mapped_column(default=DiscountUseState.HELD)


class DiscountCustomer(Base):
    """How often one email address holds or has used a discount that has a limit for each."""

    __tablename__ = "discount_customers"
    __table_args__ = (CheckConstraint("used >= 0", name="used_not_negative"),)

    discount_id: Mapped[int] = mapped_column(
        ForeignKey("discounts.id", ondelete="CASCADE"), primary_key=True
    )
    customer: Mapped[str] = mapped_column(String(254), primary_key=True)
    used: Mapped[int] = mapped_column(default=0)
