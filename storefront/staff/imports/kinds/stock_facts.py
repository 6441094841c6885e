"""What an import of stock asks the database about its rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from models import BundlePart, Location, Stock, StockLevel, StockMovement, Variant
from models.inventory import MovementKind
from storefront.staff.imports.columns import Line
from storefront.staff.imports.kinds.kind import Work

Place = tuple[int, int]  # a variant and a location


@dataclass(frozen=True, slots=True)
class Facts:
    """Variants and bundles by SKU, locations by title, and what lies where.

    there: on hand, and of that promised or unavailable. moved: variants of which something came or
    went since the file was sent in, but for what it did itself.
    """

    variants: Mapping[str, int]
    bundles: frozenset[str]
    locations: Mapping[str, int]
    there: Mapping[Place, tuple[int, int]]
    sums: Mapping[int, tuple[int, int]]
    moved: frozenset[int]

    def location(self, line: Line) -> int | None:
        """Return where a row counts; None where one of several could be meant.

        What lies nowhere yet comes to the first.
        """
        if line["location"]:
            return self.locations.get(line["location"].casefold())
        if len(self.locations) == 1:
            return next(iter(self.locations.values()))
        variant_id = self.variants.get(line["sku"])
        lies = [place for owner, place in self.there if owner == variant_id]
        if not lies:
            return next(iter(self.locations.values()), None)
        return lies[0] if len(lies) == 1 else None

    def at(self, variant_id: int, location_id: int) -> tuple[int, int]:
        """Return what is on hand there, and what of it is promised or unavailable."""
        is_placed = any(owner == variant_id for owner, _ in self.there)
        if len(self.locations) == 1 or not is_placed:
            return self.sums.get(variant_id, (0, 0))
        return self.there.get((variant_id, location_id), (0, 0))


def look_up(session: Session, lines: Sequence[Line], work: Work, *, to_change: bool) -> Facts:
    """Look up variants, locations, what is there, and what moved since; locked where it changes."""
    is_bundle = exists().where(BundlePart.bundle_id == Variant.id)
    skus = [line["sku"] for line in lines]
    found = session.execute(
        select(Variant.sku, Variant.id, is_bundle).where(Variant.sku.in_(skus))
    ).all()
    ids = sorted(variant_id for _, variant_id, _ in found)
    in_all = sums(session, ids, to_change=to_change)
    places = session.execute(
        select(Location.title, Location.id).order_by(Location.position, Location.id)
    ).all()
    return Facts(
        {sku: variant_id for sku, variant_id, _ in found},
        frozenset(sku for sku, _, is_made in found if is_made),
        {title.casefold(): location_id for title, location_id in places},
        _levels(session, ids),
        in_all,
        _moved(session, ids, work),
    )


def sums(session: Session, ids: list[int], *, to_change: bool) -> dict[int, tuple[int, int]]:
    """Return what is on hand of variants, and what of it is promised; locked where it changes."""
    promised = Stock.reserved + Stock.unavailable
    wanted = select(Stock.variant_id, Stock.on_hand, promised).where(Stock.variant_id.in_(ids))
    wanted = wanted.order_by(Stock.variant_id)
    if to_change:
        wanted = wanted.with_for_update()
    return {variant_id: (on_hand, kept) for variant_id, on_hand, kept in session.execute(wanted)}


def _levels(session: Session, ids: list[int]) -> dict[Place, tuple[int, int]]:
    level = StockLevel
    found = session.execute(
        select(
            level.variant_id,
            level.location_id,
            level.on_hand,
            level.reserved + level.unavailable,
        ).where(level.variant_id.in_(ids))
    )
    return {(variant, place): (on_hand, kept) for variant, place, on_hand, kept in found}


def _moved(session: Session, ids: list[int], work: Work) -> frozenset[int]:
    since = select(StockMovement.variant_id).where(
        StockMovement.variant_id.in_(ids),
        StockMovement.created_at > work.sent_at,
        StockMovement.reference != work.reference,
    )
    changed = since.group_by(StockMovement.variant_id, StockMovement.location_id)
    return frozenset(session.scalars(changed.having(func.sum(StockMovement.on_hand) != 0)))


def adjusted_since(session: Session, ids: Sequence[int], work: Work) -> bool:
    """Say whether one of these variants was counted or adjusted after this import did."""
    mine, line = aliased(StockMovement), StockMovement
    of_import = select(mine.variant_id, func.min(mine.id).label("first")).where(
        mine.variant_id.in_(ids),
        mine.kind == MovementKind.ADJUSTED,
        mine.reference == work.reference,
    )
    first = of_import.group_by(mine.variant_id).subquery()
    later = (
        select(line.id)
        .join(first, (first.c.variant_id == line.variant_id) & (line.id > first.c.first))
        .where(
            line.kind == MovementKind.ADJUSTED,
            line.reference.not_in([work.reference, undone(work)]),
        )
    )
    return session.scalar(later.limit(1)) is not None


def undone(work: Work) -> str:
    """Return how the ledger names what an undo moved."""
    return f"{work.reference} undone"
