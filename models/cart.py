"""Carts: what a visitor means to buy."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CreatedAt, Currency, now
from models.catalog import Variant

MAX_QUANTITY = 99  # of one line
MAX_LINES = 50


class Cart(CreatedAt, Base):
    """A basket, found by a secret in the visitor's cookie.

    token_sha256: hex digest of that secret; the secret itself is not kept. currency, country and
    region: what the buyer chose, None until then; region is a part of a country, such as a state.
    discount_code: as it was typed, in capitals. first_content and last_content: addresses of the
    texts that led to it. customer_id: whose it is; then her sign-in finds it, and no secret does.
    """

    __tablename__ = "carts"
    __table_args__ = (Index("ix_carts_created_at", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    customer_id: Mapped[int | None] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), unique=True
    )
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    currency: Mapped[str | None] = mapped_column(Currency)
    country: Mapped[str | None] = mapped_column(String(2))
    region: Mapped[str | None] = mapped_column(String(10))
    shipping_rate_id: Mapped[int | None] = mapped_column(
        ForeignKey("shipping_rates.id", ondelete="SET NULL")
    )
    discount_code: Mapped[str | None] = mapped_column(String(40))
    first_content: Mapped[str | None] = mapped_column(String(300))
    last_content: Mapped[str | None] = mapped_column(String(300))

    lines: Mapped[list["CartLine"]] = relationship(
        order_by="CartLine.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class CartLine(CreatedAt, Base):
    """A quantity of one variant in one cart."""

    __tablename__ = "cart_lines"
    __table_args__ = (
        CheckConstraint(f"quantity BETWEEN 1 AND {MAX_QUANTITY}", name="quantity_in_range"),
        UniqueConstraint("cart_id", "variant_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cart_id: Mapped[int] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"))
    variant_id: Mapped[int] = mapped_column(
        ForeignKey("variants.id", ondelete="CASCADE"), index=True
    )
    quantity: Mapped[int]

    variant: Mapped[Variant] = relationship(lazy="raise_on_sql")


class SavedLine(CreatedAt, Base):
    """Units of a variant that stay with a cart for later: not priced, not bought, not reserved."""

    __tablename__ = "saved_lines"
    __table_args__ = (
        CheckConstraint(f"quantity BETWEEN 1 AND {MAX_QUANTITY}", name="quantity_in_range"),
        UniqueConstraint("cart_id", "variant_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    cart_id: Mapped[int] = mapped_column(ForeignKey("carts.id", ondelete="CASCADE"))
    variant_id: Mapped[int] = mapped_column(
        ForeignKey("variants.id", ondelete="CASCADE"), index=True
    )
    quantity: Mapped[int]

    variant: Mapped[Variant] = relationship(lazy="raise_on_sql")
