"""Looking at suppliers; the same number of queries however many there are."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from models import Supplier, SupplierItem, Variant
from storefront.paging import Slice
from storefront.staff.listing import Sorting, has_words, page_of

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {"name": Supplier.name, "lead": Supplier.lead_days, "active": Supplier.is_active}
)


def suppliers(session: Session, words: str, sorting: Sorting, page: int) -> Slice[Any]:
    """Return a page of suppliers with how many items each sells, in two queries."""
    items = (
        select(func.count(SupplierItem.variant_id))
        .where(SupplierItem.supplier_id == Supplier.id)
        .scalar_subquery()
    )
    wanted = select(Supplier, items.label("items"))
    if words:
        wanted = wanted.where(has_words(words, Supplier.name, Supplier.email))
    return page_of(session, sorting.applied(wanted, Supplier.id), page)


def supplier(session: Session, supplier_id: int, *, to_change: bool = False) -> Supplier | None:
    """Return a supplier with its items and their variants; locked where it is about to change."""
    items = selectinload(Supplier.items).joinedload(SupplierItem.variant)
    wanted = select(Supplier).where(Supplier.id == supplier_id)
    wanted = wanted.options(items.joinedload(Variant.product))
    if to_change:
        wanted = wanted.with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def variants_by_sku(session: Session, skus: list[str]) -> dict[str, int]:
    """Return the ids of the variants of these SKUs, bundles left out."""
    found = select(Variant).where(Variant.sku.in_(skus), ~Variant.parts.any())
    return {it.sku: it.id for it in session.scalars(found)}
