"""The cart's addresses."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from storefront.cart import cookie, queries, room, service
from storefront.cart.delivery import NOT_SERVED
from storefront.cart.forms import DiscountForm, GiftForm
from storefront.cart.giving import is_gift_card
from storefront.cart.hosted import as_json
from storefront.cart.pages import answer, own_address, page, terms, view
from storefront.cart.refusals import RefusedError, in_words, wants_json
from storefront.cart.trail import trail
from storefront.catalog import pages as product_pages
from storefront.extensions import db, settings
from storefront.forms import id_from, local_path, quantity_from
from storefront.languages import gettext, lazy_gettext

REGION = re.compile(r"[A-Z0-9 -]{0,10}")

GIFT = lazy_gettext("Nothing was added yet. Correct what is marked below.")

bp = Blueprint("cart", __name__)
bp.after_request(cookie.attach)
bp.before_app_request(cookie.recognize)


@bp.get("/cart")
def show() -> ResponseReturnValue:
    """Show the cart."""
    return page(view())


@bp.get("/cart/drawer")
def drawer() -> ResponseReturnValue:
    """Show the cart in short: a part of a page, which the script of the product page opens."""
    return answer(view(), is_drawer=True)


@bp.get("/cart.js")
def show_json() -> Response:
    """Show the cart as the hosted shop's scripts read it; prices in minor units."""
    return jsonify(as_json(view()))


@bp.post("/cart/add")
def add() -> ResponseReturnValue:
    """Put units of a variant into the cart."""
    typed = request.form.get("quantity", "1")
    variant_id = id_from(request.form.get("id"))
    gift = _gift(variant_id or 0)
    try:
        with in_words(gettext("This product is not in the shop.")):
            quantity = quantity_from(typed)
            cart = cookie.current_or_new()
            currency = queries.currency_of(cart, terms())
            told = _told(gift)
            is_new = cookie.is_new()
            service.add(
                db.session, cart, variant_id or 0, quantity, currency, gift=told, is_new=is_new
            )
            if led := trail():
                service.note_content(db.session, cart, led.first, led.last)
    except RefusedError as refused:
        db.session.rollback()
        if wants_json():
            return refused.as_json()
        return product_pages.refused(
            variant_id, typed, refused.message, refused.status, gift_form=gift
        )
    db.session.commit()
    return jsonify(as_json(view())) if wants_json() else redirect("/cart", 303)


@bp.post("/cart/change")
def change() -> ResponseReturnValue:
    """Make a line hold another number of units; 0 removes it."""
    typed = request.form.get("quantity", "")
    variant_id = id_from(request.form.get("id")) or 0
    cart = cookie.current()
    try:
        with in_words(gettext("This line is no longer in your cart.")):
            quantity = quantity_from(typed, smallest=0)
            if cart is None:
                raise room.UnknownVariantError(variant_id)
            removed = service.change(db.session, cart, variant_id, quantity)
    except RefusedError as refused:
        db.session.rollback()
        if wants_json():
            return refused.as_json()
        shown = view().with_typed(variant_id, typed, refused.message)
        found = any(line.error for line in shown.lines)
        return answer(shown, refused.status, notices=() if found else (refused.message,))
    db.session.commit()
    return jsonify(as_json(view())) if wants_json() else redirect(own_address(removed), 303)


@bp.post("/cart/clear")
def clear() -> ResponseReturnValue:
    """Take everything out of the cart."""
    cart = cookie.current()
    if cart is not None:
        service.remove(db.session, cart.id)
        db.session.commit()
    return jsonify(as_json(view())) if wants_json() else redirect("/cart", 303)


@bp.post("/cart/discount")
def discount() -> ResponseReturnValue:
    """Take a discount code into the cart, a new one too; an empty code is taken out.

    ``redirect`` is where to go then, within the shop.
    """
    form = DiscountForm(request.form)
    if form.validate():
        cart = cookie.current_or_new() if form.typed else cookie.current()
        if cart is None:
            return redirect("/cart", 303)
        service.choose_code(db.session, cart, form.typed)
        shown = queries.view(db.session, cart, terms())
        refusal = shown.quote.reductions.message if form.typed else None
        if refusal is None or shown.quote.reductions.is_valid:
            db.session.commit()
            onward = local_path(request.form.get("redirect")) or "/cart"
            return jsonify(as_json(shown)) if wants_json() else redirect(onward, 303)
        form.code.errors = [refusal]
    db.session.rollback()
    if wants_json():
        return RefusedError(" ".join(form.code.errors), 422).as_json()
    return page(view(), 422, discount_form=form)


@bp.post("/cart/destination")
def destination() -> ResponseReturnValue:
    """Remember where the cart is to go, and how."""
    cart = cookie.current()
    if cart is None:
        return redirect("/cart", 303)
    country = request.form.get("country", "")
    served = view().quote.served
    if country not in served:
        db.session.rollback()
        return page(view(), 422, notices=(NOT_SERVED,))
    region = request.form.get("region", "")
    if not REGION.fullmatch(region):
        region = ""
    rate_id = id_from(request.form.get("rate"))
    service.choose_destination(db.session, cart, country, region, rate_id)
    db.session.commit()
    return redirect("/cart", 303)


@bp.post("/cart/currency")
def currency() -> ResponseReturnValue:
    """Show and sell in another of the shop's currencies; ``next`` is the page to come back to."""
    code = request.form.get("currency", "")
    if code not in settings().currencies:
        return page(view(), 422, notices=(gettext("We do not sell in this currency."),))
    service.choose_currency(db.session, cookie.current_or_new(), code)
    db.session.commit()
    return redirect(local_path(request.form.get("next")) or "/cart", 303)


def _gift(variant_id: int) -> GiftForm | None:
    """Return whom a gift card is for as it was typed; None of what is no gift card."""
    if "recipient_email" in request.form and is_gift_card(db.session, variant_id):
        return gift_form(request.form)
    return None


def _told(gift: GiftForm | None) -> dict[str, str] | None:
    if gift is None:
        return None
    if not gift.validate():
        raise RefusedError(GIFT, 422)
    return gift.gift


def gift_form(sent: MultiDict[str, str] | None = None) -> GiftForm:
    """Return the form of whom a gift card is for, with what was sent."""
    form = GiftForm(sent)
    form.today = datetime.now(ZoneInfo(settings().timezone)).date()
    return form
