"""The rules by which carts are priced; the same number of queries however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session, joinedload

from models import (
    Discount,
    ShippingZone,
    TaxRate,
)

_DISCOUNTS = (
    select(Discount)
    .where(or_(Discount.code.is_(None) & Discount.is_active, Discount.code == bindparam("typed")))
    .order_by(Discount.id)
)
_ZONES = (
    select(ShippingZone)
    .order_by(ShippingZone.id)
    .options(joinedload(ShippingZone.countries), joinedload(ShippingZone.rates))
)
_TAXES = select(TaxRate)


@dataclass(frozen=True, slots=True)
class Rules:
    """What staff decided.

    coded: the discount of the code that was typed, None where none has it. own: discounts that the
    asker's own unpaid order holds: she may have them again.
    """

    zones: Sequence[ShippingZone]
    taxes: Sequence[TaxRate]
    automatic: Sequence[Discount]
    coded: Discount | None = None
    own: frozenset[int] = frozenset()

    @property
    def need_collections(self) -> bool:
        """Whether a discount is for the products of a collection alone."""
        found = (*self.automatic, *((self.coded,) if self.coded else ()))
        return any(it.collection_id is not None for it in found)


def rules(session: Session, code: str | None, own: frozenset[int] = frozenset()) -> Rules:
    """Return all zones with rates, all taxes, and the discounts that may apply."""
    found = session.scalars(_DISCOUNTS, {"typed": code}).all()
    return Rules(
        zones=session.scalars(_ZONES).unique().all(),
        taxes=session.scalars(_TAXES).all(),
        automatic=[it for it in found if it.code is None],
        coded=next((it for it in found if it.code is not None), None),
        own=own,
    )
