"""The product of an address, for each section of its page."""

from flask import abort

from models import Product
from storefront.extensions import db
from storefront.staff.products import queries

INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody saved this product while you were editing. What you typed is still in the form, and"
    " what was saved meanwhile stands above it. Save again to replace that with yours."
)


def found(handle: str, *, to_change: bool = False) -> Product:
    """Return a product as it is now, locked where it is to change; 404 where there is none."""
    product = queries.product(db.session, handle, to_change=to_change)
    if product is None:
        abort(404)
    return product
