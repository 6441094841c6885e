"""How many units to buy: by how fast they sell, what is there or coming, and how long it takes.

Exact arithmetic: fractions, rounded up once, to whole packs.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from math import ceil
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from models import Product, Stock, StockAlert, StockMovement, Supplier, SupplierItem, Variant, now
from models.inventory import AVAILABLE, MovementKind
from models.stock_alert import WAITS

SHORT, LONG = 28, 90  # days
_ASKED = (
    select(func.count(StockAlert.id))
    .where(StockAlert.variant_id == Variant.id, *WAITS)
    .correlate(Variant)
    .scalar_subquery()
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A variant that a supplier sells, and how many of it to buy.

    sold_short, sold_long: units in the last 28 and 90 days. asked: people who wait for a mail that
    says it is back. lead, cover: days until it comes, and
    that it is to last then. cost_minor: of one, in the supplier's currency.
    """

    variant_id: int
    sku: str
    title: str
    options: list[str]
    cost_minor: int
    pack_size: int
    available: int
    incoming: int
    sold_short: int
    sold_long: int
    asked: int
    lead: int
    cover: int

    @property
    def speed(self) -> Fraction:
        """Units a day: the faster of the two periods, as running out costs more than a shelf."""
        return max(Fraction(self.sold_short, SHORT), Fraction(self.sold_long, LONG))

    @property
    def days_left(self) -> int | None:
        """Whole days that what is available and on its way lasts; None where nothing sells."""
        if not self.speed:
            return None
        return max(0, int((self.available + self.incoming) / self.speed))

    @property
    def needed(self) -> int:
        """Units that sell until it comes and then for the days to cover."""
        return ceil(self.speed * (self.lead + self.cover))

    @property
    def quantity(self) -> int:
        """Units to buy, in whole packs; 0 where there is enough."""
        missing = self.needed - self.available - self.incoming
        return max(0, ceil(Fraction(missing, self.pack_size)) * self.pack_size)

    @property
    def words(self) -> str:
        """Why so many, for people."""
        sold = f"Sold {self.sold_short} in {SHORT} days, {self.sold_long} in {LONG}"
        if self.asked:
            sold = f"{self.asked} wait for a mail. {sold}"
        if not self.speed:
            owed = f" {-self.available} are owed." if self.available < 0 else ""
            return f"{sold}: nothing sells.{owed}"
        rate = f"{float(self.speed):.2f} a day"
        has = (
            f"{self.available} available and {self.incoming} on the way last {self.days_left} days"
        )
        needs = f"{self.lead} days until it comes and {self.cover} after it need {self.needed}"
        packs = f", in packs of {self.pack_size}" if self.pack_size > 1 else ""
        return f"{sold}: {rate}. {has}; {needs}{packs}."


def suggestions(session: Session, supplier: Supplier, cover: int) -> Iterator[Suggestion]:
    """Yield what a supplier sells with how many to buy, in one query. cover: days."""
    moment, movement = now(), StockMovement
    units = case(
        (movement.created_at >= moment - timedelta(days=SHORT), -movement.on_hand), else_=0
    )
    sold = (
        select(
            movement.variant_id,
            func.sum(units).label("short"),
            func.sum(-movement.on_hand).label("long"),
        )
        .where(
            movement.kind == MovementKind.SOLD,
            movement.created_at >= moment - timedelta(days=LONG),
        )
        .group_by(movement.variant_id)
        .subquery()
    )
    wanted = (
        select(
            *(Variant.id, Variant.sku, Product.title, Variant.options),
            *(SupplierItem.cost_minor, SupplierItem.pack_size),
            *(func.coalesce(AVAILABLE, 0), func.coalesce(Stock.incoming, 0)),
            *(func.coalesce(sold.c.short, 0), func.coalesce(sold.c.long, 0)),
            _ASKED,
        )
        .join(Variant, Variant.id == SupplierItem.variant_id)
        .join(Product, Product.id == Variant.product_id)
        .outerjoin(Stock, Stock.variant_id == Variant.id)
        .outerjoin(sold, sold.c.variant_id == Variant.id)
        .where(SupplierItem.supplier_id == supplier.id)
        .order_by(Variant.sku)
    )
    for row in session.execute(wanted):
        values: Any = (*row, supplier.lead_days, cover)
        yield Suggestion(*values)
