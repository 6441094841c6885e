"""Prices: what variants cost, in each of the shop's currencies."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import Money, Variant, VariantPrice
from models.staff import Permission
from storefront.staff.imports.columns import Column, Line, refuse
from storefront.staff.imports.kinds.kind import Change, Kind, Said, Work
from storefront.staff.typed import price_from

UNCHANGED = "It was changed since, and stays."


def price_columns(currencies: Sequence[str]) -> list[Column]:
    """Return a column for the price, and what it was before, in each currency."""
    columns = []
    for code in currencies:
        price, before = f"price_{code.lower()}", f"compare_at_{code.lower()}"
        is_main = code == currencies[0]
        aliases = ("price", "variant price") if is_main else ()
        example = str(Money(8900, code).amount)
        columns.append(Column(price, f"Price in {code}.", example, aliases))
        aliases = ("compare at", "variant compare at price") if is_main else ()
        columns.append(Column(before, f"What it cost before, in {code}.", "", aliases))
    return columns


def price_problems(line: Line, currencies: Sequence[str]) -> Iterator[Said]:
    """Yield what is wrong with a row's amounts."""
    for name, code in _names(currencies):
        if line[name]:
            try:
                price_from(line[name], code)
            except ValueError as wrong:
                yield name, str(wrong)


def prices_of(variant: Variant, currencies: Sequence[str]) -> dict[str, int | None]:
    """Return a variant's amounts in minor units by column; its prices must be loaded."""
    found: dict[str, int | None] = {}
    for code in currencies:
        row = _row(variant, code)
        found[f"price_{code.lower()}"] = row.price_minor if row else None
        found[f"compare_at_{code.lower()}"] = row.compare_at_minor if row else None
        if code == variant.price.currency:
            found[f"price_{code.lower()}"] = variant.price.minor
            found[f"compare_at_{code.lower()}"] = variant.compare_at_minor
    return found


def typed_prices(line: Line, currencies: Sequence[str]) -> dict[str, int | None]:
    """Return the amounts that a row names, in minor units; an empty cell names none."""
    names = _names(currencies)
    return {name: price_from(line[name], code).minor for name, code in names if line[name]}


def set_prices(
    variant: Variant, wanted: Mapping[str, int | None], currencies: Sequence[str]
) -> None:
    """Make a variant cost these amounts by column; its prices must be loaded."""
    for code in currencies:
        price, before = f"price_{code.lower()}", f"compare_at_{code.lower()}"
        if code == variant.price.currency:
            variant.price = Money(wanted.get(price, variant.price.minor) or 0, code)
            variant.compare_at_minor = wanted.get(before, variant.compare_at_minor)
            continue
        row = _row(variant, code)
        if price in wanted and wanted[price] is None:
            variant.prices = [it for it in variant.prices if it.currency != code]
        elif wanted.get(price) is not None:
            row = row or VariantPrice(currency=code)
            row.price_minor = wanted[price] or 0
            if row not in variant.prices:
                variant.prices.append(row)
        if before in wanted and row is not None:
            row.compare_at_minor = wanted[before]


def _names(currencies: Sequence[str]) -> list[tuple[str, str]]:
    kinds = ("price", "compare_at")
    return [(f"{kind}_{code.lower()}", code) for code in currencies for kind in kinds]


def _row(variant: Variant, code: str) -> VariantPrice | None:
    return next((it for it in variant.prices if it.currency == code), None)


class Prices(Kind):
    """SKU, and a price in each currency; an empty cell leaves what is there."""

    title = "Prices"
    about = "What variants cost, in each of the shop's currencies. An empty cell changes nothing."
    permission = Permission.EDIT_CATALOG

    def __init__(self, currencies: Sequence[str]) -> None:
        """Know the columns of these currencies; the first is the main one."""
        self.currencies = currencies
        self.columns = (
            Column("sku", "Of the variant.", "QLC-PINE", ("variant sku",), is_needed=True),
            *price_columns(currencies),
        )

    def key(self, line: Line) -> str:
        """Each SKU stands once."""
        return line["sku"]

    def facts(
        self, session: Session, lines: Sequence[Line], work: Work, *, to_change: bool
    ) -> dict[str, Variant]:
        """Look up the variants by SKU."""
        del work
        wanted = select(Variant).where(Variant.sku.in_([line["sku"] for line in lines]))
        wanted = wanted.options(selectinload(Variant.prices)).order_by(Variant.id)
        if to_change:
            wanted = wanted.with_for_update(of=Variant)
        found = session.scalars(wanted.execution_options(populate_existing=True))
        return {it.sku: it for it in found}

    def check(self, line: Line, facts: dict[str, Variant], work: Work) -> Iterator[Said]:
        """Refuse unknown variants and what is no price."""
        del work
        variant = facts.get(line["sku"])
        if variant is None:
            yield "sku", "No variant has this SKU." if line["sku"] else "Enter the SKU."
        yield from price_problems(line, self.currencies)
        if variant is None:
            return
        for code in self.currencies:
            price, before = f"price_{code.lower()}", f"compare_at_{code.lower()}"
            if line[before] and not line[price] and variant.price_in(code) is None:
                yield before, f"It has no price in {code} yet: enter that too."

    def apply(
        self, session: Session, line: Line, facts: dict[str, Variant], work: Work
    ) -> Iterator[Change]:
        """Set what differs."""
        del session, work
        variant = facts[line["sku"]]
        before = prices_of(variant, self.currencies)
        wanted = {
            name: amount
            for name, amount in typed_prices(line, self.currencies).items()
            if amount != before[name]
        }
        if wanted:
            set_prices(variant, wanted, self.currencies)
            yield Change(variant.sku, {name: before[name] for name in wanted}, wanted)

    def undo(self, session: Session, change: Change, work: Work) -> None:
        """Let a variant cost what it did."""
        found = self.facts(session, [Line(0, {"sku": change.subject})], work, to_change=True)
        undo_prices(found.get(change.subject), change, self.currencies)


def undo_prices(variant: Variant | None, change: Change, currencies: Sequence[str]) -> None:
    """Put a variant's amounts back, or raise Refused where they are others by now."""
    now: dict[str, Any] = prices_of(variant, currencies) if variant else {}
    if variant is None or any(now.get(name) != it for name, it in change.after.items()):
        refuse("price", UNCHANGED)
    set_prices(variant, change.before, currencies)
