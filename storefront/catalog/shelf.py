"""What can be had of a variant now: from its own stock, or of a bundle from that of its parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased
from sqlalchemy.orm.interfaces import ORMOption

from models import (
    BundlePart,
    Money,
    Product,
    ProductKind,
    Selling,
    Stock,
    Variant,
    VariantPrice,
)
from models.inventory import AVAILABLE
from storefront.languages import gettext
from storefront.translations.memory import said

PLENTY = 1_000_000  # of what may be sold without being there


@dataclass(frozen=True, slots=True)
class Part:
    """A variant with stock of its own. promise: for the buyer, where it must wait for it.

    is_unlimited: it is made when it is sold, as gift cards are, and no stock is kept of it.
    """

    available: int
    selling: Selling
    promise: str
    is_unlimited: bool = False

    @property
    def can_wait(self) -> bool:
        """Whether it may be sold without being there."""
        return self.selling is not Selling.IN_STOCK


UNLIMITED = Part(PLENTY, Selling.IN_STOCK, "", is_unlimited=True)
NONE = Part(0, Selling.IN_STOCK, "")  # of a variant that was never stocked


@dataclass(frozen=True, slots=True)
class Priced:
    """A variant as lists need it. price: None where it is not sold; was: before, if that was more.

    Both in the visitor's currency.
    """

    id: int
    price: Money | None
    was: Money | None


class Shelf:
    """Units that can still be had while a cart is put together, line by line.

    parts: of each variant, how many units of which stocked variant one of it takes (itself, where
    it is no bundle). Two lines that need the same part share it.
    """

    def __init__(self, parts: Mapping[int, Mapping[int, int]], stock: Mapping[int, Part]) -> None:
        """Remember what is there; nothing is taken yet."""
        self.parts = parts
        self._stock = stock
        self._taken: dict[int, int] = dict.fromkeys(stock, 0)

    def parts_of_bundle(self, variant_id: int) -> Mapping[int, int]:
        """Return the units of each variant in one of a bundle; nothing for what is none."""
        found = self.parts.get(variant_id, {})
        return {} if variant_id in found else found

    def in_stock(self, variant_id: int) -> int:
        """Return how many more units the stock makes; 0 of an unknown variant."""
        counts = [
            max(0, self._stock[part].available - self._taken[part]) // units
            for part, units in self.parts.get(variant_id, {}).items()
        ]
        return min(counts, default=0)

    def orderable(self, variant_id: int) -> int:
        """Return how many more units can be ordered, to wait for or not."""
        counts = [
            PLENTY
            if self._stock[part].can_wait
            else max(0, self._stock[part].available - self._taken[part]) // units
            for part, units in self.parts.get(variant_id, {}).items()
        ]
        return min(counts, default=0)

    def take(self, variant_id: int, quantity: int) -> None:
        """Count units as taken by a line."""
        for part, units in self.parts.get(variant_id, {}).items():
            self._taken[part] += units * quantity

    @property
    def needs(self) -> dict[int, int]:
        """What all lines take together, of each stocked variant, by its id in ascending order."""
        return {
            part: units
            for part, units in sorted(self._taken.items())
            if units and not self._stock[part].is_unlimited
        }

    def must_wait(self, part: int) -> bool:
        """Whether more of a stocked variant was taken than is there: all of it waits then."""
        return self._stock[part].can_wait and self._taken[part] > self._stock[part].available

    def promise(self, variant_id: int, more: int = 0) -> str:
        """Return when a variant ships that must wait for a part; empty where none must.

        more: units beside what was taken already.
        """
        waiting = self._waiting(variant_id, more)
        return next((part.promise for part in waiting if part.promise), "") or (
            gettext("Ships when it is here") if waiting else ""
        )

    def is_preorder(self, variant_id: int, more: int = 0) -> bool:
        """Whether it must wait for a part of which the first units are to come."""
        return any(it.selling is Selling.PREORDER for it in self._waiting(variant_id, more))

    def is_bundle(self, variant_id: int) -> bool:
        """Whether it sells from the stock of others."""
        return set(self.parts.get(variant_id, {variant_id: 1})) != {variant_id}

    def _waiting(self, variant_id: int, more: int) -> list[Part]:
        return [
            self._stock[part]
            for part, units in self.parts.get(variant_id, {}).items()
            if self._stock[part].can_wait
            and self._taken[part] + units * more > self._stock[part].available
        ]


def shelf(
    session: Session, variant_ids: Iterable[int], own: Mapping[int, int] | None = None
) -> Shelf:
    """Return what can be had of these variants, in one query however many there are.

    own: units of stocked variants that the asker's own open order holds; they count as there. An
    unlocked look: it may say "sold out", never promise.
    """
    return _shelf(session, session.execute(_OF_VARIANTS, {"ids": list(set(variant_ids))}), own)


def stocked(
    session: Session,
    product_ids: Sequence[int],
    own: Mapping[int, int] | None = None,
    *options: ORMOption,
) -> tuple[list[Variant], Shelf]:
    """Return the variants of products in their order, and what can be had of them, in one query.

    own: as above. options: what to load with the variants, in further queries.
    """
    wanted = _OF_PRODUCTS.options(*options) if options else _OF_PRODUCTS
    rows = session.execute(wanted, {"ids": product_ids}).all()
    variants = dict.fromkeys(row[0] for row in rows)  # one with several parts has several rows
    return list(variants), _shelf(session, ((row[0].id, *row[1:]) for row in rows), own)


def priced(
    session: Session,
    product_ids: Sequence[int],
    own: Mapping[int, int] | None,
    currency: str | None,
) -> tuple[dict[int, list[Priced]], Shelf]:
    """Return the same for lists: what each product's variants cost, by its id, in their order.

    currency: other than the main one, where the visitor chose one.
    """
    rows = session.execute(_PRICED, {"ids": product_ids, "currency": currency or ""}).all()
    found: dict[int, dict[int, Priced]] = {}
    for row in rows:
        found.setdefault(row.product_id, {})[row[0]] = _priced(row, currency)
    shelf = _shelf(session, (row[:7] for row in rows), own)
    return {of: list(variants.values()) for of, variants in found.items()}, shelf


def _priced(row: Any, currency: str | None) -> Priced:
    amount, was, said = row.price_minor, row.compare_at_minor, row.price_currency
    if currency is not None and currency != said:
        amount, was, said = row.other_minor, row.other_was, currency
    if amount is None:
        return Priced(row[0], None, None)
    return Priced(
        row[0], Money(amount, said), Money(was, said) if was is not None and was > amount else None
    )


def _shelf(session: Session, rows: Iterable[Any], own: Mapping[int, int] | None) -> Shelf:
    held = own or {}
    parts: dict[int, dict[int, int]] = {}
    stock: dict[int, Part] = {}
    for variant_id, part, units, available, selling, promise, kind in rows:
        parts.setdefault(variant_id, {})[part] = units
        if kind is ProductKind.GIFT_CARD:
            stock[part] = UNLIMITED
            continue
        stock[part] = (
            Part(available + held.get(part, 0), selling, said(session, promise))
            if available is not None
            else NONE
        )
    return Shelf(parts, stock)


def _parts_of(whole: Any, *order: Any) -> Select[Any]:
    """Return the statement for what one of each variant takes: its parts, or itself.

    whole: what is read of the variant. It is made once: to make it takes longer than to run it.
    """
    part = aliased(Variant)
    part_id = func.coalesce(BundlePart.part_id, Variant.id)
    return (
        select(
            whole,
            part.id,
            func.coalesce(BundlePart.quantity, 1),
            AVAILABLE,
            part.selling,
            part.promise,
            Product.kind,
        )
        .outerjoin(BundlePart, BundlePart.bundle_id == Variant.id)
        .join(part, part.id == part_id)
        .join(Product, Product.id == part.product_id)
        .outerjoin(Stock, Stock.variant_id == part.id)
        .order_by(*order, Variant.id, part.id)
    )


_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_OF_VARIANTS = _parts_of(Variant.id).where(Variant.id.in_(_IDS))
_OF_PRODUCTS = _parts_of(Variant, Variant.position).where(Variant.product_id.in_(_IDS))
_TABLE = Variant.__table__.c
_PRICED = (
    _parts_of(Variant.id, Variant.position)
    .add_columns(
        *(Variant.product_id, _TABLE.price_minor, _TABLE.price_currency, Variant.compare_at_minor),
        VariantPrice.price_minor.label("other_minor"),
        VariantPrice.compare_at_minor.label("other_was"),
    )
    .outerjoin(
        VariantPrice,
        (VariantPrice.variant_id == Variant.id) & (VariantPrice.currency == bindparam("currency")),
    )
    .where(Variant.product_id.in_(_IDS))
)
