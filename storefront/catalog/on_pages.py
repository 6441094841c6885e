"""What pages show of what can be had, and what it costs: read so that a page outlasts a sale.

A page that reads stock by these statements is kept with what it shows of it (``page_cache``), not
with each number: so all that is shown must follow from ``Shelf.shown``.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.orm.interfaces import ORMOption

from models import Money, Variant, VariantPrice
from storefront.catalog.shelf import IDS, Shelf, parts_of, shelf, shelf_of
from storefront.database import Sessions
from storefront.page_cache.watching import SHOWS_STOCK, Shown, show_stock


@dataclass(frozen=True, slots=True)
class Priced:
    """A variant as lists need it. price: None where it is not sold; was: before, if that was more.

    Both in the visitor's currency.
    """

    id: int
    price: Money | None
    was: Money | None


def stocked(
    session: Session,
    product_ids: Sequence[int],
    own: Mapping[int, int] | None = None,
    *options: ORMOption,
) -> tuple[list[Variant], Shelf]:
    """Return the variants of products in their order, and what can be had of them, in one query.

    own: units of stocked variants that the asker's own open order holds; they count as there.
    options: what to load with the variants, in further queries.
    """
    wanted = _OF_PRODUCTS.options(*options) if options else _OF_PRODUCTS
    rows = session.execute(wanted, {"ids": product_ids}).all()
    variants = dict.fromkeys(row[0] for row in rows)  # one with several parts has several rows
    return list(variants), _on_page(session, ((row[0].id, *row[1:]) for row in rows), own)


def priced(
    session: Session,
    product_ids: Sequence[int],
    own: Mapping[int, int] | None,
    currency: str | None,
) -> tuple[dict[int, list[Priced]], Shelf]:
    """Return what each product's variants cost, by its id, in their order, for lists; and as above.

    currency: other than the main one, where the visitor chose one.
    """
    rows = session.execute(_PRICED, {"ids": product_ids, "currency": currency or ""}).all()
    found: dict[int, dict[int, Priced]] = {}
    for row in rows:
        found.setdefault(row.product_id, {})[row[0]] = _priced(row, currency)
    shelf = _on_page(session, (row[:7] for row in rows), own)
    return {of: list(variants.values()) for of, variants in found.items()}, shelf


def stock(sessions: Sessions, variant_ids: Iterable[int]) -> Shown | None:
    """Return what pages show of the stock of variants now; None if the database does not answer."""
    try:
        with sessions.look() as session:
            found = shelf(session, variant_ids)
    except SQLAlchemyError:
        return None
    return {it: found.shown(it) for it in variant_ids}


def _priced(row: Any, currency: str | None) -> Priced:
    amount, was, said = row.price_minor, row.compare_at_minor, row.price_currency
    if currency is not None and currency != said:
        amount, was, said = row.other_minor, row.other_was, currency
    if amount is None:
        return Priced(row[0], None, None)
    return Priced(
        row[0], Money(amount, said), Money(was, said) if was is not None and was > amount else None
    )


def _on_page(session: Session, rows: Iterable[Any], own: Mapping[int, int] | None) -> Shelf:
    """Return a shelf of which a page shows no more than is noted here."""
    found = shelf_of(session, rows, own)
    show_stock({it: found.shown(it) for it in found.parts})
    return found


_OF_PRODUCTS = (
    parts_of(Variant, Variant.position)
    .where(Variant.product_id.in_(IDS))
    .execution_options(**SHOWS_STOCK)
)
_TABLE = Variant.__table__.c
_PRICED = (
    parts_of(Variant.id, Variant.position)
    .add_columns(
        *(Variant.product_id, _TABLE.price_minor, _TABLE.price_currency, Variant.compare_at_minor),
        VariantPrice.price_minor.label("other_minor"),
        VariantPrice.compare_at_minor.label("other_was"),
    )
    .outerjoin(
        VariantPrice,
        (VariantPrice.variant_id == Variant.id) & (VariantPrice.currency == bindparam("currency")),
    )
    .where(Variant.product_id.in_(IDS))
    .execution_options(**SHOWS_STOCK)
)
