"""Saving a product: words, prices and counts together, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from models import (
    Money,
    Product,
    ProductKind,
    ProductStatus,
    Selling,
    Stock,
    Variant,
    VariantPrice,
    now,
)
from models.inventory import OutOfStockError, set_on_hand
from models.once import claim
from storefront.catalog.rules import refresh
from storefront.search.index import index_product
from storefront.staff.citations import rendered
from storefront.staff.products.bundles import set_parts
from storefront.staff.products.publishing import schedule
from storefront.staff.products.saved import variant_words, words_of
from storefront.staff.seen import ChangedMeanwhileError, seen_of
from storefront.text import RENDERER

HANDLE_TAKEN = ("handle", "Another product has this handle. Choose another one.")
SKU_TAKEN = ("sku", "Another variant has this SKU. Choose another one.")


class CountError(Exception):
    """A count cannot be taken down; the message says why to people."""

    def __init__(self, variant_id: int, message: str) -> None:
        """Remember which variant was counted."""
        super().__init__(message)
        self.variant_id = variant_id


class TakenError(Exception):
    """Something else has this handle or SKU. field: where it was typed; the message says so."""

    def __init__(self, field: str, message: str) -> None:
        """Remember the field."""
        super().__init__(message)
        self.field = field


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A product to begin with."""

    title: str
    handle: str
    sku: str
    price: Money
    kind: ProductKind = ProductKind.GOODS


@dataclass(frozen=True, slots=True)
class VariantDraft:
    """What a variant is to be.

    shown: on hand as the page showed it, None where that is not known; on_hand: as was counted.
    seen: a digest of the rest as the page showed it.
    parts: units by SKU of what a bundle is made of. prices: in further currencies, None where it
    is not sold in one; those that are not named stay.
    """

    variant_id: int
    price: Money
    shown: int | None
    on_hand: int
    seen: str
    selling: Selling = Selling.IN_STOCK
    promise: str = ""
    parts: Mapping[str, int] = field(default_factory=dict)
    prices: Mapping[str, Money | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Draft:
    """What a product is to be.

    seen: a digest of its words as the page showed them. reason: why counts change.
    variants: those whose price or count may change; the others stay as they are.
    """

    title: str
    summary: str
    description: str
    status: ProductStatus
    publish_at: datetime | None
    is_demonstration: bool
    seen: str
    reason: str
    variants: Sequence[VariantDraft]


def create(session: Session, draft: NewDraft) -> Product:
    """Write a draft of a product with one variant; raises TakenError, the caller rolls back."""
    product = Product(handle=draft.handle, title=draft.title, status=ProductStatus.DRAFT)
    product.kind = draft.kind
    product.option_names, product.renderer = [], RENDERER
    if not claim(session, product):
        raise TakenError(*HANDLE_TAKEN)
    variant = Variant(product_id=product.id, sku=draft.sku, options=[], price=draft.price)
    if not claim(session, variant):
        raise TakenError(*SKU_TAKEN)
    if draft.kind is ProductKind.GOODS:
        session.add(Stock(variant_id=variant.id))
    session.flush()
    return product


def save(session: Session, product: Product, draft: Draft, *, actor: str) -> None:
    """Make a product what the draft says: its words, prices and counts.

    The product must be locked, its variants loaded with prices and parts. Raises
    ChangedMeanwhileError, UnknownReferenceError, CountError or BundleError; the caller rolls back
    then, and nothing has changed.
    """
    variants = {variant.id: variant for variant in product.variants}
    drafts = sorted(draft.variants, key=lambda it: it.variant_id)
    has_changed = any(seen_of(variant_words(variants[it.variant_id])) != it.seen for it in drafts)
    if has_changed or seen_of(words_of(product)) != draft.seen:
        raise ChangedMeanwhileError(product.handle)
    product.description_html = rendered(session, draft.description).html
    product.description_markdown, product.renderer = draft.description, RENDERER
    product.title, product.summary = draft.title, draft.summary
    product.status, product.is_demonstration = draft.status, draft.is_demonstration
    product.publish_at = draft.publish_at if draft.status is ProductStatus.SCHEDULED else None
    if product.publish_at is not None:
        schedule(session, product.id, product.publish_at)
    product.updated_at = now()
    for wanted in drafts:
        variant = variants[wanted.variant_id]
        variant.price = wanted.price
        variant.selling, variant.promise = wanted.selling, wanted.promise
        _set_prices(variant, wanted.prices)
        _count(session, variant, wanted, draft.reason, actor)
        set_parts(session, variant, wanted.parts)
    index_product(session, product)
    session.flush()
    refresh(session)


def _set_prices(variant: Variant, prices: Mapping[str, Money | None]) -> None:
    there = {it.currency: it for it in variant.prices}
    for currency, price in prices.items():
        if price is not None:
            row = there.setdefault(currency, VariantPrice(currency=currency))
            row.price_minor = price.minor
        else:
            there.pop(currency, None)
    variant.prices = list(there.values())


def _count(
    session: Session, variant: Variant, counted: VariantDraft, reason: str, actor: str
) -> None:
    """Take a count down where the person changed the number that the page had shown."""
    if counted.on_hand == counted.shown:
        return
    stock = session.get_one(Stock, variant.id, with_for_update=True, populate_existing=True)
    if stock.on_hand != counted.shown:
        message = f"{stock.on_hand} are on hand by now. Count again, or leave that number."
        raise CountError(variant.id, message)
    try:
        set_on_hand(session, variant.id, counted.on_hand, reason=reason, actor=actor)
    except OutOfStockError:
        message = f"{stock.reserved} are reserved for open orders: there cannot be fewer on hand."
        raise CountError(variant.id, message) from None
