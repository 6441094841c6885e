"""Buying stock: suppliers, what they sell us, and what was ordered of them."""

import enum
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CreatedAt, Currency, Minor
from models.catalog import Variant
from models.inventory import Location


class Supplier(CreatedAt, Base):
    """Somebody of whom the shop buys. lead_days: from the order to its arrival, as a rule."""

    __tablename__ = "suppliers"
    __table_args__ = (CheckConstraint("lead_days >= 0", name="lead_days_not_negative"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    email: Mapped[str] = mapped_column(String(254), default="")
    address: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    currency: Mapped[str] = mapped_column(Currency)
    lead_days: Mapped[int] = mapped_column(default=14)
    is_active: Mapped[bool] = mapped_column(default=True)

    items: Mapped[list["SupplierItem"]] = relationship(
        order_by="SupplierItem.variant_id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class SupplierItem(Base):
    """A variant as a supplier sells it. cost_minor: of one unit, in the supplier's currency.

    pack_size: units come in multiples of it.
    """

    __tablename__ = "supplier_items"
    __table_args__ = (
        CheckConstraint("cost_minor >= 0", name="cost_not_negative"),
        CheckConstraint("pack_size > 0", name="pack_size_positive"),
    )

    supplier_id: Mapped[int] = mapped_column(
        ForeignKey("suppliers.id", ondelete="CASCADE"), primary_key=True
    )
    variant_id: Mapped[int] = mapped_column(
        ForeignKey("variants.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    supplier_sku: Mapped[str] = mapped_column(String(64), default="")
    cost_minor: Mapped[int] = mapped_column(Minor, default=0)
    pack_size: Mapped[int] = mapped_column(default=1)

    variant: Mapped[Variant] = relationship(lazy="raise_on_sql")


class PurchaseStatus(enum.StrEnum):
    """How far a purchase order has come."""

    DRAFT = "draft"
    ORDERED = "ordered"
    PARTLY_RECEIVED = "partly received"
    RECEIVED = "received"
    CANCELLED = "cancelled"


class Purchase(CreatedAt, Base):
    """A purchase order to a supplier, for one location. number: ``PO-1`` and on, without gaps."""

    __tablename__ = "purchases"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    supplier_id: Mapped[int] = mapped_column(ForeignKey("suppliers.id"), index=True)
    location_id: Mapped[int] = mapped_column(ForeignKey("locations.id"), index=True)
    status: Mapped[PurchaseStatus] = mapped_column(default=PurchaseStatus.DRAFT, index=True)
    currency: Mapped[str] = mapped_column(Currency)
    expected_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    actor: Mapped[str] = mapped_column(String(254))
    ordered_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]

    supplier: Mapped[Supplier] = relationship(lazy="raise_on_sql")
    location: Mapped[Location] = relationship(lazy="raise_on_sql")
    lines: Mapped[list["PurchaseLine"]] = relationship(
        order_by="PurchaseLine.id", cascade="all, delete-orphan", lazy="raise_on_sql"
    )


class PurchaseLine(Base):
    """Units of a variant that were ordered. received and rejected: of them, so far."""

    __tablename__ = "purchase_lines"
    __table_args__ = (
        UniqueConstraint("purchase_id", "variant_id"),
        CheckConstraint("quantity > 0 AND cost_minor >= 0", name="ordered_in_range"),
        CheckConstraint("received >= 0 AND rejected >= 0", name="received_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    purchase_id: Mapped[int] = mapped_column(ForeignKey("purchases.id", ondelete="CASCADE"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), index=True)
    quantity: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    rejected: Mapped[int] = mapped_column(default=0)
    cost_minor: Mapped[int] = mapped_column(Minor, default=0)

    variant: Mapped[Variant] = relationship(lazy="raise_on_sql")
