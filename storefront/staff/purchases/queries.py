"""Looking at purchases; the same number of queries however many there are."""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from sqlalchemy import ScalarSelect, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import Location, Purchase, PurchaseLine, PurchaseStatus, Supplier, Variant, now
from storefront.paging import Slice
from storefront.staff.listing import AnySelect, Sorting, has_words, page_of

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "number": Purchase.id,
        "supplier": Supplier.name,
        "status": Purchase.status,
        "expected": Purchase.expected_on,
        "written": Purchase.created_at,
    }
)
OPEN = (PurchaseStatus.ORDERED, PurchaseStatus.PARTLY_RECEIVED)


def purchases(
    session: Session,
    words: str,
    status: PurchaseStatus | None,
    sorting: Sorting,
    page: int,
) -> Slice[Any]:
    """Return a page of purchases with units ordered and received, in two queries."""
    return page_of(session, sorting.applied(listed(words, status), Purchase.id), page)


def listed(words: str, status: PurchaseStatus | None) -> AnySelect:
    """Return the statement of the list."""
    ordered, received = _of_lines(PurchaseLine.quantity), _of_lines(PurchaseLine.received)
    wanted = (
        select(Purchase, Supplier.name, Location.title, ordered, received)
        .join(Supplier, Supplier.id == Purchase.supplier_id)
        .join(Location, Location.id == Purchase.location_id)
    )
    if status is not None:
        wanted = wanted.where(Purchase.status == status)
    if words:
        wanted = wanted.where(has_words(words, Purchase.number, Supplier.name))
    return wanted


def _of_lines(units: Any) -> ScalarSelect[int | None]:
    """Return the sum of a column of a purchase's lines; for a page, not for every purchase."""
    of_purchase = PurchaseLine.purchase_id == Purchase.id
    return select(func.sum(units)).where(of_purchase).correlate(Purchase).scalar_subquery()


def purchase(session: Session, number: str, *, to_change: bool = False) -> Purchase | None:
    """Return a purchase with its lines, supplier and location; locked where it will change."""
    lines = selectinload(Purchase.lines).joinedload(PurchaseLine.variant)
    wanted = (
        select(Purchase)
        .where(Purchase.number == number)
        .options(
            lines.joinedload(Variant.product),
            joinedload(Purchase.supplier, innerjoin=True),
            joinedload(Purchase.location, innerjoin=True),
        )
    )
    if to_change:
        wanted = wanted.with_for_update(of=Purchase)
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def supplier(session: Session, supplier_id: int) -> Supplier | None:
    """Return a supplier."""
    return session.get(Supplier, supplier_id)


def suppliers(session: Session) -> Sequence[Supplier]:
    """Return those that orders can be suggested for."""
    return session.scalars(select(Supplier).where(Supplier.is_active).order_by(Supplier.name)).all()


def locations(session: Session) -> Sequence[Location]:
    """Return where a delivery can come to, the usual one first."""
    active = select(Location).where(Location.is_active)
    return session.scalars(active.order_by(Location.position, Location.id)).all()


def is_late(purchase: Purchase, today: date | None = None) -> bool:
    """Say whether something of it should have come before today (in UTC)."""
    day = today or now().date()
    is_due = purchase.expected_on is not None and purchase.expected_on < day
    return purchase.status in OPEN and is_due
