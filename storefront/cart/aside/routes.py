"""The addresses of what leaves a cart and comes back: removed, saved for later, shared."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from models import Cart
from storefront.cart import cookie, queries, room, saved, service, sharing
from storefront.cart.pages import LONGEST_TOKEN, answer, own_address, page, terms, view
from storefront.cart.refusals import RefusedError, in_words
from storefront.cart.removal import removed_by
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.languages import lazy_gettext

TOO_LATE = lazy_gettext("This can no longer be put back. Find it in the shop, and add it again.")
NO_LINE = lazy_gettext("This line is no longer in your cart.")
NOT_SAVED = lazy_gettext("This is no longer saved for later.")
FULL = lazy_gettext("At most 50 things are saved for later. Remove one of them first.")
SOME_STAY = lazy_gettext("There were fewer left than you saved, so the rest stays saved for later.")
NOTHING = lazy_gettext("Your cart is empty: there is nothing to share yet.")

bp = Blueprint("cart_aside", __name__)
bp.after_request(cookie.attach)


@bp.post("/cart/undo")
def undo() -> ResponseReturnValue:
    """Put a removed line back as it was; a second time finds nothing to do."""
    token = request.form.get("removed", "")[:LONGEST_TOKEN]
    removed = removed_by(token, settings().secret_key)
    try:
        with in_words(TOO_LATE):
            service.put_back(db.session, _cart(), removed)
    except RefusedError as refused:
        db.session.rollback()
        return answer(view(), refused.status, notices=(refused.message,))
    db.session.commit()
    return redirect(own_address(), 303)


@bp.post("/cart/save")
def save() -> ResponseReturnValue:
    """Save a line for later."""
    try:
        with in_words(NO_LINE, full=FULL):
            saved.save(db.session, _cart(), _id())
    except RefusedError as refused:
        db.session.rollback()
        return answer(view(), refused.status, notices=(refused.message,))
    db.session.commit()
    return redirect(own_address(), 303)


@bp.post("/cart/saved/move")
def move() -> ResponseReturnValue:
    """Move what is saved for later into the cart, as much as there is of it."""
    try:
        with in_words(NOT_SAVED):
            cart = _cart()
            currency = queries.currency_of(cart, terms())
            rest = saved.move_back(db.session, cart, _id(), currency)
    except RefusedError as refused:
        db.session.rollback()
        return page(view(), refused.status, notices=(refused.message,), refused_id=_id())
    db.session.commit()
    if rest:
        return page(view(), notices=(SOME_STAY,), refused_id=_id())
    return redirect(url_for("cart.show"), 303)


@bp.post("/cart/saved/remove")
def remove() -> ResponseReturnValue:
    """Take what is saved for later away."""
    if cart := cookie.current():
        saved.forget(db.session, cart.id, _id())
        db.session.commit()
    return redirect(url_for("cart.show"), 303)


@bp.post("/cart/share")
def share() -> ResponseReturnValue:
    """Make a link that holds what is in the cart, and nothing of whose it is."""
    lines = [(line.variant_id, line.wanted) for line in view().lines]
    if not lines:
        return page(view(), 422, notices=(NOTHING,))
    token = sharing.token_of(lines, settings().secret_key)
    return redirect(url_for("cart.show", shared=token, _anchor="share"), 303)


def _cart() -> Cart:
    cart = cookie.current()
    if cart is None:
        raise room.UnknownVariantError
    return cart


def _id() -> int:
    return id_from(request.form.get("id")) or 0
