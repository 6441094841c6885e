"""Lines of orders: what of each thing was ordered, left the house and went back."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, composite, mapped_column

from models.base import Base, Currency, Minor
from models.money import Money


class OrderLine(Base):
    """A copy of what the buyer saw: the product may change or go, this does not.

    unit_price_minor: minor units of the order's currency, as are its shares of the discount and
    of the tax. parts: of a bundle, the units of each variant in one of it, by the variant's id.
    is_gift_card: it is mailed, never shipped; gifts: whom each of its units is for.
    promise: when it ships, where it was sold without being there. refunded_quantity: units whose
    money was given back. shipped_quantity: units that left in a parcel. cancelled_quantity: units
    whose money was given back before they left, so that they never will.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        # Reports add up an order's units from this index alone, lists see what has left.
        Index("ix_order_lines_order_id", "order_id", "quantity", "shipped_quantity"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("unit_price_minor >= 0", name="price_not_negative"),
        CheckConstraint(
            "discount_minor BETWEEN 0 AND quantity * unit_price_minor AND tax_minor >= 0",
            name="shares_in_range",
        ),
        CheckConstraint(
            "refunded_quantity BETWEEN 0 AND quantity", name="refunded_quantity_in_range"
        ),
        CheckConstraint(
            "shipped_quantity >= 0 AND cancelled_quantity >= 0"
            " AND shipped_quantity + cancelled_quantity <= quantity",
            name="shipped_quantity_in_range",
        ),
        UniqueConstraint("order_id", "variant_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    product_handle: Mapped[str] = mapped_column(String(120), index=True)
    title: Mapped[str] = mapped_column(String(200))
    variant_title: Mapped[str] = mapped_column(String(200), default="")
    sku: Mapped[str] = mapped_column(String(64), index=True)
    quantity: Mapped[int]
    unit_price: Mapped[Money] = composite(
        mapped_column("unit_price_minor", Minor), mapped_column("unit_price_currency", Currency)
    )
    discount_minor: Mapped[int] = mapped_column(Minor, default=0)
    tax_minor: Mapped[int] = mapped_column(Minor, default=0)
    weight_g: Mapped[int] = mapped_column(default=0)
    image_key: Mapped[str | None] = mapped_column(String(120))
    parts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    is_gift_card: Mapped[bool] = mapped_column(default=False)
    gifts: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    promise: Mapped[str] = mapped_column(String(200), default="")
    refunded_quantity: Mapped[int] = mapped_column(default=0)
    shipped_quantity: Mapped[int] = mapped_column(default=0)
    cancelled_quantity: Mapped[int] = mapped_column(default=0)

    @property
    def total(self) -> Money:
        """Quantity times price, before the discount."""
        return self.unit_price * self.quantity

    @property
    def to_ship(self) -> int:
        """Units that have not left and still should."""
        return self.quantity - self.shipped_quantity - self.cancelled_quantity

    @property
    def units_of_one(self) -> dict[int, int]:
        """Which variants leave the stock with one unit of this line, and how many of each."""
        if self.is_gift_card:
            return {}
        if not self.parts:
            return {self.variant_id: 1}
        return {int(variant_id): int(units) for variant_id, units in self.parts.items()}
