"""Carts: what a visitor means to buy."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CreatedAt, Currency, now
from models.catalog import Variant

MAX_QUANTITY = 99  # of one line
MAX_LINES = 50


class Cart(CreatedAt, Base):
    """A basket, found by a secret in the visitor's cookie.

    token_sha256: hex digest of that secret; the secret itself is not kept. currency, country and
    region: what the buyer chose, None until then; region is a part of a country, such as a state.
    discount_code: as it was typed, in capitals. gift_code_digest: of the gift card that is to pay.
    gift_message: printed on the packing slip. first_content and last_content: addresses of the
    texts that led to it. customer_id: whose it is; then her sign-in finds it, and no secret does.
    removed_gifts: of the gift card that was taken out last, whom its units were for.
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
    gift_code_digest: Mapped[str | None] = mapped_column(String(64))
    gift_message: Mapped[str] = mapped_column(Text, default="")
    removed_gifts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    first_content: Mapped[str | None] = mapped_column(String(300))
    last_content: Mapped[str | None] = mapped_column(String(300))

    lines: Mapped[list["CartLine"]] = relationship(
        order_by="CartLine.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class CartLine(CreatedAt, Base):
    """A quantity of one variant in one cart.

    gifts: of a gift card, whom each unit is for: name, email, message and day (ISO, or empty for at
    once). A unit without such is mailed to who buys it.
    """

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
    gifts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    variant: Mapped[Variant] = relationship(lazy="raise_on_sql")


class SavedLine(CreatedAt, Base):
    """Units of a variant that stay with a cart for later: not priced, not bought, not reserved.

    gifts: as those of a line in the cart.
    """

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
    gifts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)

    variant: Mapped[Variant] = relationship(lazy="raise_on_sql")
