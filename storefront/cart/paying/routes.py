"""The cart's addresses of gift cards and gift messages."""

from flask import Blueprint, make_response, redirect, request
from flask.typing import ResponseReturnValue

from storefront.cart import cookie, service
from storefront.cart.forms import CardForm, MessageForm
from storefront.cart.pages import page, view
from storefront.extensions import db, settings
from storefront.gift_cards import attempts
from storefront.gift_cards.service import by_code
from storefront.sealing import gift_card_vault

bp = Blueprint("cart_gifts", __name__)
bp.after_request(cookie.attach)


@bp.post("/cart/gift-card")
def gift_card() -> ResponseReturnValue:
    """Let a gift card pay; without a code it is taken out again."""
    form, cart = CardForm(request.form), cookie.current()
    if cart is None:
        return redirect("/cart", 303)
    if not form.gift_code.data:
        service.choose_card(db.session, cart, None)
        db.session.commit()
        return redirect("/cart", 303)
    secret = settings().secret_key
    left_s = attempts.wait_s(db.session, request.remote_addr or "", secret)
    db.session.commit()
    if left_s:
        form.gift_code.errors = [attempts.too_many(left_s)]
        response = make_response(page(view(), 429, card_form=form))
        response.headers["Retry-After"] = str(left_s)
        return response
    card = by_code(db.session, form.gift_code.data, gift_card_vault(secret))
    if card is None or not form.validate():
        form.gift_code.errors = [attempts.UNKNOWN]
        return page(view(), 422, card_form=form)
    service.choose_card(db.session, cart, card.code_digest)
    db.session.commit()
    return redirect("/cart", 303)


@bp.post("/cart/message")
def message() -> ResponseReturnValue:
    """Remember the gift message; an empty one is taken out."""
    form, cart = MessageForm(request.form), cookie.current()
    if cart is None:
        return redirect("/cart", 303)
    if not form.validate():
        return page(view(), 422, message_form=form)
    service.write_message(db.session, cart, form.gift_message.data or "")
    db.session.commit()
    return redirect("/cart", 303)
