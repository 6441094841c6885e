"""What is in a bundle, and what it saves."""

from dataclasses import dataclass

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models import BundlePart, Money, Product, ProductStatus, Variant, VariantPrice
from storefront.catalog.queries import VariantView
from storefront.translations.memory import said


@dataclass(frozen=True, slots=True)
class PartView:
    """A part as the bundle's page shows it. url: None where it has no page of its own."""

    quantity: int
    title: str
    variant_title: str
    url: str | None
    price: Money | None

    @property
    def name(self) -> str:
        """Its title, with that of its variant."""
        return f"{self.title}, {self.variant_title}" if self.variant_title else self.title


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle holds. apart: what its parts cost together; None where one is not sold."""

    parts: tuple[PartView, ...]
    price: Money | None

    @property
    def apart(self) -> Money | None:
        """What its parts cost by themselves, or None where one of them cannot be bought so."""
        prices = [part.price * part.quantity for part in self.parts if part.price]
        if self.price is None or len(prices) < len(self.parts):
            return None
        return Money(sum(price.minor for price in prices), self.price.currency)

    @property
    def saves(self) -> Money | None:
        """What it costs less than its parts, where it does."""
        if self.price is None or self.apart is None or self.apart.minor <= self.price.minor:
            return None
        return Money(self.apart.minor - self.price.minor, self.price.currency)


def bundle(session: Session, view: VariantView, currency: str | None) -> Bundle | None:
    """Return what a variant holds, in one query; None, and none, where it is no bundle.

    currency: other than the main one, where the visitor chose one.
    """
    if not view.is_bundle:
        return None
    in_currency = and_(
        VariantPrice.variant_id == Variant.id, VariantPrice.currency == (currency or "")
    )
    found = session.execute(
        select(
            BundlePart.quantity,
            Variant,
            Product.title,
            Product.handle,
            Product.status,
            VariantPrice.price_minor,
        )
        .join(Variant, Variant.id == BundlePart.part_id)
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(VariantPrice, in_currency)
        .where(BundlePart.bundle_id == view.id)
        .order_by(Product.title, Variant.position, Variant.id)
    )
    parts = []
    for quantity, variant, title, handle, status, foreign in found:
        is_shown = status is ProductStatus.ACTIVE
        price = variant.price
        if currency is not None:
            price = None if foreign is None else Money(foreign, currency)
        parts.append(
            PartView(
                quantity=quantity,
                title=said(session, title),
                variant_title=variant.title,
                url=f"/products/{handle}?variant={variant.id}" if is_shown else None,
                price=price if is_shown else None,
            )
        )
    return Bundle(tuple(parts), view.price)
