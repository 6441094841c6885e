"""Looking at a cart: its lines with what can be had of them now, and what they cost."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, TypeAlias

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session, joinedload

from models import (
    Cart,
    CartLine,
    Product,
    ProductKind,
    ProductStatus,
    SavedLine,
    Variant,
    now,
)
from models.catalog import collection_products
from storefront.cart.gifts import card_of
from storefront.cart.own import held_by
from storefront.cart.views import CartView, LineView
from storefront.catalog.shelf import Shelf, shelf
from storefront.pricing.queries import rules
from storefront.pricing.quote import Terms, Wish, quote

AnyLine: TypeAlias = CartLine | SavedLine
_LINK = collection_products.c
_COLLECTIONS = select(_LINK.product_id, _LINK.collection_id).where(
    _LINK.product_id.in_(bindparam("product_ids", expanding=True))
)


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
    has_cards = any(item.is_gift_card for item in items)
    cost = quote(items, wish, found_rules, terms, now())
    return CartView(
        lines=tuple(views),
        currency=terms.currency,
        quote=cost,
        card=card_of(session, cart, cost, has_cards=has_cards),
        gift_message=cart.gift_message if cart else "",
        cart_id=cart.id if cart else None,
        has_order=own.has_order,
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
    found: dict[int, set[int]] = {}
    for product_id, collection_id in session.execute(_COLLECTIONS, {"product_ids": ids}):
        found.setdefault(product_id, set()).add(collection_id)
    return {product_id: frozenset(ids) for product_id, ids in found.items()}


def lines_of(session: Session, table: Any, cart_id: int, *, in_main: bool) -> Sequence[AnyLine]:
    """Return a cart's lines of one kind, oldest first, with all that is shown of them.

    in_main: other prices than those in the main currency are not read.
    """
    asked = _lines(table, in_main=in_main)
    found: Sequence[AnyLine] = session.scalars(asked, {"cart_id": cart_id}).unique().all()
    return found


@cache
def _lines(table: Any, *, in_main: bool) -> Select[Any]:
    variant = joinedload(table.variant)
    prices = () if in_main else (variant.selectinload(Variant.prices),)
    return (
        select(table)
        .where(table.cart_id == bindparam("cart_id"))
        .order_by(table.created_at, table.id)
        .options(variant.joinedload(Variant.product).joinedload(Product.images), *prices)
    )


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
    is_gift_card = product.kind is ProductKind.GIFT_CARD
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
        weight_g=0 if is_gift_card else variant.weight_g,
        is_gift_card=is_gift_card,
        gifts=tuple(line.gifts),
        product_id=product.id,
        options=tuple(zip(product.option_names, variant.options, strict=False)),
    )
