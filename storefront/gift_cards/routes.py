"""The page that says what is left on a gift card."""

from flask import Blueprint, make_response, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import StringField

from models import GiftCard
from storefront.caching import PRIVATE
from storefront.extensions import db, settings
from storefront.forms import Form
from storefront.gift_cards import attempts
from storefront.gift_cards.service import by_code
from storefront.languages import lazy_gettext
from storefront.sealing import gift_card_vault

bp = Blueprint("gift_cards", __name__)


class BalanceForm(Form):
    """The code of a card."""

    code = StringField(
        lazy_gettext("Gift card code"),
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": "60"},
    )


@bp.get("/gift-cards")
def show() -> str:
    """Show the form."""
    return render_template("gift_cards/show.html", form=BalanceForm(), card=None)


@bp.post("/gift-cards")
def balance() -> ResponseReturnValue:
    """Say what is left; the answer is the same for every code that cannot be used."""
    form, secret = BalanceForm(request.form), settings().secret_key
    left_s = attempts.wait_s(db.session, request.remote_addr or "", secret)
    db.session.commit()
    if left_s:
        form.code.errors = [attempts.too_many(left_s)]
        return _private(form, None, 429, left_s)
    card = by_code(db.session, form.code.data or "", gift_card_vault(secret))
    if card is None:
        form.validate()
        form.code.errors = [attempts.UNKNOWN]
        return _private(form, None, 422)
    return _private(BalanceForm(), card, 200)


def _private(
    form: BalanceForm, card: GiftCard | None, status: int, left_s: int = 0
) -> ResponseReturnValue:
    page = render_template("gift_cards/show.html", form=form, card=card)
    response = make_response(page, status)
    response.headers["Cache-Control"] = PRIVATE
    if left_s:
        response.headers["Retry-After"] = str(left_s)
    return response
