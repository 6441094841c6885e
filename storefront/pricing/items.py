"""What is priced: units of a variant, as prices and rules see them."""

from dataclasses import dataclass

from models import Money


@dataclass(frozen=True, slots=True)
class Item:
    """A line's units that will be bought. collection_ids: those that its product is in.

    is_gift_card: it is neither reduced, shipped nor taxed.
    """

    variant_id: int
    quantity: int
    unit_price: Money
    weight_g: int = 0
    collection_ids: frozenset[int] = frozenset()
    is_gift_card: bool = False

    @property
    def total_minor(self) -> int:
        """Quantity times price."""
        return self.quantity * self.unit_price.minor
