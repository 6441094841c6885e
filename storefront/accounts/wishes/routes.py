"""The addresses of a customer's wish list."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Product
from models.wish import MOST_WISHES
from storefront.accounts.access import customers_only, signed_in, to_sign_in
from storefront.accounts.wishes import service
from storefront.catalog.queries import cards_by_url
from storefront.extensions import db
from storefront.languages import gettext, lazy_gettext
from storefront.signin import current_customer
from storefront.visitor import visitor

bp = Blueprint("wishes", __name__, url_prefix="/wishes")

FULL = lazy_gettext(
    "Your wish list holds %(count)s things, as many as it can. Take one off first.",
    count=MOST_WISHES,
)
LONGEST_HANDLE = 120


@bp.get("")
@customers_only
def show() -> str:
    """Show the list; ``?product=`` asks with a button whether to add one more."""
    products = service.wishes(db.session, signed_in().id)
    asked = _product(request.args.get("product", ""))
    return render_template(
        "accounts/wishes.html",
        products=products,
        cards=cards_by_url(db.session, [_url(it) for it in products], visitor()),
        asked=asked if asked not in products else None,
    )


@bp.post("")
def create() -> ResponseReturnValue:
    """Put a product on the list; who is not signed in does so first and is asked again."""
    product = _product(request.form.get("product", "")) or abort(404)
    customer = current_customer()
    if customer is None:
        return to_sign_in(url_for(".show", product=product.handle))
    try:
        service.add(db.session, customer.id, product.id)
    except service.TooManyWishesError:
        db.session.rollback()
        abort(409, str(FULL))
    db.session.commit()
    flash(gettext("%(product)s is on your wish list.", product=product.title))
    return redirect(url_for(".show"), 303)


@bp.post("/removal")
@customers_only
def remove() -> ResponseReturnValue:
    """Take a product off the list."""
    product = _product(request.form.get("product", "")) or abort(404)
    service.remove(db.session, signed_in().id, product.id)
    db.session.commit()
    flash(gettext("%(product)s is no longer on your wish list.", product=product.title))
    return redirect(url_for(".show"), 303)


def _product(handle: str) -> Product | None:
    is_one = 0 < len(handle) <= LONGEST_HANDLE and handle.isascii() and handle.isprintable()
    return service.product(db.session, handle) if is_one else None


def _url(product: Product) -> str:
    return f"/products/{product.handle}"
