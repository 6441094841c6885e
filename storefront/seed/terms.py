"""Sample terms of sale: where the shop ships to, at which price, and a discount to try."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, exists, update
from sqlalchemy.orm import Session

from models import (
    Discount,
    DiscountKind,
    DiscountUse,
    Money,
    ShippingRate,
    ShippingZone,
    ZoneCountry,
)

Table = Mapping[str, Any]


def add_zones(session: Session, rows: Iterable[Table], currency: str) -> None:
    """Write zones with their rates, marked as demonstration data."""
    for row in rows:
        zone = ShippingZone(
            title=row["title"],
            countries=[ZoneCountry(country=code) for code in row["countries"]],
            rates=[_rate(rate, at, currency) for at, rate in enumerate(row["rate"])],
            is_demonstration=True,
        )
        session.add(zone)


def add_discounts(session: Session, rows: Iterable[Table]) -> None:
    """Write discounts, marked as demonstration data."""
    for row in rows:
        kind = DiscountKind(row["kind"])
        session.add(Discount(**{**row, "kind": kind}, is_demonstration=True))


def clear_terms(session: Session) -> None:
    """Take them out again; a discount that an order has had only ends."""
    session.execute(delete(ShippingZone).where(ShippingZone.is_demonstration))
    mine = Discount.is_demonstration
    used = exists().where(DiscountUse.discount_id == Discount.id)
    session.execute(update(Discount).where(mine, used).values(is_active=False))
    session.execute(delete(Discount).where(mine, ~used))


def _rate(row: Table, position: int, currency: str) -> ShippingRate:
    rest = {name: value for name, value in row.items() if name != "price_minor"}
    return ShippingRate(position=position, price=Money(row["price_minor"], currency), **rest)
