"""Looking at the ledger of a variant, and at the orders that wait for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Order, OrderStatus, Reservation, ReservationState, Stock, StockMovement
from models.inventory import FIGURES, MovementKind
from storefront.paging import Slice, slice_of
from storefront.staff.listing import PER_PAGE

_SIZE = len(FIGURES)


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A movement: by how much it changed each figure, and what that was afterwards."""

    created_at: datetime
    kind: MovementKind
    reason: str
    reference: str
    actor: str
    order_number: str | None
    changes: Mapping[str, int]
    after: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Units that an order waits for. is_here: enough is free, when older orders have theirs."""

    number: str
    status: OrderStatus
    since: datetime
    quantity: int
    is_here: bool


def ledger(session: Session, variant_id: int, page: int) -> Slice[LedgerLine]:
    """Return a page of a variant's movements, newest first, with running numbers.

    Counted back from what there is now, so that a page costs as much as the lines before it.
    """
    line = StockMovement
    total = session.scalar(select(func.count()).where(line.variant_id == variant_id)) or 0
    sliced: Slice[LedgerLine] = slice_of(total, page, PER_PAGE)
    changes = [getattr(line, figure).label(figure) for figure in FIGURES]
    after = [
        (
            getattr(Stock, figure)
            - func.coalesce(
                func.sum(getattr(line, figure)).over(order_by=line.id.desc(), rows=(None, -1)), 0
            )
        ).label(f"{figure}_after")
        for figure in FIGURES
    ]
    columns = (line.created_at, line.kind, line.reason, line.reference, line.actor, Order.number)
    found = (
        select(*columns, *changes, *after)
        .join(Stock, Stock.variant_id == line.variant_id)
        .outerjoin(Order, Order.id == line.order_id)
        .where(line.variant_id == variant_id)
        .order_by(line.id.desc())
        .limit(PER_PAGE)
        .offset(sliced.offset)
    )
    sliced.items.extend(_line(tuple(row)) for row in session.execute(found))
    return sliced


def _line(row: tuple[Any, ...]) -> LedgerLine:
    """Return a row's facts, then what changed, then what was afterwards."""
    moment, kind, reason, reference, actor, number = row[: -2 * _SIZE]
    return LedgerLine(
        created_at=moment,
        kind=kind,
        reason=reason,
        reference=reference,
        actor=actor,
        order_number=number,
        changes=dict(zip(FIGURES, row[-2 * _SIZE : -_SIZE], strict=True)),
        after={figure: int(n) for figure, n in zip(FIGURES, row[-_SIZE:], strict=True)},
    )


def waiting(session: Session, variant_id: int, free: int) -> list[Waiting]:
    """Return the orders that wait for a variant, who waits longest first.

    free: units on hand that are neither promised nor unavailable.
    """
    found = (
        select(Order.number, Order.status, Reservation.created_at, Reservation.quantity)
        .join(Order, Order.id == Reservation.order_id)
        .where(
            Reservation.variant_id == variant_id,
            Reservation.is_backorder,
            Reservation.state == ReservationState.HELD,
        )
        .order_by(Reservation.created_at, Reservation.id)
    )
    lines, needed = [], 0
    for number, status, since, quantity in session.execute(found):
        needed += quantity
        lines.append(Waiting(number, status, since, quantity, needed <= free))
    return lines
