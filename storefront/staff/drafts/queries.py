"""What a draft can be made of, and the drafts that there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import Order, OrderLine, OrderStatus, Product, ProductKind, Variant
from storefront.catalog.shelf import shelf
from storefront.paging import Slice
from storefront.staff.listing import has_words, things_of

MOST_FOUND = 10


@dataclass(frozen=True, slots=True)
class Short:
    """A line of which fewer units can be ordered now than it has."""

    sku: str
    quantity: int
    orderable: int


def drafts(session: Session, page: int) -> Slice[Order]:
    """Return a page of drafts with their lines, the newest first, in three queries."""
    found = select(Order).where(Order.status == OrderStatus.DRAFT)
    newest = found.order_by(Order.created_at.desc(), Order.id.desc())
    return things_of(session, newest, page, selectinload(Order.lines))


def by_sku(session: Session, skus: Sequence[str]) -> dict[str, Variant]:
    """Return the variants of these SKUs, with product, pictures, prices and parts.

    Not gift cards: nobody says there whom they are for, and staff issue them on their own page.
    """
    goods = Variant.product.has(Product.kind != ProductKind.GIFT_CARD)
    found = select(Variant).where(Variant.sku.in_(skus), goods).options(*_whole())
    return {variant.sku: variant for variant in session.scalars(found)}


def search(session: Session, words: str) -> Sequence[Variant]:
    """Return some variants whose SKU or product's title has these words."""
    if not words:
        return []
    found = (
        select(Variant)
        .join(Product, Product.id == Variant.product_id)
        .where(has_words(words, Variant.sku, Product.title), Product.kind != ProductKind.GIFT_CARD)
        .order_by(Variant.sku)
        .limit(MOST_FOUND)
        .options(*_whole())
    )
    return session.scalars(found).all()


def shortages(session: Session, lines: Sequence[OrderLine]) -> list[Short]:
    """Return the lines that cannot be had whole now, in one query; nothing is held."""
    found = shelf(session, [line.variant_id for line in lines])
    short = []
    for line in lines:
        orderable = found.orderable(line.variant_id)
        if orderable < line.quantity:
            short.append(Short(line.sku, line.quantity, orderable))
        found.take(line.variant_id, min(line.quantity, orderable))
    return short


def parts(session: Session, variant_ids: Sequence[int]) -> Mapping[int, Mapping[int, int]]:
    """Return of each bundle the units of each variant in one; nothing of what is none."""
    found = shelf(session, variant_ids)
    return {it: found.parts_of_bundle(it) for it in variant_ids}


def _whole() -> tuple[Any, ...]:
    return (
        joinedload(Variant.product).selectinload(Product.images),
        selectinload(Variant.prices),
    )
