"""Stock: units by variant and location, as counts or as changes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from models import BundlePart, Location, Stock, StockLevel, StockMovement, Variant
from models.inventory import MovementKind, OutOfStockError, shift
from models.staff import Permission
from storefront.staff.imports.columns import Column, Line, refuse
from storefront.staff.imports.kinds.kind import Change, Kind, Said, Work
from storefront.staff.typed import change_from, count_from

LONGEST_REASON = 300
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


class StockCounts(Kind):
    """SKU with a count or a change; where and why, if one likes."""

    title = "Stock"
    about = "Counts, or changes by so many units, by variant and location."
    permission = Permission.ADJUST_STOCK
    columns = (
        Column("sku", "Of the variant.", "QLC-PINE", ("variant sku",), is_needed=True),
        Column("quantity", "What is there, as counted.", "24", ("count", "on hand", "counted")),
        Column("change", "Or how many more or fewer: 5, -2.", "", ("adjust", "adjustment")),
        Column("location", "Where; not needed where there is one.", "", ("warehouse", "place")),
        Column("reason", "Why, for the ledger.", "Yearly count", ("note", "comment")),
    )

    def key(self, line: Line) -> str:
        """Each SKU stands once for each location."""
        return f"{line['sku']} @ {line['location'].casefold()}" if line["location"] else line["sku"]

    def facts(
        self, session: Session, lines: Sequence[Line], work: Work, *, to_change: bool
    ) -> Facts:
        """Look up variants, locations, what is there, and what moved since."""
        is_bundle = exists().where(BundlePart.bundle_id == Variant.id)
        skus = [line["sku"] for line in lines]
        found = session.execute(
            select(Variant.sku, Variant.id, is_bundle).where(Variant.sku.in_(skus))
        ).all()
        ids = sorted(variant_id for _, variant_id, _ in found)
        sums = _sums(session, ids, to_change=to_change)
        places = session.execute(
            select(Location.title, Location.id).order_by(Location.position, Location.id)
        ).all()
        return Facts(
            {sku: variant_id for sku, variant_id, _ in found},
            frozenset(sku for sku, _, is_made in found if is_made),
            {title.casefold(): location_id for title, location_id in places},
            _levels(session, ids),
            sums,
            _moved(session, ids, work),
        )

    def check(self, line: Line, facts: Facts, work: Work) -> Iterator[Said]:
        """Refuse unknown things, bundles, counts of another day, and taking what is promised."""
        del work
        if line["sku"] not in facts.variants:
            yield "sku", "No variant has this SKU." if line["sku"] else "Enter the SKU."
        elif line["sku"] in facts.bundles:
            yield "sku", "This is a bundle: count its parts instead."
        if line["location"] and line["location"].casefold() not in facts.locations:
            yield "location", "There is no such location."
        if len(line["reason"]) > LONGEST_REASON:
            yield "reason", f"Enter at most {LONGEST_REASON} characters."
        wrong = list(_number_problems(line))
        yield from wrong
        is_known = line["sku"] in facts.variants and line["sku"] not in facts.bundles
        if is_known and not wrong:
            yield from _stock_problems(line, facts)

    def apply(self, session: Session, line: Line, facts: Facts, work: Work) -> Iterator[Change]:
        """Move what differs, in the ledger, under the import's number."""
        variant_id, location_id = facts.variants[line["sku"]], facts.location(line)
        change = _change(line, facts)
        if not change:
            return
        movement = StockMovement(
            variant_id=variant_id,
            location_id=location_id,
            reason=line["reason"] or work.filename,
            reference=work.reference,
            actor=work.actor,
        )
        name = "quantity" if line["quantity"] else "change"
        _shift(session, movement, change, name)
        yield Change(line["sku"], {}, {"change": change, "location_id": location_id})

    def undo(self, session: Session, change: Change, work: Work) -> None:
        """Move the units back, in the ledger; not where they were counted or adjusted since."""
        variant_id = session.scalar(select(Variant.id).where(Variant.sku == change.subject))
        if variant_id is None:
            refuse("sku", "This variant is gone.")
        session.execute(
            select(Stock.variant_id).where(Stock.variant_id == variant_id).with_for_update()
        )
        of_variant = (
            StockMovement.variant_id == variant_id,
            StockMovement.kind == MovementKind.ADJUSTED,
        )
        mine = (
            select(func.min(StockMovement.id))
            .where(*of_variant, StockMovement.reference == work.reference)
            .scalar_subquery()
        )
        later = select(StockMovement.id).where(
            *of_variant,
            StockMovement.id > mine,
            StockMovement.reference.not_in([work.reference, undone(work)]),
        )
        if session.scalar(later.limit(1)) is not None:
            refuse("quantity", "It was counted or adjusted since, and stays.")
        movement = StockMovement(
            variant_id=variant_id,
            location_id=change.after["location_id"],
            reason=f"Undo of {work.filename}"[:LONGEST_REASON],
            reference=undone(work),
            actor=work.actor,
        )
        _shift(session, movement, -change.after["change"], "quantity")


def undone(work: Work) -> str:
    """Return how the ledger names what an undo moved."""
    return f"{work.reference} undone"


def _sums(session: Session, ids: list[int], *, to_change: bool) -> dict[int, tuple[int, int]]:
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


def _number_problems(line: Line) -> Iterator[Said]:
    if line["quantity"] and line["change"]:
        yield "change", "Enter a quantity or a change, not both."
    elif not line["quantity"] and not line["change"]:
        yield "quantity", "Enter what you counted, or a change."
    parse = count_from if line["quantity"] else change_from
    name = "quantity" if line["quantity"] else "change"
    if line[name]:
        try:
            parse(line[name])
        except ValueError as wrong:
            yield name, str(wrong)


def _stock_problems(line: Line, facts: Facts) -> Iterator[Said]:
    name = "quantity" if line["quantity"] else "change"
    location_id = facts.location(line)
    if location_id is None:
        if not line["location"]:
            yield "location", "Say at which location: there are several."
        return
    if line["quantity"] and facts.variants[line["sku"]] in facts.moved:
        yield name, "Units came or went since this file was sent in. Count again."
        return
    on_hand, kept = facts.at(facts.variants[line["sku"]], location_id)
    if on_hand + _change(line, facts) < kept:
        yield name, f"{kept} of {on_hand} are reserved or unavailable: so many must stay."


def _change(line: Line, facts: Facts) -> int:
    if not line["quantity"]:
        return change_from(line["change"])
    location_id = facts.location(line) or 0
    return count_from(line["quantity"]) - facts.at(facts.variants[line["sku"]], location_id)[0]


def _shift(session: Session, movement: StockMovement, units: int, column: str) -> None:
    try:
        shift(session, movement, MovementKind.ADJUSTED, units)
    except OutOfStockError:
        message = "Too few units are free by now, and it stays as it is."
        refuse(column, message)
