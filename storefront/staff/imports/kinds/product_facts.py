"""What there is of the products that a spreadsheet names."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import Product, Variant
from storefront.staff.citations import UnknownReferenceError, rendered
from storefront.staff.imports.columns import Line

OPTIONS = (1, 2, 3)
WORDS = ("title", "summary", "description", "status")


@dataclass(slots=True)
class Facts:
    """Some rows' products by handle, with their variants and prices.

    owners: the handle of each SKU's product. firsts: the first row of each handle, which has its
    words. texts: a description's HTML, by the row that changes it; wrong_texts: why it cannot be.
    lines: the rows themselves.
    """

    products: dict[str, Product]
    owners: dict[str, str]
    firsts: dict[str, Line]
    lines: Sequence[Line]
    texts: dict[int, str] = field(default_factory=dict)
    wrong_texts: dict[int, str] = field(default_factory=dict)

    def variant(self, line: Line) -> Variant | None:
        """Return a row's variant, or None where it is not there yet."""
        product = self.products.get(line["handle"])
        variants = product.variants if product else ()
        return next((it for it in variants if it.sku == line["sku"]), None)

    def has_options(self, line: Line, values: list[str]) -> bool:
        """Say whether another variant of the product has these, or an earlier row names them."""
        product = self.products.get(line["handle"])
        named = {it["sku"]: option_values(it) for it in self.lines if it.row < line.row}
        named |= {
            it.sku: it.options
            for it in (product.variants if product else ())
            if it.sku not in named
        }
        mine = {it["sku"] for it in self.lines if it["handle"] == line["handle"]}
        if product is not None:
            mine |= {it.sku for it in product.variants}
        return any(sku != line["sku"] and sku in mine and it == values for sku, it in named.items())


def look_up(session: Session, lines: Sequence[Line], *, to_change: bool) -> Facts:
    """Return what there is, in a fixed number of queries but for descriptions that differ."""
    handles = [line["handle"] for line in lines]
    variants = selectinload(Product.variants)
    wanted = (
        select(Product)
        .where(Product.handle.in_(handles))
        .options(variants.selectinload(Variant.prices))
        .order_by(Product.id)
    )
    if to_change:
        wanted = wanted.with_for_update(of=Product)
    found = session.scalars(wanted.execution_options(populate_existing=True)).all()
    skus = [line["sku"] for line in lines if line["sku"]]
    owners = session.execute(
        select(Variant.sku, Product.handle)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.sku.in_(skus))
    )
    firsts: dict[str, Line] = {}
    for line in lines:
        firsts.setdefault(line["handle"], line)
    handles_by_sku: dict[str, str] = {row.sku: row.handle for row in owners}
    facts = Facts({it.handle: it for it in found}, handles_by_sku, firsts, lines)
    for line in firsts.values():
        _render(session, line, facts)
    return facts


def options_of(line: Line, facts: Facts) -> list[str]:
    """Return the names of the options of a row's product, as they are or are to be."""
    product, first = facts.products.get(line["handle"]), facts.firsts[line["handle"]]
    typed = [first[f"option{number}_name"] for number in OPTIONS]
    if product is not None and (product.variants or not any(typed)):
        return product.option_names
    return [name for name in typed if name]


def option_values(line: Line) -> list[str]:
    """Return the options that a row says of its variant."""
    return [line[f"option{number}"] for number in OPTIONS if line[f"option{number}"]]


def _render(session: Session, line: Line, facts: Facts) -> None:
    product, text = facts.products.get(line["handle"]), line["description"]
    if not text or (product is not None and product.description_markdown.strip() == text):
        return
    try:
        facts.texts[line.row] = rendered(session, text).html
    except UnknownReferenceError as wrong:
        facts.wrong_texts[line.row] = str(wrong)
