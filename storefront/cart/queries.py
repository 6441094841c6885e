"""Looking at a cart: its lines with what can be had of them now."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from models import (
    Cart,
    CartLine,
    Order,
    OrderStatus,
    Product,
    ProductImage,
    ProductStatus,
    Reservation,
    ReservationState,
    Stock,
    Variant,
)
from models.money import Money


@dataclass(frozen=True, slots=True)
class LineView:
    """A line as the cart page shows it.

    quantity: what can be bought of it now, 0 when nothing; wanted: what was put in.
    typed and error: what was typed last, and what is wrong with it.
    """

    variant_id: int
    title: str
    variant_title: str
    sku: str
    url: str
    image: ProductImage | None
    wanted: int
    available: int
    unit_price: Money
    typed: str | None = None
    error: str | None = None

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
        if self.available == 0:
            return "Sold out: this line is not part of your order."
        if self.quantity < self.wanted:
            return f"Only {self.available} left: you asked for {self.wanted}."
        return None


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart as its page shows it."""

    lines: tuple[LineView, ...]
    currency: str

    @property
    def buyable(self) -> tuple[LineView, ...]:
        """The lines of which something can be bought."""
        return tuple(line for line in self.lines if line.quantity)

    @property
    def subtotal(self) -> Money:
        """The sum of the lines."""
        return sum((line.total for line in self.buyable), Money(0, self.currency))

    @property
    def needs_correction(self) -> bool:
        """Whether something in it can no longer be had as it was asked for."""
        return any(line.quantity != line.wanted for line in self.lines)

    @property
    def fingerprint(self) -> str:
        """A digest of what would be ordered now, at which prices."""
        parts = sorted((line.variant_id, line.quantity, line.unit_price) for line in self.buyable)
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]

    def with_typed(self, variant_id: int, typed: str, error: str) -> "CartView":
        """Return the view with what was typed into one line, and what is wrong with it."""
        lines = tuple(
            replace(line, typed=typed, error=error) if line.variant_id == variant_id else line
            for line in self.lines
        )
        return replace(self, lines=lines)


def find(session: Session, token_digest: str) -> Cart | None:
    """Return the cart whose secret has this digest, or None."""
    return session.scalars(select(Cart).where(Cart.token_sha256 == token_digest)).one_or_none()


def item_count(session: Session, token_digest: str) -> int:
    """Return how many units a cart holds."""
    counted = select(func.coalesce(func.sum(CartLine.quantity), 0)).join(Cart)
    return session.scalar(counted.where(Cart.token_sha256 == token_digest)) or 0


def view(session: Session, cart_id: int | None, currency: str) -> CartView:
    """Return a cart's lines, oldest first, in three queries however many there are."""
    if cart_id is None:
        return CartView((), currency)
    product = joinedload(CartLine.variant).joinedload(Variant.product)
    lines = session.scalars(
        select(CartLine)
        .where(CartLine.cart_id == cart_id)
        .order_by(CartLine.id)
        .options(product.selectinload(Product.images))
    ).all()
    available = availability(session, [line.variant_id for line in lines], cart_id)
    views = (_line_view(line, available.get(line.variant_id, 0), currency) for line in lines)
    return CartView(tuple(views), currency)


def availability(
    session: Session, variant_ids: Iterable[int], cart_id: int | None = None
) -> dict[int, int]:
    """Return for each variant how many units can be had, those held for this cart's own order too.

    An unlocked look: it may say "sold out", never promise.
    """
    ids = list(variant_ids)
    found = session.execute(
        select(Stock.variant_id, Stock.on_hand - Stock.reserved).where(Stock.variant_id.in_(ids))
    )
    available = {row[0]: row[1] for row in found}
    if cart_id is not None:
        own = (
            select(Reservation.variant_id, func.sum(Reservation.quantity))
            .join(Order, Order.id == Reservation.order_id)
            .where(
                Order.cart_id == cart_id,
                Order.status == OrderStatus.PENDING,
                Reservation.state == ReservationState.HELD,
                Reservation.variant_id.in_(ids),
            )
            .group_by(Reservation.variant_id)
        )
        for variant_id, units in session.execute(own):
            available[variant_id] = available.get(variant_id, 0) + int(units)
    return available


def _line_view(line: CartLine, available: int, currency: str) -> LineView:
    variant, product = line.variant, line.variant.product
    is_for_sale = product.status is ProductStatus.ACTIVE and variant.price.currency == currency
    by_key = {image.key: image for image in product.images}
    return LineView(
        variant_id=variant.id,
        title=product.title,
        variant_title=variant.title,
        sku=variant.sku,
        url=f"/products/{product.handle}?variant={variant.id}",
        image=by_key.get(variant.image_key or "", product.cover),
        wanted=line.quantity,
        available=available if is_for_sale else 0,
        unit_price=variant.price,
    )
