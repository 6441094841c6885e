"""Stock: units by variant and location, as counts or as changes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import StockMovement, Variant
from models.inventory import MovementKind, OutOfStockError, adjust_all, shift
from models.staff import Permission
from storefront.staff.imports.columns import Column, Line, refuse
from storefront.staff.imports.kinds.kind import Change, Done, Kind, Said, Work
from storefront.staff.imports.kinds.stock_facts import (
    Facts,
    adjusted_since,
    look_up,
    sums,
    undone,
)
from storefront.staff.typed import change_from, count_from

LONGEST_REASON = 300


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
        return look_up(session, lines, work, to_change=to_change)

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
        movement = _movement(line, facts, work)
        if not movement.on_hand:
            return
        name = "quantity" if line["quantity"] else "change"
        change = _made(line, movement)
        _shift(session, movement, movement.on_hand, name)
        yield change

    def apply_all(
        self, session: Session, lines: Sequence[Line], facts: Facts, work: Work
    ) -> Iterator[Done]:
        """Check and apply some rows, all at once; one by one where one of them is refused."""
        found = [Done(it, (), list(self.check(it, facts, work))) for it in lines]
        moves = {it.line.row: _movement(it.line, facts, work) for it in found if not it.wrong}
        moves = {row: it for row, it in moves.items() if it.on_hand}
        if not _are_moved(session, [*moves.values()]):
            yield from super().apply_all(session, lines, facts, work)
            return
        for it in found:
            move = moves.get(it.line.row)
            yield replace(it, changes=(_made(it.line, move),)) if move else it

    def undo(self, session: Session, change: Change, work: Work) -> None:
        """Move the units back, in the ledger; not where they were counted or adjusted since."""
        variant_id = session.scalar(select(Variant.id).where(Variant.sku == change.subject))
        if variant_id is None:
            refuse("sku", "This variant is gone.")
        sums(session, [variant_id], to_change=True)
        if adjusted_since(session, [variant_id], work):
            refuse("quantity", "It was counted or adjusted since, and stays.")
        movement = _back(variant_id, change, work)
        _shift(session, movement, movement.on_hand, "quantity")

    def undo_all(
        self, session: Session, changes: Sequence[Change], work: Work
    ) -> Iterator[Said | None]:
        """Move units back, all at once; one by one where one of them is refused."""
        skus = {it.subject for it in changes}
        found = session.execute(select(Variant.sku, Variant.id).where(Variant.sku.in_(skus)))
        ids = {row.sku: row.id for row in found}
        sums(session, sorted(ids.values()), to_change=True)
        is_one_wrong = len(ids) < len(skus) or adjusted_since(session, [*ids.values()], work)
        moves = [] if is_one_wrong else [_back(ids[it.subject], it, work) for it in changes]
        if is_one_wrong or not _are_moved(session, moves):
            yield from super().undo_all(session, changes, work)
            return
        yield from (None for _ in changes)


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


def _movement(line: Line, facts: Facts, work: Work) -> StockMovement:
    """Return what a row moves, for one that is right; of no units where it changes nothing."""
    return StockMovement(
        variant_id=facts.variants[line["sku"]],
        location_id=facts.location(line),
        on_hand=_change(line, facts),
        reason=line["reason"] or work.filename,
        reference=work.reference,
        actor=work.actor,
    )


def _made(line: Line, movement: StockMovement) -> Change:
    after = {"change": movement.on_hand, "location_id": movement.location_id}
    return Change(line["sku"], {}, after)


def _back(variant_id: int, change: Change, work: Work) -> StockMovement:
    """Return what moves a row's units back."""
    return StockMovement(
        variant_id=variant_id,
        location_id=change.after["location_id"],
        on_hand=-change.after["change"],
        reason=f"Undo of {work.filename}"[:LONGEST_REASON],
        reference=undone(work),
        actor=work.actor,
    )


def _are_moved(session: Session, moves: Sequence[StockMovement]) -> bool:
    """Make movements, all or none; say whether they were made."""
    if not moves:
        return True
    try:
        with session.begin_nested():
            adjust_all(session, moves)
    except OutOfStockError:
        return False
    return True


def _shift(session: Session, movement: StockMovement, units: int, column: str) -> None:
    try:
        shift(session, movement, MovementKind.ADJUSTED, units)
    except OutOfStockError:
        message = "Too few units are free by now, and it stays as it is."
        refuse(column, message)
