"""Looking at stock takes; the same number of queries however much is counted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, joinedload

from models import Product, StockCount, StockLevel, StockTake, StockTakeStatus, Variant
from storefront.paging import Slice
from storefront.staff.listing import AnySelect, has_words, page_of, things_of

_DIFFERING = func.count().filter(StockCount.counted != StockCount.expected)


@dataclass(frozen=True, slots=True)
class TakeLine:
    """A stock take in the list. counted: how many variants; differing: of how many it differs."""

    take: StockTake
    counted: int
    differing: int


@dataclass(frozen=True, slots=True)
class CountLine:
    """What was counted of one variant, beside what the ledger expected then."""

    sku: str
    product_title: str
    options: list[str]
    counted: int
    expected: int
    counted_at: datetime
    actor: str

    @property
    def difference(self) -> int:
        """Units more (or, negative, fewer) than expected."""
        return self.counted - self.expected


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A variant that lies there and was not counted yet."""

    sku: str
    product_title: str
    options: list[str]
    on_hand: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a stock take is: variants counted, and of how many the count differs."""

    counted: int
    differing: int


def takes(session: Session, page: int) -> Slice[TakeLine]:
    """Return a page of stock takes, open ones first, then the newest; three queries."""
    is_closed = StockTake.status != StockTakeStatus.OPEN
    newest = select(StockTake).order_by(is_closed, StockTake.id.desc())
    sliced: Slice[Any] = things_of(session, newest, page, joinedload(StockTake.location))
    counts = select(StockCount.stock_take_id, func.count(), _DIFFERING).where(
        StockCount.stock_take_id.in_([it.id for it in sliced.items])
    )
    found = {
        key: (counted, differing)
        for key, counted, differing in session.execute(counts.group_by(StockCount.stock_take_id))
    }
    sliced.items[:] = [TakeLine(it, *found.get(it.id, (0, 0))) for it in sliced.items]
    return sliced


def take(session: Session, take_id: int) -> StockTake | None:
    """Return a stock take with its location, or None."""
    found = select(StockTake).where(StockTake.id == take_id)
    return session.scalars(found.options(joinedload(StockTake.location))).one_or_none()


def counts(session: Session, take_id: int, page: int) -> Slice[CountLine]:
    """Return a page of what was counted, the latest first."""
    found = (
        select(
            Variant.sku,
            Product.title,
            Variant.options,
            StockCount.counted,
            StockCount.expected,
            StockCount.counted_at,
            StockCount.actor,
        )
        .join(Variant, Variant.id == StockCount.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(StockCount.stock_take_id == take_id)
        .order_by(StockCount.counted_at.desc(), Variant.sku)
    )
    sliced = page_of(session, found, page)
    sliced.items[:] = [CountLine(*row) for row in sliced.items]
    return sliced


def progress(session: Session, take_id: int) -> Progress:
    """Return how much is counted."""
    found = select(func.count(), _DIFFERING).where(StockCount.stock_take_id == take_id)
    return Progress(*session.execute(found).one())


def uncounted(session: Session, of: StockTake, words: str, most: int) -> Slice[Uncounted]:
    """Return the first variants that lie at the location and were not counted, by SKU."""
    level = StockLevel
    found: AnySelect = (
        select(Variant.sku, Product.title, Variant.options, level.on_hand)
        .join(Variant, Variant.id == level.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .where(
            level.location_id == of.location_id,
            level.on_hand > 0,
            ~exists().where(
                StockCount.stock_take_id == of.id, StockCount.variant_id == level.variant_id
            ),
        )
        .order_by(Variant.sku)
    )
    if words:
        found = found.where(has_words(words, Variant.sku, Product.title))
    total = session.scalar(select(func.count()).select_from(found.order_by(None).subquery())) or 0
    sliced: Slice[Uncounted] = Slice(1, most, total)
    sliced.items.extend(Uncounted(*row) for row in session.execute(found.limit(most)))
    return sliced
