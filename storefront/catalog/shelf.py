"""What can be had of a variant now: from its own stock, or of a bundle from that of its parts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import BundlePart, Selling, Stock, Variant
from models.inventory import AVAILABLE

PLENTY = 1_000_000  # of what may be sold without being there


@dataclass(frozen=True, slots=True)
class Part:
    """A variant with stock of its own. promise: for the buyer, where it must wait for it."""

    available: int
    selling: Selling
    promise: str

    @property
    def can_wait(self) -> bool:
        """Whether it may be sold without being there."""
        return self.selling is not Selling.IN_STOCK


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
        return {part: units for part, units in sorted(self._taken.items()) if units}

    def must_wait(self, part: int) -> bool:
        """Whether more of a stocked variant was taken than is there: all of it waits then."""
        return self._stock[part].can_wait and self._taken[part] > self._stock[part].available

    def promise(self, variant_id: int) -> str:
        """Return when a variant ships that must wait for a part; empty where none must."""
        waiting = [self._stock[part] for part in self.parts[variant_id] if self.must_wait(part)]
        return next((part.promise for part in waiting if part.promise), "") or (
            "Ships when it is here" if waiting else ""
        )


def shelf(
    session: Session, variant_ids: Iterable[int], own: Mapping[int, int] | None = None
) -> Shelf:
    """Return what can be had of these variants, in two queries however many there are.

    own: units of stocked variants that the asker's own open order holds; they count as there. An
    unlocked look: it may say "sold out", never promise.
    """
    ids = set(variant_ids)
    parts: dict[int, dict[int, int]] = {variant_id: {} for variant_id in ids}
    for bundle_id, part_id, units in session.execute(
        select(BundlePart.bundle_id, BundlePart.part_id, BundlePart.quantity)
        .where(BundlePart.bundle_id.in_(ids))
        .order_by(BundlePart.part_id)
    ):
        parts[bundle_id][part_id] = units
    stocked = {part for of in parts.values() for part in of}
    stocked |= {variant_id for variant_id, of in parts.items() if not of}
    rows = session.execute(
        select(Stock.variant_id, AVAILABLE, Variant.selling, Variant.promise)
        .join(Variant, Variant.id == Stock.variant_id)
        .where(Stock.variant_id.in_(stocked))
    )
    held = own or {}
    stock = {
        variant_id: Part(available + held.get(variant_id, 0), selling, promise)
        for variant_id, available, selling, promise in rows
    }
    complete = {
        variant_id: of or {variant_id: 1}
        for variant_id, of in parts.items()
        if all(part in stock for part in (of or {variant_id: 1}))
    }
    return Shelf(complete, stock)
