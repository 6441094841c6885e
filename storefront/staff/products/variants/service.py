"""Saving the options and variants of a product, adding combinations, taking variants away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product as combinations

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Money, Product, Stock, Variant
from models.once import claim
from storefront.catalog.rules import refresh
from storefront.staff.products.service import TakenError
from storefront.staff.seen import ChangedMeanwhileError, seen_of

MOST = 100  # variants of one product
MOST_OPTIONS = 3


class KeptError(Exception):
    """A variant was ordered, counted or bought: its history needs it. The message is its SKU."""


@dataclass(frozen=True, slots=True)
class VariantWords:
    """What a variant is, apart from what it costs. options: a value for each option's name."""

    sku: str
    options: Sequence[str]
    barcode: str
    weight_g: int
    compare_at_minor: int | None
    image_key: str | None


@dataclass(frozen=True, slots=True)
class Draft:
    """Options and variants as they are to be. variants: in order, by their ids."""

    option_names: Sequence[str]
    variants: Mapping[int, VariantWords]


@dataclass(frozen=True, slots=True)
class Combination:
    """Variants to add: one for each combination of the values. prefix: their SKUs begin so."""

    values: Sequence[Sequence[str]]
    prefix: str
    price: Money
    weight_g: int


def words_of(product: Product) -> dict[str, str]:
    """Return what the section says, by the name of its field."""
    return {"Options": ", ".join(product.option_names)} | {
        f"Variant {it.sku}": (
            f"{it.title}, barcode {it.barcode or 'none'}, {it.weight_g} g,"
            f" before {it.compare_at_minor}, picture {it.image_key or 'none'}"
        )
        for it in product.variants
    }


def seen(product: Product) -> str:
    """Return a digest of what the section shows."""
    return seen_of(words_of(product))


def save(session: Session, product: Product, draft: Draft, *, seen_before: str) -> None:
    """Make a locked product's variants what the draft says, and take away those not named.

    Raises ChangedMeanwhileError, TakenError or KeptError; the caller rolls back.
    """
    if seen(product) != seen_before:
        raise ChangedMeanwhileError
    for variant in list(product.variants):
        if variant.id not in draft.variants:
            _remove(session, variant)
    kept = {it.id: it for it in product.variants if it.id in draft.variants}
    product.option_names = list(draft.option_names)
    try:
        for position, (variant_id, words) in enumerate(draft.variants.items()):
            variant = kept[variant_id]
            variant.position, variant.sku, variant.options = position, words.sku, [*words.options]
            variant.barcode, variant.weight_g = words.barcode or None, words.weight_g
            variant.compare_at_minor, variant.image_key = words.compare_at_minor, words.image_key
        session.flush()
    except IntegrityError:
        field = "sku"
        raise TakenError(field, "Another variant has one of these SKUs.") from None
    refresh(session)


def add(session: Session, product: Product, wanted: Combination) -> int:
    """Add the combinations that a locked product lacks; return how many.

    Raises TakenError, also where there would be more than MOST.
    """
    there = {tuple(it.options) for it in product.variants}
    new = [found for found in combinations(*wanted.values) if found not in there]
    if len(there) + len(new) > MOST:
        field = "values-0"
        raise TakenError(field, f"A product has at most {MOST} variants.")
    start = max((it.position for it in product.variants), default=-1) + 1
    for position, options in enumerate(new, start=start):
        sku = wanted.prefix if len(new) == 1 else f"{wanted.prefix}-{_short(options)}"
        variant = Variant(
            product_id=product.id,
            position=position,
            sku=sku[:64],
            options=list(options),
            price=wanted.price,
            weight_g=wanted.weight_g,
        )
        if not claim(session, variant):
            field = "prefix"
            raise TakenError(field, f"Another variant has the SKU {sku[:64]}.")
        session.add(Stock(variant_id=variant.id))
    session.flush()
    refresh(session)
    return len(new)


def _remove(session: Session, variant: Variant) -> None:
    """Delete a variant that nothing remembers; the tables' own references say so."""
    sku = variant.sku
    try:
        with session.begin_nested():
            session.delete(variant)
            session.flush()
    except IntegrityError:
        raise KeptError(sku) from None


def _short(options: Sequence[str]) -> str:
    return "-".join("".join(it for it in value.upper() if it.isalnum())[:12] for value in options)
