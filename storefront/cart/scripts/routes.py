"""The addresses that the hosted shop's scripts post to: they answer with the cart, as JSON.

They take JSON and forms alike. Each does all that it is asked for, or nothing of it.
"""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from models.cart import MAX_LINES
from storefront.cart import cookie, queries, room, service
from storefront.cart.hosted import as_json, item_as_json
from storefront.cart.pages import terms, view
from storefront.cart.refusals import RefusedError, in_words
from storefront.cart.views import CartView
from storefront.extensions import db
from storefront.forms import id_from, quantity_from

NO_VARIANT = "Cannot find variant"
NO_LINE = "No line of the cart has this id, key or number."
UNREADABLE = "The request cannot be read: send an id and a quantity, as a form or as JSON."

bp = Blueprint("cart_scripts", __name__)
bp.after_request(cookie.attach)


@bp.post("/cart/add.js")
def add() -> ResponseReturnValue:
    """Put units of one variant into the cart, or of each of ``items``; answer with those lines."""
    return _answered(_add)


@bp.post("/cart/change.js")
def change() -> ResponseReturnValue:
    """Make a line, by its ``id`` or its number ``line`` from 1, hold another number of units."""
    return _answered(_change)


@bp.post("/cart/update.js")
def update() -> ResponseReturnValue:
    """Make several lines hold other numbers: ``updates`` by variants' ids, or in their order."""
    return _answered(_update)


@bp.post("/cart/clear.js")
def clear() -> ResponseReturnValue:
    """Take everything out of the cart."""
    return _answered(_clear)


def _add() -> Callable[[CartView], object]:
    sent = _sent()
    many = sent.get("items")
    wanted = [_wanted(it) for it in _list(many)] if many is not None else [_wanted(sent)]
    cart = cookie.current_or_new()
    currency = queries.currency_of(cart, terms())
    for variant_id, quantity in wanted:
        service.add(db.session, cart, variant_id, quantity, currency)
    ids = [variant_id for variant_id, _ in wanted]

    def said(shown: CartView) -> object:
        lines = {line.variant_id: item_as_json(shown, line) for line in shown.lines}
        found = [lines[it] for it in ids]
        return {"items": found} if many is not None else found[0]

    return said


def _change() -> Callable[[CartView], object]:
    sent = _sent()
    number = sent.get("line")
    lines = view().lines if number is not None else ()
    at = _number(number, most=MAX_LINES) if number is not None else 0
    if number is not None and not 1 <= at <= len(lines):
        raise RefusedError(NO_LINE, 422)
    variant_id = lines[at - 1].variant_id if lines else _id(sent.get("id"))
    quantity = _number(sent.get("quantity"))
    cart = cookie.current()
    if cart is None:
        raise RefusedError(NO_LINE, 422)
    try:
        service.change(db.session, cart, variant_id, quantity)
    except room.UnknownVariantError:
        raise RefusedError(NO_LINE, 422) from None
    return as_json


def _update() -> Callable[[CartView], object]:
    cart = cookie.current_or_new()
    lines = {line.variant_id: line.wanted for line in view().lines}
    wanted = _updates(list(lines))
    for variant_id, quantity in sorted(wanted.items(), key=lambda it: it[1]):  # room comes first
        if variant_id in lines or not quantity:
            service.change(db.session, cart, variant_id, quantity)
        else:
            currency = queries.currency_of(cart, terms())
            service.add(db.session, cart, variant_id, quantity, currency)
    return as_json


def _clear() -> Callable[[CartView], object]:
    cart = cookie.current()
    if cart is not None:
        service.remove(db.session, cart.id)
    return as_json


def _updates(in_cart: list[int]) -> dict[int, int]:
    """Return the quantities that are asked for, by the ids of their variants."""
    sent = _sent().get("updates")
    if sent is None:
        form = request.form
        named = {it[8:-1]: form[it] for it in form if it.startswith("updates[") and it[-1] == "]"}
        sent = form.getlist("updates[]") if "updates[]" in form else named
    if isinstance(sent, list):
        if len(sent) > len(in_cart):
            raise RefusedError(NO_LINE, 422)
        return {in_cart[at]: _number(it) for at, it in enumerate(sent)}
    if not isinstance(sent, dict) or len(sent) > 2 * MAX_LINES:
        raise RefusedError(UNREADABLE, 422)
    return {_id(key): _number(it) for key, it in sent.items()}


def _wanted(sent: object) -> tuple[int, int]:
    if not isinstance(sent, Mapping):
        raise RefusedError(UNREADABLE, 422)
    return _id(sent.get("id")), _number(sent.get("quantity", 1), least=1)


def _list(sent: object) -> list[object]:
    if not isinstance(sent, list) or not 1 <= len(sent) <= MAX_LINES:
        raise RefusedError(UNREADABLE, 422)
    return sent


def _id(sent: object) -> int:
    """Return a variant's id; also of a line's key, which begins with it."""
    return id_from(_plain(sent).partition(":")[0]) or 0


def _number(sent: object, *, least: int = 0, most: int = 99) -> int:
    return quantity_from(_plain(sent), smallest=least, largest=most)


def _plain(sent: object) -> str:
    return str(sent)[:40] if isinstance(sent, str | int) and not isinstance(sent, bool) else ""


def _sent() -> Mapping[str, Any]:
    if not request.is_json:
        return request.form
    found = request.get_json(silent=True)
    if not isinstance(found, dict):
        raise RefusedError(UNREADABLE, 422)
    return found


def _answered(doing: Callable[[], Callable[[CartView], object]]) -> ResponseReturnValue:
    try:
        with in_words(NO_VARIANT):  # what is sold out is 409, as everywhere in this shop
            said = doing()
    except RefusedError as refused:
        db.session.rollback()
        return refused.as_json("Cart Error")
    db.session.commit()
    return jsonify(said(view()))
