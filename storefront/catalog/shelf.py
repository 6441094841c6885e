"""What can be had of a variant now: from its own stock, or of a bundle from that of its parts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam, func, select
from sqlalchemy.orm import Session, aliased

from models import (
    BundlePart,
    Product,
    ProductKind,
    Selling,
    Stock,
    Variant,
)
from models.inventory import AVAILABLE
from storefront.languages import gettext
from storefront.translations.memory import said

PLENTY = 1_000_000  # of what may be sold without being there, or is too much to be counted
MANY = 10  # so many units pages count; of more they say that there is stock


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

    def shown(self, variant_id: int) -> tuple[int, ...]:
        """Return all that a page may show of the stock of a variant: what is alike looks alike.

        Few units are counted; of what can be waited for, all that is there.
        """
        parts = self.parts.get(variant_id, {})
        if any(self._stock[it].can_wait for it in parts):
            return tuple(max(0, self._stock[it].available) for it in sorted(parts))
        return (min(self.in_stock(variant_id), MANY + 1),)

    def counted(self, variant_id: int) -> tuple[int, int]:
        """Return what is in stock and what can be ordered as a page shows it, PLENTY for many."""
        in_stock, orderable = self.in_stock(variant_id), self.orderable(variant_id)
        is_more = orderable == in_stock > MANY
        return (PLENTY, PLENTY) if is_more else (in_stock, orderable)

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
    return shelf_of(session, session.execute(_OF_VARIANTS, {"ids": list(set(variant_ids))}), own)


def shelf_of(session: Session, rows: Iterable[Any], own: Mapping[int, int] | None) -> Shelf:
    """Put together what the rows of ``parts_of`` say. own: as above."""
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


def parts_of(whole: Any, *order: Any) -> Select[Any]:
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


IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_OF_VARIANTS = parts_of(Variant.id).where(Variant.id.in_(IDS))
