"""Looking at what is saved for later, with what can be had of it now."""

from sqlalchemy.orm import Session, joinedload

from models import Cart, SavedLine, Variant
from storefront.cart.own import held_by
from storefront.cart.queries import currency_of, line_view, lines_of
from storefront.cart.views import LineView
from storefront.catalog.shelf import shelf
from storefront.pricing.quote import Terms

WITH_PRODUCT = joinedload(Variant.product)


def views(session: Session, cart: Cart | None, terms: Terms) -> list[LineView]:
    """Return what a cart keeps for later, oldest first; available is without what the cart holds.

    In as many queries however many there are; in one where there is nothing.
    """
    if cart is None:
        return []
    currency = currency_of(cart, terms)
    lines = lines_of(session, SavedLine, cart.id, in_main=currency == terms.currency)
    if not lines:
        return []
    found = shelf(session, [it.variant_id for it in lines], held_by(session, cart.id).units)
    return [line_view(it, found.orderable(it.variant_id), currency) for it in lines]


def name_of(variant: Variant) -> str:
    """Return a variant's name with that of its product, which is loaded."""
    return " · ".join(filter(None, (variant.product.title, variant.title)))
