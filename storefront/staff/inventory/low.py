"""Telling who may refill it that a variant runs low: once, until more than its mark are there."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Update, exists, func, or_, select, update
from sqlalchemy.orm import Session

from models import BundlePart, Product, ProductStatus, Stock, Variant, now
from models.inventory import AVAILABLE
from models.staff import Permission, addresses_of
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload
from storefront.mail.letters import Letters
from storefront.staff.inventory.service import BundleError

KIND = "tell-low-stock"  # of the job
MOST_NAMED = 50  # in one mail; it says how many more there are

_AVAILABLE = func.coalesce(
    select(AVAILABLE).where(Stock.variant_id == Variant.id).scalar_subquery(), 0
)
_IS_SOLD = exists().where(Product.id == Variant.product_id, Product.status == ProductStatus.ACTIVE)
_IS_BUNDLE = exists().where(BundlePart.bundle_id == Variant.id)


@dataclass(frozen=True, slots=True)
class Low:
    """A variant of which no more than its mark can be sold."""

    sku: str
    product_title: str
    options: list[str]
    available: int
    low_at: int


class Telling:
    """Does the job of ``KIND``."""

    def __init__(self, letters: Letters) -> None:
        """Remember who writes the mails."""
        self._letters = letters

    def tell(self, sessions: Sessions, payload: Payload) -> Effect:
        """Tell of each variant that came down to its mark since it was last told of."""
        del sessions, payload

        def write(session: Session) -> None:
            forget_refilled(session)
            found = take_low(session)
            if found:
                people = addresses_of(session, Permission.ADJUST_STOCK)
                self._letters.low_stock(session, people, found[:MOST_NAMED], len(found))

        return write


def take_low(session: Session) -> list[Low]:
    """Mark what is low and was not told of, by one statement, and return it by SKU.

    A variant of a product that is not in the shop, and a bundle, are never told of.
    """
    ids = _changed(
        session,
        update(Variant)
        .where(
            Variant.low_told_at.is_(None),
            Variant.low_at.is_not(None),
            Variant.low_at >= _AVAILABLE,
            _IS_SOLD,
            ~_IS_BUNDLE,
        )
        .values(low_told_at=now()),
    )
    if not ids:
        return []
    found = (
        select(Variant.sku, Product.title, Variant.options, _AVAILABLE, Variant.low_at)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.id.in_(ids))
        .order_by(Variant.sku)
    )
    return [Low(*row) for row in session.execute(found)]


def forget_refilled(session: Session) -> None:
    """Let what has more than its mark again, or no mark, be told of another time."""
    is_refilled = or_(Variant.low_at.is_(None), Variant.low_at < _AVAILABLE)
    _changed(
        session,
        update(Variant)
        .where(Variant.low_told_at.is_not(None), is_refilled)
        .values(low_told_at=None),
    )


def set_mark(session: Session, skus: Sequence[str], low_at: int | None) -> int:
    """Set at how many available units staff are told of variants; return of how many.

    low_at: None never tells. Raises BundleError, and nothing has changed then, where one of them
    is a bundle: it has no stock of its own.
    """
    chosen = select(Variant).where(Variant.sku.in_(skus)).order_by(Variant.id).with_for_update()
    found = session.scalars(chosen.execution_options(populate_existing=True)).all()
    ids = [variant.id for variant in found]
    if session.scalar(select(BundlePart.part_id).where(BundlePart.bundle_id.in_(ids)).limit(1)):
        raise BundleError(skus)
    for variant in found:
        variant.low_at = low_at
    return len(found)


def _changed(session: Session, statement: Update) -> Sequence[Any]:
    returning = statement.returning(Variant.id)
    return session.scalars(returning.execution_options(synchronize_session=False)).all()
