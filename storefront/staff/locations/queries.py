"""Looking at locations and what lies there."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Location, StockLevel, Variant
from models.inventory import FIGURES_AT
from models.placement import IN_ORDER

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class LocationStock:
    """A location and how many units lie there or are on their way to it."""

    location: Location
    variants: int
    on_hand: int
    reserved: int
    unavailable: int
    incoming: int


def locations(session: Session) -> list[LocationStock]:
    """Return every location with its sums, in the order in which orders are served."""
    level = StockLevel
    sums = (func.coalesce(func.sum(getattr(level, figure)), 0) for figure in FIGURES_AT)
    lying = func.count(level.variant_id).filter(level.on_hand > 0)
    found = (
        select(Location, lying, *sums)
        .outerjoin(level, level.location_id == Location.id)
        .group_by(Location.id)
        .order_by(*IN_ORDER)
    )
    return [LocationStock(*row) for row in session.execute(found)]


def active(session: Session) -> Sequence[Location]:
    """Return the locations that stock may come to, the first one first."""
    found = select(Location).where(Location.is_active).order_by(*IN_ORDER)
    return session.scalars(found).all()


def everywhere(session: Session) -> Sequence[Location]:
    """Return all locations, those that are switched off last."""
    return session.scalars(select(Location).order_by(*IN_ORDER)).all()


def lying(session: Session, location_id: int) -> list[str]:
    """Return what keeps a location from being switched off: the first few SKUs, with units."""
    level = StockLevel
    found = (
        select(Variant.sku, level.on_hand, level.incoming)
        .join(Variant, Variant.id == level.variant_id)
        .where(level.location_id == location_id, (level.on_hand > 0) | (level.incoming > 0))
        .order_by(Variant.sku)
        .limit(MOST_NAMED)
    )
    return [
        f"{on_hand} of {sku}" if on_hand else f"{incoming} of {sku} on the way"
        for sku, on_hand, incoming in session.execute(found)
    ]
