"""The cart's addresses."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from storefront.cart import cookie, queries, service
from storefront.cart.forms import CardForm, CheckoutForm, DiscountForm, GiftForm, MessageForm
from storefront.cart.refusals import RefusedError, in_words, wants_json
from storefront.cart.trail import trail
from storefront.cart.views import CartView
from storefront.catalog import pages as product_pages
from storefront.extensions import db, settings
from storefront.forms import id_from, local_path, quantity_from
from storefront.pricing.countries import country_name
from storefront.pricing.quote import Terms
from storefront.signin import current_customer

REGION = re.compile(r"[A-Z0-9 -]{0,10}")

GIFT = "Nothing was added yet. Please correct what is marked below."

bp = Blueprint("cart", __name__)
bp.after_request(cookie.attach)


@bp.get("/cart")
def show() -> ResponseReturnValue:
    """Show the cart."""
    return page(view())


@bp.get("/cart.js")
def show_json() -> Response:
    """Show the cart as the hosted shop's scripts read it; prices in minor units."""
    return jsonify(_as_json(view()))


@bp.post("/cart/add")
def add() -> ResponseReturnValue:
    """Put units of a variant into the cart."""
    typed = request.form.get("quantity", "1")
    variant_id = id_from(request.form.get("id"))
    gift = _gift(variant_id or 0)
    try:
        with in_words("This product is not in the shop."):
            quantity = quantity_from(typed)
            cart = cookie.current_or_new()
            currency = queries.currency_of(cart, terms())
            told = _told(gift)
            service.add(db.session, cart, variant_id or 0, quantity, currency, gift=told)
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
    return jsonify(_as_json(view())) if wants_json() else redirect("/cart", 303)


@bp.post("/cart/change")
def change() -> ResponseReturnValue:
    """Make a line hold another number of units; 0 removes it."""
    typed = request.form.get("quantity", "")
    variant_id = id_from(request.form.get("id")) or 0
    cart = cookie.current()
    try:
        with in_words("This line is no longer in your cart."):
            quantity = quantity_from(typed, smallest=0)
            if cart is None:
                raise service.UnknownVariantError(variant_id)
            service.change(db.session, cart, variant_id, quantity)
    except RefusedError as refused:
        db.session.rollback()
        if wants_json():
            return refused.as_json()
        shown = view().with_typed(variant_id, typed, refused.message)
        found = any(line.error for line in shown.lines)
        return page(shown, refused.status, notices=() if found else (refused.message,))
    db.session.commit()
    return jsonify(_as_json(view())) if wants_json() else redirect("/cart", 303)


@bp.post("/cart/clear")
def clear() -> ResponseReturnValue:
    """Take everything out of the cart."""
    cart = cookie.current()
    if cart is not None:
        service.remove(db.session, cart.id)
        db.session.commit()
    return jsonify(_as_json(view())) if wants_json() else redirect("/cart", 303)


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
            return jsonify(_as_json(shown)) if wants_json() else redirect(onward, 303)
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
        return page(view(), 422, notices=("We do not ship there. Choose a country of the list.",))
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
        return page(view(), 422, notices=("We do not sell in this currency.",))
    service.choose_currency(db.session, cookie.current_or_new(), code)
    db.session.commit()
    return redirect(local_path(request.form.get("next")) or "/cart", 303)


def _gift(variant_id: int) -> GiftForm | None:
    """Return whom a gift card is for as it was typed; None of what is no gift card."""
    if "recipient_email" in request.form and service.is_gift_card(db.session, variant_id):
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


def view() -> CartView:
    """Return the visitor's cart as it is now."""
    return queries.view(db.session, cookie.current(), terms())


def terms() -> Terms:
    """Return what the settings decide of prices."""
    found = settings()
    return Terms(found.currency, found.shipping_countries, found.taxes_by_stripe, found.currencies)


def page(  # noqa: PLR0913 (each form of the page may have been refused)
    shown: CartView,
    status: int = 200,
    *,
    form: CheckoutForm | None = None,
    discount_form: DiscountForm | None = None,
    card_form: CardForm | None = None,
    message_form: MessageForm | None = None,
    notices: tuple[str, ...] = (),
) -> ResponseReturnValue:
    """Return the cart page; also for what went wrong at the till."""
    customer = current_customer()
    form = form or CheckoutForm(data={"email": customer.email if customer else ""})
    form.seen.data = shown.fingerprint
    cookie.note_count(sum(line.wanted for line in shown.lines))
    response = make_response(
        render_template(
            "cart/show.html",
            cart=shown,
            lines=shown.lines,
            quote=shown.quote,
            can_check_out=bool(shown.buyable) and shown.quote.problem is None,
            checkout_form=form,
            discount_form=discount_form or _discount_form(shown),
            card_form=card_form or CardForm(),
            message_form=message_form or MessageForm(data={"gift_message": shown.gift_message}),
            currencies=settings().currencies,
            country_name=country_name,
            notices=notices,
        ),
        status,
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _discount_form(shown: CartView) -> DiscountForm:
    """Return the form with the code that the cart has, and what is the matter with it."""
    form = DiscountForm(data={"code": shown.code or ""})
    if shown.quote.reductions.message:
        form.code.errors = [shown.quote.reductions.message]
    return form


def _as_json(shown: CartView) -> dict[str, object]:
    return {
        "currency": shown.currency,
        "item_count": sum(line.quantity for line in shown.lines),
        "original_total_price": shown.quote.subtotal_minor,
        "total_discount": shown.quote.discount_minor,
        "total_price": shown.quote.subtotal_minor - shown.quote.discount_minor,
        "items": [
            {
                "id": line.variant_id,
                "variant_id": line.variant_id,
                "sku": line.sku,
                "title": line.title,
                "variant_title": line.variant_title,
                "quantity": line.quantity,
                "price": line.unit_price.minor,
                "line_price": line.total.minor,
                "total_discount": shown.quote.discount_of(line.variant_id),
                "url": line.url,
            }
            for line in shown.lines
        ],
    }
