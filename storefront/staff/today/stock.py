"""What runs out: how many variants are low or gone, and for how long the rest of them lasts."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Integer, case, cast, func, select
from sqlalchemy.orm import Session

from models import Product, ProductStatus, Stock, StockMovement, Variant, now
from models.inventory import AVAILABLE, MovementKind
from storefront.staff.inventory.wanted import IS_LOW, IS_OUT

SPEED_DAYS = 28
MOST = 10


@dataclass(frozen=True, slots=True)
class Running:
    """A variant that is low or gone. sold: units in the last 28 days."""

    sku: str
    product_title: str
    options: list[str]
    available: int
    sold: int

    @property
    def days_of_cover(self) -> int | None:
        """How many whole days the rest lasts at the speed of these days; None where none sold."""
        return max(0, self.available) * SPEED_DAYS // self.sold if self.sold else None


@dataclass(frozen=True, slots=True)
class RunningOut:
    """low: variants of which some are left, but no more than their mark; out: nothing is left."""

    low: int
    out: int
    variants: list[Running]


def running_out(session: Session) -> RunningOut:
    """Return what is low or gone of what is sold now, the fastest first; two queries."""
    shelf = (
        (Variant, Variant.id == Stock.variant_id),
        (Product, (Product.id == Variant.product_id) & (Product.status == ProductStatus.ACTIVE)),
    )
    counts = select(func.count(case((IS_LOW, 1))), func.count(case((IS_OUT, 1)))).select_from(Stock)
    # As it is, SQLite would read the whole ledger in the order of this column's index.
    of = cast(StockMovement.variant_id + 0, Integer)
    speed = (
        select(
            of.label("variant_id"),
            cast(-func.sum(StockMovement.on_hand), Integer).label("sold"),
        )
        .where(
            StockMovement.kind == MovementKind.SOLD,
            StockMovement.created_at >= now() - timedelta(days=SPEED_DAYS),
        )
        .group_by(of)
        .subquery()
    )
    sold = func.coalesce(speed.c.sold, 0)
    listed = select(Variant.sku, Product.title, Variant.options, AVAILABLE, sold).select_from(Stock)
    for table, where in shelf:
        counts, listed = counts.join(table, where), listed.join(table, where)
    listed = listed.outerjoin(speed, speed.c.variant_id == Variant.id).where(IS_OUT | IS_LOW)
    rows = session.execute(listed.order_by(sold.desc(), AVAILABLE, Variant.sku).limit(MOST))
    low, out = session.execute(counts).one()
    return RunningOut(low, out, [Running(*row) for row in rows])
