"""Looking at what is saved for later, with what can be had of it now."""

from sqlalchemy.orm import Session, joinedload

from models import SavedLine, Variant
from storefront.cart.own import held_by
from storefront.cart.queries import line_view, lines_of
from storefront.cart.views import CartView, LineView
from storefront.catalog.shelf import shelf
from storefront.pricing.quote import Terms

WITH_PRODUCT = joinedload(Variant.product)


def views(session: Session, shown: CartView, terms: Terms) -> list[LineView]:
    """Return what a cart keeps for later, oldest first; available is without what the cart holds.

    shown: the cart itself. In as many queries however many there are; in one where there is none.
    """
    if shown.cart_id is None:
        return []
    in_main = shown.currency == terms.currency
    lines = lines_of(session, SavedLine, shown.cart_id, in_main=in_main)
    if not lines:
        return []
    found = shelf(session, [it.variant_id for it in lines], held_by(session, shown.cart_id).units)
    return [line_view(it, found.orderable(it.variant_id), shown.currency) for it in lines]


def name_of(variant: Variant) -> str:
    """Return a variant's name with that of its product, which is loaded."""
    return " · ".join(filter(None, (variant.product.title, variant.title)))
