"""Purchases from draft to receipt: each act once, its units moved in the ledger."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Purchase, PurchaseLine, PurchaseStatus, StockMovement, Supplier, now
from models.inventory import MovementKind, level_at, locked, shift
from models.once import claim
from storefront.staff.purchases.queries import OPEN
from storefront.staff.seen import ChangedMeanwhileError, seen_of

TRIES = 10  # to get the next number, where several write at once


class NotNowError(Exception):
    """The purchase is no longer in a state in which this can be done."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of a variant to buy; cost in minor units of the supplier's currency."""

    variant_id: int
    quantity: int
    cost_minor: int


@dataclass(frozen=True, slots=True)
class Draft:
    """What a purchase is to be."""

    location_id: int
    expected_on: date | None
    note: str
    lines: Sequence[Wanted]


def create(session: Session, supplier: Supplier, draft: Draft, actor: str) -> Purchase:
    """Write a draft under the next number; none is left out, since none is ever deleted."""
    for _ in range(TRIES):
        count = session.scalar(select(func.count()).select_from(Purchase)) or 0
        purchase = Purchase(
            number=f"PO-{count + 1}",
            supplier_id=supplier.id,
            currency=supplier.currency,
            actor=actor,
            lines=[],
        )
        _fill(purchase, draft)
        if claim(session, purchase):
            return purchase
    message = "no number could be had"
    raise RuntimeError(message)


def save(purchase: Purchase, draft: Draft, seen: str) -> None:
    """Make a locked draft what was typed; raises ChangedMeanwhileError or NotNowError."""
    _need(purchase, PurchaseStatus.DRAFT)
    _need_seen(purchase, seen)
    _fill(purchase, draft)


def order(session: Session, purchase: Purchase, actor: str) -> None:
    """Order a locked draft: its units are on their way from now on, under its number."""
    _need(purchase, PurchaseStatus.DRAFT)
    if not purchase.lines:
        raise NotNowError
    purchase.status, purchase.ordered_at = PurchaseStatus.ORDERED, now()
    lead = timedelta(days=purchase.supplier.lead_days)
    purchase.expected_on = purchase.expected_on or (now() + lead).date()
    for line in _in_order(purchase):
        shift(session, _movement(purchase, line, actor), MovementKind.EXPECTED, line.quantity)


def receive(
    session: Session,
    purchase: Purchase,
    came: Mapping[int, tuple[int, int]],
    seen: str,
    actor: str,
) -> list[str]:
    """Take a delivery in; return what is more than was ordered, in words.

    came: units received and rejected by line. seen: the purchase's digest as the form was shown:
    each form is taken once, whoever sends it. Raises ChangedMeanwhileError or NotNowError. The
    purchase must be locked.
    """
    _need(purchase, *OPEN)
    _need_seen(purchase, seen)
    more = []
    for line in _in_order(purchase):
        received, rejected = came.get(line.id, (0, 0))
        expected = outstanding(line)
        if received:
            movement = _movement(purchase, line, actor)
            ends = min(received, expected)
            movement.incoming = -_still_expected(session, movement, ends)
            shift(session, movement, MovementKind.RECEIVED, received)
        ends = min(rejected, max(expected - received, 0))
        _expect_less(session, _movement(purchase, line, actor, f"{rejected} rejected"), ends)
        line.received += received
        line.rejected += rejected
        if received + rejected > expected:
            more.append(f"{line.variant.sku}: {received + rejected - expected} more than expected")
    is_done = not any(outstanding(line) for line in purchase.lines)
    purchase.status = PurchaseStatus.RECEIVED if is_done else PurchaseStatus.PARTLY_RECEIVED
    purchase.closed_at = now() if is_done else None
    return more


def close(session: Session, purchase: Purchase, actor: str) -> None:
    """Expect nothing more of a locked purchase of which something came."""
    _need(purchase, PurchaseStatus.PARTLY_RECEIVED)
    _end(session, purchase, PurchaseStatus.RECEIVED, actor)


def cancel(session: Session, purchase: Purchase, actor: str) -> None:
    """Give up a locked purchase of which nothing came."""
    _need(purchase, PurchaseStatus.DRAFT, PurchaseStatus.ORDERED)
    _end(session, purchase, PurchaseStatus.CANCELLED, actor)


def outstanding(line: PurchaseLine) -> int:
    """Return units of a line that are still to come."""
    return max(line.quantity - line.received - line.rejected, 0)


def digest(purchase: Purchase) -> str:
    """Return a digest of how far a purchase is and what it holds."""
    lines = [(it.variant_id, it.quantity, it.received, it.rejected) for it in purchase.lines]
    words = {"status": purchase.status.value, "note": purchase.note}
    words |= {"expected": str(purchase.expected_on), "location": str(purchase.location_id)}
    costs = [(it.variant_id, it.cost_minor) for it in purchase.lines]
    return seen_of(words | {"lines": repr(sorted(lines)), "costs": repr(sorted(costs))})


def _end(session: Session, purchase: Purchase, status: PurchaseStatus, actor: str) -> None:
    if purchase.status in OPEN:
        for line in _in_order(purchase):
            movement = _movement(purchase, line, actor, "Will not come")
            _expect_less(session, movement, outstanding(line))
    purchase.status, purchase.closed_at = status, now()


def _expect_less(session: Session, movement: StockMovement, units: int) -> None:
    ends = _still_expected(session, movement, units) if units else 0
    if ends:
        shift(session, movement, MovementKind.EXPECTED, -ends)


def _still_expected(session: Session, movement: StockMovement, units: int) -> int:
    """Return how many of these units the ledger still expects there; locks the variant.

    Somebody may have taken down by hand that fewer come.
    """
    locked(session, movement.variant_id)
    at = level_at(session, movement.variant_id, movement.location_id or 0)
    return min(units, at.incoming)


def _movement(
    purchase: Purchase, line: PurchaseLine, actor: str, reason: str = ""
) -> StockMovement:
    return StockMovement(
        variant_id=line.variant_id,
        location_id=purchase.location_id,
        reason=reason,
        reference=purchase.number,
        actor=actor,
    )


def _in_order(purchase: Purchase) -> list[PurchaseLine]:
    """Return the lines by variant, as everybody locks them."""
    return sorted(purchase.lines, key=lambda line: line.variant_id)


def _need(purchase: Purchase, *statuses: PurchaseStatus) -> None:
    if purchase.status not in statuses:
        raise NotNowError


def _need_seen(purchase: Purchase, seen: str) -> None:
    if digest(purchase) != seen:
        raise ChangedMeanwhileError


def _fill(purchase: Purchase, draft: Draft) -> None:
    purchase.location_id, purchase.note = draft.location_id, draft.note
    purchase.expected_on = draft.expected_on
    there = {line.variant_id: line for line in purchase.lines}
    lines = []
    for wanted in draft.lines:
        line = there.get(wanted.variant_id) or PurchaseLine(variant_id=wanted.variant_id)
        line.quantity, line.cost_minor = wanted.quantity, wanted.cost_minor
        lines.append(line)
    purchase.lines = lines
