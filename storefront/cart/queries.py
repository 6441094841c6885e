"""Looking at a cart: its lines with what can be had of them now, and what they cost."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import (
    Cart,
    CartLine,
    Product,
    ProductImage,
    ProductStatus,
    SavedLine,
    Variant,
    now,
)
from models.catalog import collection_products
from models.money import Money
from storefront.cart.own import held_by
from storefront.catalog.shelf import Shelf, shelf
from storefront.pricing.items import Item
from storefront.pricing.queries import rules
from storefront.pricing.quote import Quote, Terms, Wish, quote

AnyLine: TypeAlias = CartLine | SavedLine


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
            return f"Not sold in {self.currency}: this line is not part of your order."
        if self.available == 0:
            return "Sold out: this line is not part of your order."
        if self.quantity < self.wanted:
            return f"Only {self.available} left: you asked for {self.wanted}."
        return None

    @property
    def item(self) -> Item:
        """What is priced of the line."""
        return Item(
            self.variant_id, self.quantity, self.unit_price, self.weight_g, self.collection_ids
        )


@dataclass(frozen=True, slots=True)
class CartView:
    """A cart as its page shows it.

    needs: units of each stocked variant that its lines take together, in ascending order of id;
    waiting: those of them that must be waited for.
    """

    lines: tuple[LineView, ...]
    currency: str
    quote: Quote
    code: str | None = None
    needs: Mapping[int, int] | None = None
    waiting: frozenset[int] = frozenset()

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
            (line.variant_id, line.quantity, line.unit_price.minor, line.promise)
            for line in self.buyable
        )
        return hashlib.sha256(f"{parts}{self.quote.key}".encode()).hexdigest()[:32]

    def with_typed(self, variant_id: int, typed: str, error: str) -> "CartView":
        """Return the view with what was typed into one line, and what is wrong with it."""
        lines = tuple(
            replace(line, typed=typed, error=error) if line.variant_id == variant_id else line
            for line in self.lines
        )
        return replace(self, lines=lines)


def view(session: Session, cart: Cart | None, terms: Terms) -> CartView:
    """Return a cart's lines, oldest first, and its quote; as many queries however many there are.

    terms.currency is passed over where the cart has another of the shop's.
    """
    main, wish = terms.currency, Wish()
    if cart is not None:
        terms = replace(terms, currency=currency_of(cart, terms))
        wish = Wish(cart.country, cart.region, cart.shipping_rate_id, cart.discount_code)
    in_main = terms.currency == main
    lines = lines_of(session, CartLine, cart.id, in_main=in_main) if cart else []
    own = held_by(session, cart.id if cart else None)
    found = shelf(session, [line.variant_id for line in lines], own.units)
    found_rules = rules(session, wish.code, own.discounts)
    in_collections = collections_of(session, lines) if found_rules.need_collections else {}
    views = _line_views(lines, found, terms.currency, in_collections)
    items = [line.item for line in views if line.quantity]
    return CartView(
        lines=tuple(views),
        currency=terms.currency,
        quote=quote(items, wish, found_rules, terms, now()),
        code=wish.code,
        needs=found.needs,
        waiting=frozenset(part for part in found.needs if found.must_wait(part)),
    )


def currency_of(cart: Cart, terms: Terms) -> str:
    """Return the currency that a cart is in: its own while the shop sells in it."""
    is_sold_in = cart.currency is not None and cart.currency in terms.currencies
    return cart.currency if is_sold_in and cart.currency else terms.currency


def collections_of(session: Session, lines: Sequence[AnyLine]) -> dict[int, frozenset[int]]:
    """Return the ids of the collections that each line's product is in, by the product's id."""
    ids = [line.variant.product_id for line in lines]
    link = collection_products.c
    found: dict[int, set[int]] = {}
    for product_id, collection_id in session.execute(
        select(link.product_id, link.collection_id).where(link.product_id.in_(ids))
    ):
        found.setdefault(product_id, set()).add(collection_id)
    return {product_id: frozenset(ids) for product_id, ids in found.items()}


def lines_of(session: Session, table: Any, cart_id: int, *, in_main: bool) -> Sequence[AnyLine]:
    """Return a cart's lines of one kind, oldest first, with all that is shown of them.

    in_main: other prices than those in the main currency are not read.
    """
    variant = joinedload(table.variant)
    prices = () if in_main else (variant.selectinload(Variant.prices),)
    found: Sequence[AnyLine] = session.scalars(
        select(table)
        .where(table.cart_id == cart_id)
        .order_by(table.created_at, table.id)
        .options(
            variant.joinedload(Variant.product).selectinload(Product.images),
            *prices,
        )
    ).all()
    return found


def _line_views(
    lines: Sequence[AnyLine],
    found: Shelf,
    currency: str,
    in_collections: Mapping[int, frozenset[int]],
) -> list[LineView]:
    """Fill the lines from the shelf, one after the other; then it is known which must wait."""
    views = []
    for line in lines:
        view_ = line_view(line, found.orderable(line.variant_id), currency)
        view_ = replace(
            view_,
            collection_ids=in_collections.get(line.variant.product_id, frozenset()),
            parts=found.parts_of_bundle(line.variant_id),
        )
        found.take(line.variant_id, view_.quantity)
        views.append(view_)
    return [
        replace(view_, promise=found.promise(view_.variant_id)) if view_.quantity else view_
        for view_ in views
    ]


def line_view(line: AnyLine, orderable: int, currency: str) -> LineView:
    """Return a line as it is shown; orderable: units that can be had of it."""
    variant, product = line.variant, line.variant.product
    price = variant.price_in(currency)
    is_for_sale = product.status is ProductStatus.ACTIVE and price is not None
    by_key = {image.key: image for image in product.pictures}
    return LineView(
        variant_id=variant.id,
        title=product.title,
        variant_title=variant.title,
        sku=variant.sku,
        handle=product.handle,
        image=by_key.get(variant.image_key or "", product.cover),
        wanted=line.quantity,
        available=orderable if is_for_sale else 0,
        currency=currency,
        price=price,
        weight_g=variant.weight_g,
        product_id=product.id,
        options=tuple(zip(product.option_names, variant.options, strict=False)),
    )
