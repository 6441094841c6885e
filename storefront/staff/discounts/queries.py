"""Looking at discounts as staff do."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Collection, Discount, DiscountKind, DiscountUse, Money, now
from storefront.formatting import money
from storefront.paging import Slice
from storefront.staff.listing import AnySelect, Sorting, has_words, page_of
from storefront.staff.typed import percent_text

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "title": Discount.title,
        "code": func.coalesce(Discount.code, ""),
        "uses": Discount.used,
        "saved": Discount.updated_at,
    }
)


class State(enum.StrEnum):
    """Whether buyers can have a discount now."""

    RUNNING = "running"
    PLANNED = "planned"
    USED_UP = "used up"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class DiscountLine:
    """A discount in the list. takes: what it takes off, in words."""

    discount: Discount
    state: State
    takes: str


def discounts(session: Session, words: str, sorting: Sorting, page: int) -> Slice[DiscountLine]:
    """Return a page of discounts whose title or code holds the words, in two queries."""
    sliced = page_of(session, sorting.applied(listed(words), Discount.id), page)
    sliced.items[:] = [
        DiscountLine(row[0], state_of(row[0], now()), in_words(row[0])) for row in sliced.items
    ]
    return sliced


def listed(words: str) -> AnySelect:
    """Return the statement of the list."""
    wanted = select(Discount)
    if words:
        wanted = wanted.where(has_words(words, Discount.title, Discount.code))
    return wanted


def discount(session: Session, discount_id: int, *, to_change: bool = False) -> Discount | None:
    """Return a discount as it is now; locked where it is about to change."""
    wanted = select(Discount).where(Discount.id == discount_id)
    if to_change:
        wanted = wanted.with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def was_used(session: Session, discount_id: int) -> bool:
    """Say whether an order ever held or used a discount: then it is part of that order."""
    found = select(DiscountUse.id).where(DiscountUse.discount_id == discount_id).limit(1)
    return session.scalar(found) is not None


def collections(session: Session) -> Sequence[Collection]:
    """Return the collections that a discount can be for."""
    return session.scalars(select(Collection).order_by(Collection.title, Collection.id)).all()


def state_of(discount: Discount, moment: datetime) -> State:
    """Return whether buyers can have it at a moment."""
    if not discount.is_active or (discount.ends_at is not None and discount.ends_at <= moment):
        return State.OVER
    if discount.max_uses is not None and discount.used >= discount.max_uses:
        return State.USED_UP
    is_ahead = discount.starts_at is not None and discount.starts_at > moment
    return State.PLANNED if is_ahead else State.RUNNING


def in_words(discount: Discount) -> str:
    """Return what a discount takes off, in words."""
    percent = f"{percent_text(discount.percent_ppm)} %"
    if discount.kind is DiscountKind.PERCENTAGE:
        return f"{percent} off"
    if discount.kind is DiscountKind.AMOUNT:
        return f"{money(Money(discount.amount_minor, discount.currency or ''))} off"
    if discount.kind is DiscountKind.FREE_SHIPPING:
        return "Free shipping"
    return f"Buy {discount.buy_quantity}, get {discount.get_quantity} {percent} off"
