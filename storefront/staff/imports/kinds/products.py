"""Products with their variants: a row for each variant, the product's words in its first row."""

import re
from collections.abc import Iterator, Sequence

from sqlalchemy.orm import Session

from models import Product, ProductStatus
from models.staff import Permission
from storefront.staff.imports.columns import Column, Line
from storefront.staff.imports.kinds.kind import Change, Kind, Said, Work
from storefront.staff.imports.kinds.prices import price_columns, price_problems
from storefront.staff.imports.kinds.product_changes import make, take_back
from storefront.staff.imports.kinds.product_facts import (
    OPTIONS,
    WORDS,
    Facts,
    look_up,
    option_values,
    options_of,
)
from storefront.staff.typed import count_from

LONGEST = {
    "title": 200,
    "summary": 500,
    "description": 100_000,
    "sku": 64,
    "barcode": 32,
    **{name: 60 for number in OPTIONS for name in (f"option{number}_name", f"option{number}")},
}
STATUSES = (ProductStatus.DRAFT, ProductStatus.ACTIVE, ProductStatus.ARCHIVED)
_HANDLE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST_GRAMS = 1_000_000


class Products(Kind):
    """Handle, words, and one variant a row; an empty cell leaves what is there."""

    title = "Products"
    about = (
        "Products and variants, a row for each variant; the rows of a product stand together."
        " What is not there yet is added. An empty cell changes nothing."
    )
    permission = Permission.EDIT_CATALOG

    def __init__(self, currencies: Sequence[str]) -> None:
        """Know the prices' columns; the first currency is the main one."""
        self.currencies = currencies
        self.columns = (
            Column("handle", "In its address.", "ql-claw", ("url handle", "slug"), is_needed=True),
            Column("title", "Its name.", "The tool"),
            Column("summary", "One or two lines.", "It presses where it is tight."),
            Column("description", "Markdown.", "A tool.", ("description markdown",)),
            Column("status", "draft, active or archived.", "draft"),
            *_option_columns(),
            Column("sku", "Of the variant.", "QLC-PINE", ("variant sku",)),
            Column("barcode", "Of the variant.", "4006381333931", ("variant barcode",)),
            Column("weight_g", "In grams.", "540", ("weight", "grams", "variant grams")),
            *price_columns(currencies),
        )

    def key(self, line: Line) -> str:
        """Each SKU stands once; a row without one is of its product alone."""
        return f"SKU {line['sku']}" if line["sku"] else f"handle {line['handle']}"

    def group(self, line: Line) -> str:
        """Rows of a product are looked at together."""
        return line["handle"]

    def facts(
        self, session: Session, lines: Sequence[Line], work: Work, *, to_change: bool
    ) -> Facts:
        """Look up the products, and whose the SKUs are."""
        del work
        return look_up(session, lines, to_change=to_change)

    def check(self, line: Line, facts: Facts, work: Work) -> Iterator[Said]:
        """Refuse what no product or variant can be."""
        del work
        if not _HANDLE.fullmatch(line["handle"]) or len(line["handle"]) > 120:  # noqa: PLR2004
            yield "handle", "Write small letters, figures and hyphens, such as ql-claw."
            return
        for name, most in LONGEST.items():
            if len(line[name]) > most:
                yield name, f"Enter at most {most} characters."
        yield from self._word_problems(line, facts)
        yield from price_problems(line, self.currencies)
        yield from _weight_problems(line)
        if line["sku"]:
            yield from self._variant_problems(line, facts)
        else:
            for name in ("barcode", "weight_g", "option1", f"price_{self.currencies[0].lower()}"):
                if line[name]:
                    yield "sku", "Enter the SKU of the variant."
                    return

    def _word_problems(self, line: Line, facts: Facts) -> Iterator[Said]:
        product, first = facts.products.get(line["handle"]), facts.firsts[line["handle"]]
        if product is None and first is line and not line["title"]:
            yield "title", "There is no such product yet: a new one needs a title."
        for name in (*WORDS, *(f"option{number}_name" for number in OPTIONS)):
            if line[name] and line[name] != first[name] and first is not line:
                yield name, f"Row {first.row} says otherwise of this product."
        is_kept = product is not None and line["status"] == product.status
        if line["status"] and line["status"].lower() not in STATUSES and not is_kept:
            yield "status", "Write draft, active or archived."
        if line.row in facts.wrong_texts:
            yield "description", facts.wrong_texts[line.row]
        yield from _option_problems(line, product)

    def _variant_problems(self, line: Line, facts: Facts) -> Iterator[Said]:
        owner = facts.owners.get(line["sku"])
        if owner is not None and owner != line["handle"]:
            yield "sku", f"This SKU is a variant of {owner}."
            return
        names, values = options_of(line, facts), option_values(line)
        is_new = owner is None
        if values or is_new:
            if len(values) != len(names):
                yield "option1", f"Enter {len(names)} options: {', '.join(names) or 'none'}."
            elif facts.has_options(line, values):
                yield (
                    "option1",
                    f"Another variant of it is {' / '.join(values) or 'without options'}.",
                )
        main = f"price_{self.currencies[0].lower()}"
        if is_new and not line[main]:
            yield main, "A new variant needs a price."
        for code in self.currencies:
            price, before = f"price_{code.lower()}", f"compare_at_{code.lower()}"
            variant = facts.variant(line)
            has_price = line[price] or (variant and variant.price_in(code))
            if line[before] and not has_price:
                yield before, f"It has no price in {code} yet: enter that too."

    def apply(self, session: Session, line: Line, facts: Facts, work: Work) -> Iterator[Change]:
        """Set what differs, and add what is not there."""
        del work
        yield from make(session, line, facts, self.currencies)

    def undo(self, session: Session, change: Change, work: Work) -> None:
        """Put words, variants and prices back; take away what was added and never used."""
        del work
        take_back(session, change, self.currencies)


def _option_columns() -> Iterator[Column]:
    for number in OPTIONS:
        examples = ("Color", "Pine") if number == 1 else ("", "")
        name = (f"option{number} name",)
        yield Column(f"option{number}_name", "What is chosen between.", examples[0], name)
        value = (f"option{number} value",)
        yield Column(f"option{number}", "This variant's choice.", examples[1], value)


def _weight_problems(line: Line) -> Iterator[Said]:
    if line["weight_g"]:
        try:
            count_from(line["weight_g"])
        except ValueError:
            yield "weight_g", f"Enter whole grams, from 0 to {_MOST_GRAMS}."


def _option_problems(line: Line, product: Product | None) -> Iterator[Said]:
    """Refuse gaps between an options' names, and other names than variants have already."""
    typed = [line[f"option{number}_name"] for number in OPTIONS]
    names = list(filter(None, typed))
    if typed[: len(names)] != names:
        yield "option1_name", "Name the options in their order, without a gap."
    elif names and product is not None and product.variants and names != product.option_names:
        has = ", ".join(product.option_names) or "none"
        yield "option1_name", f"Its options are other ones: {has}."
