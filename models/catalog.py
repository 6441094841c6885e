"""What the shop sells: products, their variants and pictures, and collections."""

import enum
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, ForeignKey, Integer, String, Table, Text
from sqlalchemy.orm import Mapped, composite, mapped_column, relationship

from models.base import Base, CreatedAt, Currency, Handle, Minor, now
from models.money import Money
from models.picture import TURNED, Picture, PictureStatus, media_path

collection_products = Table(
    "collection_products",
    Base.metadata,
    Column("collection_id", ForeignKey("collections.id", ondelete="CASCADE"), primary_key=True),
    Column("product_id", ForeignKey("products.id", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, nullable=False, default=0),
)


class ProductKind(enum.StrEnum):
    """What is sold; a kind is chosen once."""

    GOODS = "goods"
    GIFT_CARD = "gift card"  # its variants are amounts: no stock, no shipping, no tax at the sale


class ProductStatus(enum.StrEnum):
    """Whether visitors see a product."""

    DRAFT = "draft"
    SCHEDULED = "scheduled"  # a job makes it active when its time has come
    ACTIVE = "active"
    ARCHIVED = "archived"  # no longer sold; its orders and its address remain

    @classmethod
    def shown(cls) -> "tuple[ProductStatus, ...]":
        """Return those of which the product's own page answers visitors."""
        return cls.ACTIVE, cls.ARCHIVED


class Product(CreatedAt, Base):
    """A thing with a page of its own, sold in one or more variants.

    serves, not_for and fit: for which regions of pain it is and for which not, who should not use
    it, and how to tell that it fits; Markdown, and as it is shown.
    publish_at: when a scheduled one becomes active. seo_title and seo_description: for search
    engines, empty where title and summary do.
    """

    __tablename__ = "products"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(Handle, unique=True)
    title: Mapped[str] = mapped_column(String(200), index=True)
    summary: Mapped[str] = mapped_column(String(500), default="")
    description_markdown: Mapped[str] = mapped_column(Text, default="")
    description_html: Mapped[str] = mapped_column(Text, default="")
    renderer: Mapped[str] = mapped_column(String(40), default="")
    serves_markdown: Mapped[str] = mapped_column(Text, default="")
    serves_html: Mapped[str] = mapped_column(Text, default="")
    not_for_markdown: Mapped[str] = mapped_column(Text, default="")
    not_for_html: Mapped[str] = mapped_column(Text, default="")
    fit_markdown: Mapped[str] = mapped_column(Text, default="")
    fit_html: Mapped[str] = mapped_column(Text, default="")
    kind: Mapped[ProductKind] = mapped_column(default=ProductKind.GOODS)
    status: Mapped[ProductStatus] = mapped_column(default=ProductStatus.ACTIVE, index=True)
    option_names: Mapped[list[str]] = mapped_column(default=list)
    is_demonstration: Mapped[bool] = mapped_column(default=False, index=True)
    publish_at: Mapped[datetime | None]
    seo_title: Mapped[str] = mapped_column(String(200), default="")
    seo_description: Mapped[str] = mapped_column(String(320), default="")
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    variants: Mapped[list["Variant"]] = relationship(
        back_populates="product",
        order_by="Variant.position",
        cascade="all, delete-orphan",
        lazy="raise_on_sql",
    )
    images: Mapped[list["ProductImage"]] = relationship(
        order_by="ProductImage.position", cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    collections: Mapped[list["Collection"]] = relationship(
        secondary=collection_products, back_populates="products", lazy="raise_on_sql"
    )

    @property
    def pictures(self) -> list["ProductImage"]:
        """Its pictures that can be shown: those that staff brought in wait for the worker."""
        return [image for image in self.images if image.is_ready]

    @property
    def is_sold(self) -> bool:
        """Whether it can be bought, where units are there."""
        return self.status is ProductStatus.ACTIVE

    @property
    def cover(self) -> "ProductImage | None":
        """The first picture, or None."""
        return next(iter(self.pictures), None)


class Selling(enum.StrEnum):
    """Whether a variant may be sold when none is there."""

    IN_STOCK = "in stock"  # no
    BACKORDER = "backorder"  # yes: more are to come
    PREORDER = "preorder"  # yes: the first are to come


class Variant(CreatedAt, Base):
    """One buyable form of a product: a colour, a size. Stock and price belong to it.

    price: in the shop's main currency; ``prices`` has those in others. promise: when what is sold
    without being there ships, in words for the buyer. parts: what a bundle is made of; it has no
    stock of its own then. low_at: staff are told when no more than this are available, None never;
    low_told_at: when they were, None again once more are there.
    """

    __tablename__ = "variants"
    __table_args__ = (
        CheckConstraint("price_minor >= 0", name="price_not_negative"),
        CheckConstraint("weight_g >= 0", name="weight_not_negative"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(
        ForeignKey("products.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    sku: Mapped[str] = mapped_column(String(64), unique=True)
    options: Mapped[list[str]] = mapped_column(default=list)
    price: Mapped[Money] = composite(
        mapped_column("price_minor", Minor), mapped_column("price_currency", Currency)
    )
    compare_at_minor: Mapped[int | None] = mapped_column(Minor)
    weight_g: Mapped[int] = mapped_column(default=0)
    barcode: Mapped[str | None] = mapped_column(String(32), index=True)
    image_key: Mapped[str | None] = mapped_column(String(120))
    selling: Mapped[Selling] = mapped_column(default=Selling.IN_STOCK)
    promise: Mapped[str] = mapped_column(String(200), default="")
    low_at: Mapped[int | None]
    low_told_at: Mapped[datetime | None]

    product: Mapped[Product] = relationship(back_populates="variants", lazy="raise_on_sql")
    prices: Mapped[list["VariantPrice"]] = relationship(
        order_by="VariantPrice.currency", cascade="all, delete-orphan", lazy="raise_on_sql"
    )
    parts: Mapped[list["BundlePart"]] = relationship(
        foreign_keys="BundlePart.bundle_id",
        order_by="BundlePart.part_id",
        cascade="all, delete-orphan",
        lazy="raise_on_sql",
    )

    @property
    def title(self) -> str:
        """The option values as one name, such as ``Pine`` or ``Pine / Large``."""
        return " / ".join(self.options)

    def price_in(self, currency: str) -> Money | None:
        """Return the price in a currency, None where it is not sold in it; needs ``prices``."""
        if currency == self.price.currency:
            return self.price
        return next((it.price for it in self.prices if it.currency == currency), None)

    def compare_at_in(self, currency: str) -> Money | None:
        """Return what it cost before in a currency, where that was more; needs ``prices``."""
        if currency == self.price.currency:
            return self.compare_at
        found = next((it for it in self.prices if it.currency == currency), None)
        if found is None or (found.compare_at_minor or 0) <= found.price_minor:
            return None
        return Money(found.compare_at_minor or 0, currency)

    @property
    def compare_at(self) -> Money | None:
        """What it cost before, where that was more than now."""
        if self.compare_at_minor is None or self.compare_at_minor <= self.price.minor:
            return None
        return Money(self.compare_at_minor, self.price.currency)


class VariantPrice(Base):
    """What a variant costs in a currency other than the shop's main one."""

    __tablename__ = "variant_prices"
    __table_args__ = (CheckConstraint("price_minor >= 0", name="price_not_negative"),)

    variant_id: Mapped[int] = mapped_column(
        ForeignKey("variants.id", ondelete="CASCADE"), primary_key=True
    )
    currency: Mapped[str] = mapped_column(Currency, primary_key=True)
    price_minor: Mapped[int] = mapped_column(Minor)
    compare_at_minor: Mapped[int | None] = mapped_column(Minor)

    @property
    def price(self) -> Money:
        """The price as money."""
        return Money(self.price_minor, self.currency)


class BundlePart(Base):
    """A variant that a bundle holds, and how many units of it."""

    __tablename__ = "bundle_parts"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("bundle_id <> part_id", name="not_of_itself"),
    )

    bundle_id: Mapped[int] = mapped_column(
        ForeignKey("variants.id", ondelete="CASCADE"), primary_key=True
    )
    part_id: Mapped[int] = mapped_column(ForeignKey("variants.id"), primary_key=True, index=True)
    quantity: Mapped[int]

    part: Mapped[Variant] = relationship(foreign_keys=[part_id], lazy="raise_on_sql")


class ProductImage(Base):
    """A picture of a product, kept in several widths under one key.

    key: names the files ``<key>-<width>.avif`` and ``.webp``; widths: pixels, ascending. picture:
    the one that staff brought in, None for one of the files that came with the shop.
    """

    __tablename__ = "product_images"

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(
        ForeignKey("products.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int] = mapped_column(default=0)
    key: Mapped[str] = mapped_column(String(120))
    alt: Mapped[str] = mapped_column(String(300))
    width: Mapped[int] = mapped_column(default=1600)
    height: Mapped[int] = mapped_column(default=1200)
    widths: Mapped[list[int]] = mapped_column(default=list)
    picture_id: Mapped[int | None] = mapped_column(ForeignKey("pictures.id"), index=True)

    # Joined wherever pictures are read: what it knows of a crop costs no query of its own.
    picture: Mapped[Picture | None] = relationship(lazy="joined")

    @property
    def is_ready(self) -> bool:
        """Whether its files are there."""
        return self.picture is None or self.picture.status is PictureStatus.READY

    @property
    def largest(self) -> str:
        """The file of its largest width, for machines."""
        return self.file(max(self.widths or [self.width]), "webp")

    @property
    def frames(self) -> str | None:
        """The sheet of frames to turn it by, for one of the shop's files that has it."""
        return f"img/products/{self.key}-turn.avif" if self.key in TURNED else None

    @property
    def focus(self) -> str:
        """The classes that centre a crop of it; empty for the middle."""
        return self.picture.focus if self.picture else ""

    def file(self, width: int, suffix: str) -> str:
        """Return a file of it: the name of a static one, or an address; ``asset()`` takes both."""
        if self.picture_id is not None:
            return media_path(self.key, width, suffix)
        return f"img/products/{self.key}-{width}.{suffix}"


class Collection(CreatedAt, Base):
    """Products shown together under one name.

    rule: ``{"match": "all" | "any", "conditions": [{"field", "is", "value"}, …]}``; None for one
    whose products staff chose. What a rule finds is written down whenever a product is saved.
    """

    __tablename__ = "collections"

    id: Mapped[int] = mapped_column(primary_key=True)
    handle: Mapped[str] = mapped_column(Handle, unique=True)
    title: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text, default="")
    rule: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    is_published: Mapped[bool] = mapped_column(default=True)
    seo_title: Mapped[str] = mapped_column(String(200), default="")
    seo_description: Mapped[str] = mapped_column(String(320), default="")
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)

    products: Mapped[list[Product]] = relationship(
        secondary=collection_products,
        order_by=collection_products.c.position,
        back_populates="collections",
        lazy="raise_on_sql",
    )
