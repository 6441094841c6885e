"""The cart's cookie: signed, set with the first *Add to cart*, unknown to scripts."""

from flask import Response, g, request
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy.orm.attributes import set_committed_value

from models import Cart
from storefront.cart import queries, service
from storefront.cart.own import held_by
from storefront.extensions import db, settings
from storefront.visitor import Visitor

NAME = "cart"
MAX_AGE_S = 60 * 24 * 3600


def current() -> Cart | None:
    """Return the visitor's cart, or None: no cookie, a forged, an expired or a forgotten one.

    A currency that it chose and the shop has given up counts as none.
    """
    token = _token()
    cart = None if token is None else queries.find(db.session, service.digest(token))
    if cart is not None and cart.currency not in settings().currencies:
        set_committed_value(cart, "currency", None)  # only looked at so: nothing is written
    return cart


def item_count() -> int:
    """Return how many units lie in the visitor's cart; asks no database without a cookie."""
    if "cart_count" in g:
        noted: int = g.cart_count
        return noted
    return _glance().item_count


def chosen_currency() -> str | None:
    """Return the currency that the visitor's cart chose, where it is other than the main one.

    Asks no database without a cookie, or where the shop has one currency.
    """
    others = settings().currencies[1:]
    if not others:
        return None
    currency = _glance().currency
    return currency if currency in others else None


def visitor() -> Visitor:
    """Return what the catalogue must know of who looks; nothing is asked without a cookie."""
    if "visitor" not in g:
        glance = _glance()
        own = held_by(db.session, glance.cart_id if glance.has_open_order else None)
        g.visitor = Visitor(chosen_currency(), own.units)
    found: Visitor = g.visitor
    return found


def _glance() -> queries.Glance:
    token = _token()
    if token is None:
        return queries.Glance()
    if "cart_glance" not in g:
        g.cart_glance = queries.glance(db.session, service.digest(token))
    found: queries.Glance = g.cart_glance
    return found


def note_count(count: int) -> None:
    """Remember how many units lie in the visitor's cart, where a request has counted them."""
    g.cart_count = count


def current_or_new() -> Cart:
    """Return the visitor's cart, or write one; ``attach`` hands its secret to the browser."""
    cart = current()
    if cart is None:
        cart, g.new_cart_token = service.new_cart(db.session)
    return cart


def attach(response: Response) -> Response:
    """Give the browser the secret of a cart that this request began, where it was kept."""
    if "new_cart_token" in g and response.status_code < 400:  # noqa: PLR2004
        response.set_cookie(
            NAME,
            _serializer().dumps(g.new_cart_token),
            max_age=MAX_AGE_S,
            secure=settings().site_url.startswith("https://"),
            httponly=True,
            samesite="Lax",
        )
    return response


def _token() -> str | None:
    signed = request.cookies.get(NAME)
    if not signed:
        return None
    try:
        token = _serializer().loads(signed, max_age=MAX_AGE_S)
    except BadData:
        return None
    return token if isinstance(token, str) else None


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt="cart")
