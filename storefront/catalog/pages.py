"""The product page, as it is and as it answers a refused *Add to cart*."""

from flask import abort, render_template
from flask.typing import ResponseReturnValue

from storefront.catalog import queries
from storefront.catalog.beside import whole
from storefront.catalog.bundles import bundle
from storefront.catalog.reading import reading
from storefront.extensions import db
from storefront.visitor import visitor


def page(
    handle: str,
    selected_id: int | None,
    *,
    quantity: str = "1",
    error: str | None = None,
    gift_form: object = None,
) -> str:
    """Return a product's page with one variant chosen; 404 where it has none.

    gift_form: of whom a gift card is for, where what was typed is refused.
    """
    found, who = whole(db.session, handle) or abort(404), visitor()
    product = found.product
    variants, selected = queries.variant_views(db.session, product, selected_id, who)
    tutorials, articles = reading(db.session, product.id)
    return render_template(
        "catalog/product.html",
        whole=found,
        product=product,
        variants=variants,
        selected=selected,
        bundle=bundle(db.session, selected, who.currency),
        quantity=quantity,
        error=error,
        gift_form=gift_form,
        tutorials=tutorials,
        articles=articles,
        asked=found.asked,
        verdict=found.verdict,
    )


def refused(
    variant_id: int | None, typed: str, message: str, status: int, *, gift_form: object = None
) -> ResponseReturnValue:
    """Return the product's page again, with what was typed and why it cannot be."""
    handle = queries.handle_of_variant(db.session, variant_id) if variant_id else None
    if handle is None:
        abort(status if status != 422 else 404, message)  # noqa: PLR2004
    return page(handle, variant_id, quantity=typed, error=message, gift_form=gift_form), status
