"""When a product comes and what that costs, country by country, before anything is in a cart."""

from dataclasses import replace

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from models import Product, ProductKind, Variant, now
from storefront.cart.pages import terms
from storefront.catalog import queries
from storefront.extensions import db
from storefront.formatting import countries_by_name, country_name
from storefront.forms import id_from
from storefront.languages import lazy_gettext
from storefront.pricing.items import Item
from storefront.pricing.queries import rules
from storefront.pricing.quote import Quote, Wish, quote
from storefront.visitor import visitor

NOT_SERVED = lazy_gettext("We do not ship there. Choose a country from the list.")

bp = Blueprint("delivery", __name__)


@bp.get("/products/<handle>/delivery")
def show(handle: str) -> ResponseReturnValue:
    """Show every way to ship one unit to ``?country=``, from the zones' own figures."""
    found = queries.seen(db.session, handle)
    if found is None or found.kind is ProductKind.GIFT_CARD:
        abort(404)
    queries.put_variants(db.session, [found], visitor())
    asked = request.args.get("country", "")
    chosen = _variant(found)
    cost = _quote(chosen, asked)
    is_wrong = bool(asked) and asked not in cost.served
    page = render_template(
        "catalog/delivery.html",
        product=found,
        chosen=chosen,
        quote=cost,
        error=NOT_SERVED if is_wrong else None,
        country_name=country_name,
        countries_by_name=countries_by_name,
    )
    return page, 422 if is_wrong else 200


def _variant(product: Product) -> Variant:
    """Return the variant that is asked for, else the first."""
    wanted = id_from(request.args.get("variant"))
    return next((it for it in product.variants if it.id == wanted), product.variants[0])


def _quote(variant: Variant, country: str) -> Quote:
    """Return what one unit costs there; automatic discounts are in it, as they are in the cart."""
    chosen = terms()
    currency = visitor().currency
    price = (variant.price_in(currency) if currency else None) or variant.price
    item = Item(variant.id, 1, price, variant.weight_g)
    found = rules(db.session, None)
    return quote(
        [item], Wish(country or None), found, replace(chosen, currency=price.currency), now()
    )
