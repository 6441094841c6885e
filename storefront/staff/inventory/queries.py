"""Looking at stock; the same number of queries however long the ledger is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models import Order, Product, Stock, StockMovement, Variant
from models.inventory import MovementKind
from storefront.paging import Slice
from storefront.staff.listing import AnySelect, Sorting, page_of

_ON_HAND = func.coalesce(Stock.on_hand, 0)
_RESERVED = func.coalesce(Stock.reserved, 0)
_INCOMING = func.coalesce(Stock.incoming, 0)
COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "sku": Variant.sku,
        "product": Product.title,
        "on_hand": _ON_HAND,
        "reserved": _RESERVED,
        "available": _ON_HAND - _RESERVED,
        "incoming": _INCOMING,
    }
)


@dataclass(frozen=True, slots=True)
class VariantStock:
    """A variant and how many units of it there are."""

    id: int
    sku: str
    options: list[str]
    product_title: str
    product_handle: str
    on_hand: int
    reserved: int
    incoming: int

    @property
    def available(self) -> int:
        """Units that can be sold now."""
        return self.on_hand - self.reserved


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A movement, and what was on hand and reserved after it."""

    id: int
    created_at: datetime
    kind: MovementKind
    on_hand: int
    reserved: int
    reason: str
    actor: str
    on_hand_after: int
    reserved_after: int
    order_number: str | None


def variants(session: Session, words: str, sorting: Sorting, page: int) -> Slice[VariantStock]:
    """Return a page of variants whose SKU or product holds the words, in two queries."""
    wanted = _variants()
    if words:
        columns = (Variant.sku, Product.title)
        wanted = wanted.where(or_(*(it.icontains(words, autoescape=True) for it in columns)))
    sliced = page_of(session, sorting.applied(wanted, Variant.id), page)
    sliced.items[:] = [VariantStock(*row) for row in sliced.items]
    return sliced


def variant(session: Session, sku: str) -> VariantStock | None:
    """Return a variant with its stock, or None."""
    row = session.execute(_variants().where(Variant.sku == sku)).one_or_none()
    return VariantStock(*row) if row else None


def ledger(session: Session, variant_id: int, page: int) -> Slice[LedgerLine]:
    """Return a page of a variant's movements, newest first, with running numbers."""
    line = StockMovement
    after = [
        func.sum(column).over(order_by=line.id).label(f"{column.key}_after")
        for column in (line.on_hand, line.reserved)
    ]
    columns = (
        line.id,
        line.created_at,
        line.kind,
        line.on_hand,
        line.reserved,
        line.reason,
        line.actor,
    )
    running = (
        select(*columns, *after, line.order_id).where(line.variant_id == variant_id).subquery()
    )
    shown = [column for column in running.c if column.key != "order_id"]
    wanted: AnySelect = (
        select(*shown, Order.number)
        .outerjoin(Order, Order.id == running.c.order_id)
        .order_by(running.c.id.desc())
    )
    sliced = page_of(session, wanted, page)
    sliced.items[:] = [LedgerLine(*row) for row in sliced.items]
    return sliced


def last_movement_id(session: Session, variant_id: int) -> int:
    """Return the id of a variant's newest movement, or 0."""
    newest = select(func.max(StockMovement.id)).where(StockMovement.variant_id == variant_id)
    return session.scalar(newest) or 0


def _variants() -> AnySelect:
    return (
        select(
            Variant.id,
            Variant.sku,
            Variant.options,
            Product.title,
            Product.handle,
            _ON_HAND.label("on_hand"),
            _RESERVED.label("reserved"),
            _INCOMING.label("incoming"),
        )
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(Stock, Stock.variant_id == Variant.id)
    )
