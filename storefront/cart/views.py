"""A cart as its page shows it: its lines, what they cost, and who pays."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from models import Money, ProductImage
from storefront.cart.gifts import CardView, in_words, of_units
from storefront.languages import gettext
from storefront.pricing.items import Item
from storefront.pricing.quote import Quote


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as the cart page shows it.

    available: units that this line can have, 0 when none; wanted: what was put in. promise: when
    it ships, where it must be waited for. price: None where it is not sold in this currency.
    parts: of a bundle, the units of each variant in one of it. typed and error: what was typed
    last, and what is wrong with it. options: their names with what was chosen of each.
    """

    variant_id: int
    title: str
    variant_title: str
    sku: str
    handle: str
    image: ProductImage | None
    wanted: int
    available: int
    currency: str
    price: Money | None
    weight_g: int = 0
    collection_ids: frozenset[int] = frozenset()
    parts: Mapping[int, int] = field(default_factory=dict)
    promise: str = ""
    is_gift_card: bool = False
    gifts: tuple[dict[str, Any], ...] = ()
    typed: str | None = None
    error: str | None = None
    product_id: int = 0
    options: tuple[tuple[str, str], ...] = ()

    @property
    def url(self) -> str:
        """The address of the product's page, with this variant chosen."""
        return f"/products/{self.handle}?variant={self.variant_id}"

    @property
    def unit_price(self) -> Money:
        """The price of one unit; nothing where it is not sold in this currency."""
        return self.price or Money(0, self.currency)

    @property
    def quantity(self) -> int:
        """Units that can be bought now."""
        return min(self.wanted, self.available)

    @property
    def total(self) -> Money:
        """Quantity times price."""
        return self.unit_price * self.quantity

    @property
    def notice(self) -> str | None:
        """What the buyer must know of the line, or None."""
        if self.price is None:
            return gettext(
                "Not sold in %(currency)s: this line is not part of your order.",
                currency=self.currency,
            )
        if self.available == 0:
            return gettext("Sold out: this line is not part of your order.")
        if self.quantity < self.wanted:
            return gettext(
                "Only %(count)s left: you asked for %(wanted)s.",
                count=self.available,
                wanted=self.wanted,
            )
        return None

    @property
    def item(self) -> Item:
        """What is priced of the line."""
        return Item(
            self.variant_id,
            self.quantity,
            self.unit_price,
            self.weight_g,
            self.collection_ids,
            self.is_gift_card,
        )

    @property
    def whom(self) -> list[str]:
        """Whom the units of a gift card are for, in words; empty for what is none."""
        return in_words(of_units(self.gifts, self.quantity)) if self.is_gift_card else []


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart as its page shows it.

    needs: units of each stocked variant that its lines take together, in ascending order of id;
    waiting: those of them that must be waited for. card: the gift card that is to pay.
    cart_id: None where there is none. has_order: an order of it waits for its payment.
    """

    lines: tuple[LineView, ...]
    currency: str
    quote: Quote
    code: str | None = None
    needs: Mapping[int, int] | None = None
    waiting: frozenset[int] = frozenset()
    card: CardView | None = None
    gift_message: str = ""
    cart_id: int | None = None
    has_order: bool = False

    @property
    def to_pay(self) -> Money:
        """What is to be paid beside what its gift card pays."""
        return Money(self.quote.total_minor - self.by_card_minor, self.currency)

    @property
    def by_card_minor(self) -> int:
        """What its gift card pays."""
        return self.card.paid_minor if self.card else 0

    @property
    def is_paid_by_card(self) -> bool:
        """Whether its gift card pays all of it, so that nobody else is asked for money."""
        return bool(self.by_card_minor) and not self.to_pay.minor

    @property
    def lacks_card(self) -> bool:
        """Whether it has a gift card that cannot pay now."""
        return self.card is not None and self.card.problem is not None

    @property
    def buyable(self) -> tuple[LineView, ...]:
        """The lines of which something can be bought."""
        return tuple(line for line in self.lines if line.quantity)

    @property
    def subtotal(self) -> Money:
        """The sum of the lines."""
        return Money(self.quote.subtotal_minor, self.currency)

    @property
    def needs_correction(self) -> bool:
        """Whether something in it can no longer be had as it was asked for."""
        return any(line.quantity != line.wanted for line in self.lines)

    @property
    def lacks_code(self) -> bool:
        """Whether it holds a discount code that it cannot have now."""
        return self.code is not None and not self.quote.reductions.is_valid

    @property
    def fingerprint(self) -> str:
        """A digest of what would be ordered now, at which prices, to be shipped when and where."""
        parts = sorted(
            (line.variant_id, line.quantity, line.unit_price.minor, line.promise, *line.whom)
            for line in self.buyable
        )
        by_card = (self.card.card_id, self.by_card_minor) if self.card else ""
        said = f"{parts}{self.quote.key}{by_card}"
        return hashlib.sha256(said.encode()).hexdigest()[:32]

    def with_typed(self, variant_id: int, typed: str, error: str) -> "CartView":
        """Return the view with what was typed into one line, and what is wrong with it."""
        lines = tuple(
            replace(line, typed=typed, error=error) if line.variant_id == variant_id else line
            for line in self.lines
        )
        return replace(self, lines=lines)
