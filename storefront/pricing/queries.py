"""The rules by which carts are priced; in one query however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, true
from sqlalchemy.orm import Session, joinedload

from models import (
    Discount,
    ShippingZone,
    TaxRate,
)
from models.apart import apart, gathered

_RULES = apart(
    (
        Discount,
        or_(Discount.code.is_(None) & Discount.is_active, Discount.code == bindparam("typed")),
        (Discount.id,),
    ),
    (ShippingZone, true(), (ShippingZone.id,)),
    (TaxRate, true(), (TaxRate.id,)),
).options(joinedload(ShippingZone.countries), joinedload(ShippingZone.rates))


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
    """Return all zones with rates, all taxes, and the discounts that may apply, in one query."""
    found, zones, taxes = gathered(session, _RULES, {"typed": code})
    return Rules(
        zones=zones,
        taxes=taxes,
        automatic=[it for it in found if it.code is None],
        coded=next((it for it in found if it.code is not None), None),
        own=own,
    )
