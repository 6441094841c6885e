"""Saving suppliers and what they sell."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Supplier, SupplierItem
from models.once import claim
from storefront.staff.seen import ChangedMeanwhileError, seen_of


class NameTakenError(Exception):
    """Another supplier has this name."""


@dataclass(frozen=True, slots=True)
class Item:
    """A variant as a supplier sells it; cost in minor units of the supplier's currency."""

    variant_id: int
    supplier_sku: str
    cost_minor: int
    pack_size: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What a supplier is to be; the names are those of its columns."""

    name: str
    email: str
    address: str
    note: str
    currency: str
    lead_days: int
    is_active: bool
    items: Sequence[Item]


def create(session: Session, draft: Draft) -> Supplier:
    """Write a new supplier; raises NameTakenError, and nothing has changed then."""
    supplier = Supplier(items=[])
    _fill(supplier, draft)
    if not claim(session, supplier):
        raise NameTakenError
    return supplier


def save(session: Session, supplier: Supplier, draft: Draft, seen: str) -> None:
    """Make a locked supplier what the draft says.

    seen: its digest when the page was shown. Raises ChangedMeanwhileError or NameTakenError; the
    caller rolls back.
    """
    if digest(supplier) != seen:
        raise ChangedMeanwhileError
    _fill(supplier, draft)
    try:
        session.flush()
    except IntegrityError:
        raise NameTakenError from None


def digest(supplier: Supplier) -> str:
    """Return a digest of all that a supplier's page shows."""
    names = ("name", "email", "address", "note", "currency", "lead_days", "is_active")
    items = [(it.variant_id, it.supplier_sku, it.cost_minor, it.pack_size) for it in supplier.items]
    words = {name: str(getattr(supplier, name)) for name in names}
    return seen_of(words | {"items": repr(sorted(items))})


def _fill(supplier: Supplier, draft: Draft) -> None:
    for name in ("name", "email", "address", "note", "currency", "lead_days", "is_active"):
        setattr(supplier, name, getattr(draft, name))
    there = {it.variant_id: it for it in supplier.items}
    rows = []
    for wanted in draft.items:
        row = there.get(wanted.variant_id) or SupplierItem(variant_id=wanted.variant_id)
        row.supplier_sku, row.cost_minor = wanted.supplier_sku, wanted.cost_minor
        row.pack_size = wanted.pack_size
        rows.append(row)
    supplier.items = rows
