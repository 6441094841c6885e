"""What a link leads to: the discount of a code, the things of a cart."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import Discount, Money, Product, ProductStatus, Variant
from storefront.catalog.shelf import shelf


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of a variant that a link puts into the cart."""

    variant_id: int
    quantity: int


@dataclass(frozen=True, slots=True)
class WantedView:
    """One of them as the page shows it.

    price: None where it is not sold in that currency; orderable: units that can be had now.
    """

    title: str
    url: str
    quantity: int
    price: Money | None
    orderable: int


def discount_of(session: Session, code: str) -> Discount | None:
    """Return the discount that has this code, in capitals, or None."""
    return session.scalars(select(Discount).where(Discount.code == code)).one_or_none()


def still_sold(session: Session, wanted: Sequence[Wanted]) -> list[Wanted]:
    """Return those of which the variant is for sale."""
    found = set(
        session.scalars(
            select(Variant.id)
            .join(Product)
            .where(
                Variant.id.in_([it.variant_id for it in wanted]),
                Product.status == ProductStatus.ACTIVE,
            )
        )
    )
    return [it for it in wanted if it.variant_id in found]


def wanted_views(
    session: Session, wanted: Sequence[Wanted], currency: str
) -> list[WantedView] | None:
    """Return what a link would put into an empty cart, or None where one is not for sale."""
    ids = [it.variant_id for it in wanted]
    found = session.scalars(
        select(Variant)
        .join(Product)
        .where(Variant.id.in_(ids), Product.status == ProductStatus.ACTIVE)
        .options(joinedload(Variant.product), selectinload(Variant.prices))
    )
    variants = {variant.id: variant for variant in found}
    if not variants.keys() >= set(ids):
        return None
    on_shelf = shelf(session, ids)
    views = []
    for it in wanted:
        variant = variants[it.variant_id]
        orderable = on_shelf.orderable(variant.id)
        on_shelf.take(variant.id, min(it.quantity, orderable))
        views.append(
            WantedView(
                title=" · ".join(filter(None, (variant.product.title, variant.title))),
                url=f"/products/{variant.product.handle}?variant={variant.id}",
                quantity=it.quantity,
                price=variant.price_in(currency),
                orderable=orderable,
            )
        )
    return views
