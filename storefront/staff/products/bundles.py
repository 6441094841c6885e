"""What a bundle is made of: variants with stock of their own, never bundles."""

from collections.abc import Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, aliased

from models import BundlePart, Selling, Stock, Variant
from models.inventory import FIGURES
from models.once import claim


class BundleError(Exception):
    """A variant cannot be made of these parts; the message says why to people."""

    def __init__(self, variant_id: int, message: str, status: int = 422) -> None:
        """Remember which variant, and how to answer."""
        super().__init__(message)
        self.variant_id = variant_id
        self.status = status


def set_parts(session: Session, variant: Variant, wanted: Mapping[str, int]) -> None:
    """Make a variant a bundle of these units by SKU, or, of none, a variant with its own stock.

    Its parts must be loaded. All variants concerned are locked, in ascending order of id, so that
    no two can become parts of each other. Raises BundleError; the caller rolls back then.
    """
    if {it.part.sku: it.quantity for it in variant.parts} == dict(wanted):
        return
    if not wanted:
        variant.parts = []
        if session.get(Stock, variant.id) is None:  # it was made as a bundle
            claim(session, Stock(variant_id=variant.id))
        return
    found = _locked(session, variant, wanted)
    _check(session, variant, found, wanted)
    there = {it.part_id: it for it in variant.parts}
    parts = []
    for sku, quantity in wanted.items():
        part = there.get(found[sku].id) or BundlePart(part_id=found[sku].id)
        part.quantity = quantity
        parts.append(part)
    variant.parts = parts
    variant.selling, variant.promise = Selling.IN_STOCK, ""  # those of its parts decide


def _locked(session: Session, variant: Variant, wanted: Mapping[str, int]) -> dict[str, Variant]:
    rows = session.scalars(
        select(Variant)
        .where(or_(Variant.sku.in_(wanted), Variant.id == variant.id))
        .order_by(Variant.id)
        .with_for_update()
    )
    return {row.sku: row for row in rows}


def _check(
    session: Session, variant: Variant, found: Mapping[str, Variant], wanted: Mapping[str, int]
) -> None:
    for sku in wanted:
        if sku not in found:
            raise BundleError(variant.id, f"No variant has the SKU {sku}.")
    if variant.sku in wanted:
        raise BundleError(variant.id, "A bundle cannot hold itself.")
    bundle = aliased(Variant)
    ids = [found[sku].id for sku in wanted]
    nested = session.execute(
        select(bundle.id, bundle.sku)
        .join(BundlePart, BundlePart.bundle_id == bundle.id)
        .where(or_(bundle.id.in_(ids), BundlePart.part_id == variant.id))
        .limit(1)
    ).first()
    if nested and nested.id in ids:
        raise BundleError(variant.id, f"{nested.sku} is a bundle itself: name its parts instead.")
    if nested:
        message = f"It is part of the bundle {nested.sku}, so it cannot be a bundle."
        raise BundleError(variant.id, message)
    _check_own_stock(session, variant)


def _check_own_stock(session: Session, variant: Variant) -> None:
    stock = session.get(Stock, variant.id, with_for_update=True, populate_existing=True)
    if stock is not None and any(getattr(stock, name) for name in FIGURES):
        message = (
            f"It has stock of its own ({stock.on_hand} on hand, {stock.reserved} reserved), and a"
            " bundle has none. Bring its stock to 0 first."
        )
        raise BundleError(variant.id, message, 409)
