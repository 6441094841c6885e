"""Saving, ending and removing discounts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Discount, DiscountKind, now
from models.once import claim
from storefront.staff.discounts.queries import was_used
from storefront.staff.seen import ChangedMeanwhileError


class CodeTakenError(Exception):
    """Another discount has this code."""


class UsedMoreOftenError(Exception):
    """It has been used more often than it may now be; the message is how often."""


class WasUsedError(Exception):
    """Orders refer to it, so it cannot be deleted."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What a discount is to be; the names are those of its columns."""

    title: str
    code: str | None
    kind: DiscountKind
    percent_ppm: int
    amount_minor: int
    currency: str | None
    buy_quantity: int
    get_quantity: int
    minimum_minor: int
    minimum_quantity: int
    collection_id: int | None
    starts_at: datetime | None
    ends_at: datetime | None
    max_uses: int | None
    max_uses_each: int | None
    is_active: bool
    is_demonstration: bool


def create(session: Session, draft: Draft) -> Discount:
    """Write a new discount; raises CodeTakenError, and nothing has changed then."""
    discount = Discount(used=0)
    _fill(discount, draft)
    if not claim(session, discount):
        raise CodeTakenError
    return discount


def save(session: Session, discount: Discount, draft: Draft, seen: str) -> None:
    """Make a discount what the draft says; orders that have it keep what they were given.

    The discount must be locked. seen: its ``updated_at`` when the page was shown, as ISO text.
    Raises ChangedMeanwhileError, UsedMoreOftenError or CodeTakenError; the caller rolls back.
    """
    if discount.updated_at.isoformat() != seen:
        raise ChangedMeanwhileError
    if draft.max_uses is not None and draft.max_uses < discount.used:
        raise UsedMoreOftenError(discount.used)
    _fill(discount, draft)
    try:
        session.flush()
    except IntegrityError:
        raise CodeTakenError from None


def end(discount: Discount) -> None:
    """Let nobody have a locked discount from now on; orders that wait for payment keep it."""
    discount.is_active = False
    discount.updated_at = now()


def remove(session: Session, discount: Discount) -> None:
    """Delete a locked discount that no order refers to, or raise WasUsedError."""
    if was_used(session, discount.id):
        raise WasUsedError
    session.delete(discount)


def _fill(discount: Discount, draft: Draft) -> None:
    for name in draft.__slots__:
        setattr(discount, name, getattr(draft, name))
    discount.updated_at = now()
