"""The rules by which carts are priced; in one query however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, true
from sqlalchemy.orm import Session, undefer

from models import Discount, ShippingRate, ShippingZone, TaxRate
from models.apart import apart, gathered
from models.shipping import Zone, zones_of

_RULES = apart(
    (
        Discount,
        or_(Discount.code.is_(None) & Discount.is_active, Discount.code == bindparam("typed")),
        (Discount.id,),
    ),
    (ShippingZone, true(), (ShippingZone.id,)),
    (ShippingRate, true(), (ShippingRate.position, ShippingRate.id)),
    (TaxRate, true(), (TaxRate.id,)),
).options(undefer(ShippingZone.codes))


@dataclass(frozen=True, slots=True)
class Rules:
    """What staff decided.

    coded: the discount of the code that was typed, None where none has it. own: discounts that the
    asker's own unpaid order holds: she may have them again.
    """

    zones: Sequence[Zone]
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
    found, zones, rates, taxes = gathered(session, _RULES, {"typed": code})
    return Rules(
        zones=zones_of(zones, rates),
        taxes=taxes,
        automatic=[it for it in found if it.code is None],
        coded=next((it for it in found if it.code is not None), None),
        own=own,
    )
