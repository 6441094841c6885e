"""Whose cart it is: told by the cart's cookie, or by who is signed in.

The cookie is signed, set with the first *Add to cart*, unknown to scripts. A customer's cart is
found by her sign-in alone, in every browser where she is signed in, and in none where she is not.
"""

from flask import Flask, Response, current_app, flash, g, request
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.attributes import set_committed_value

from models import Cart, Customer
from models.language import speaking
from storefront.cart import finding, joining, service
from storefront.cart.own import held_by
from storefront.database import Sessions
from storefront.extensions import db, settings
from storefront.languages import ngettext
from storefront.page_cache.carts import Carts
from storefront.signin import current_customer
from storefront.visitor import Visitor

NAME = "cart"
MAX_AGE_S = 60 * 24 * 3600


def current() -> Cart | None:
    """Return the visitor's cart, or None: no cookie, a forged, an expired or a forgotten one.

    A currency that it chose and the shop has given up counts as none.
    """
    if "new_cart" in g and inspect(g.new_cart).persistent:
        return g.new_cart  # type: ignore[no-any-return]
    cart = None
    if customer := signed_in():
        cart = finding.cart_of_customer(db.session, customer.id)
    elif token := _token():
        cart = finding.cart_of_browser(db.session, service.digest(token))
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


def _glance() -> finding.Glance:
    if "cart_glance" not in g:
        if customer := signed_in():
            g.cart_glance = finding.glance_of_customer(db.session, customer.id)
        elif token := _token():
            g.cart_glance = finding.glance_of_browser(db.session, service.digest(token))
        else:
            return finding.Glance()
    found: finding.Glance = g.cart_glance
    return found


def on_pages(app: Flask) -> Carts:
    """Return who knows what pages show of a cart.

    Its count is of the units in the cart of a cookie; None where pages may show more of it: it has
    chosen a currency, an order of it holds units. Also where the cookie is not ours, or nobody can
    tell.
    """

    def count(signed: str) -> int | None:
        token = _read(app.config["SECRET_KEY"], signed)
        if token is None:
            return None
        sessions: Sessions = app.extensions["sessions"]
        try:
            with sessions.look() as session:
                glance = finding.glance_of_browser(session, service.digest(token))
        except SQLAlchemyError:
            return None
        is_all = glance.currency is None and not glance.has_open_order
        return glance.item_count if is_all else None

    return Carts(count, _words)


def _words(count: int, code: str) -> str:
    """Return the link to a cart of so many units, in a language; as the pages' head has it."""
    with speaking(code):
        return ngettext("Cart (%(count)s item)", "Cart (%(count)s items)", count)


def note_count(count: int) -> None:
    """Remember how many units lie in the visitor's cart, where a request has counted them."""
    g.cart_count = count


def current_or_new() -> Cart:
    """Return the visitor's cart, or write one; ``attach`` hands its secret to the browser."""
    cart = current()
    if cart is None and (customer := signed_in()):
        cart = joining.cart_of(db.session, customer.id)
    if cart is None:
        cart, g.new_cart_token = service.new_cart(db.session)
        g.new_cart = cart  # the browser does not bring its secret before the next request
    return cart


def is_new() -> bool:
    """Say whether this request began its cart: it is empty, and nobody else can find it yet."""
    return "new_cart" in g


def signed_in() -> Customer | None:
    """Return the customer who is signed in; asks nothing of a browser that has no such cookie."""
    has_cookie = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    return current_customer() if has_cookie or "_login_user" in g else None


def recognize() -> None:
    """Find who is signed in before anything is read for the page.

    That she was seen is written now and then, and ends the transaction in which it is found.
    """
    signed_in()


def bring_along(customer: Customer) -> None:
    """Let the cart of this browser join that of a customer who has just signed in; commits nothing.

    What she must know of it is told by the next page that tells something.
    """
    token = _token()
    cart = finding.cart_of_browser(db.session, service.digest(token)) if token else None
    for told in joining.join(db.session, cart, customer.id) if cart else ():
        flash(told, "cart")
    g.pop("cart_glance", None)
    g.pop("cart_count", None)


def attach(response: Response) -> Response:
    """Give the browser the secret of a cart that this request began, where it was kept."""
    if "new_cart_token" in g and response.status_code < 400:  # noqa: PLR2004
        response.set_cookie(
            NAME,
            _serializer(settings().secret_key).dumps(g.new_cart_token),
            max_age=MAX_AGE_S,
            secure=settings().site_url.startswith("https://"),
            httponly=True,
            samesite="Lax",
        )
    return response


def _token() -> str | None:
    signed = request.cookies.get(NAME)
    return _read(settings().secret_key, signed) if signed else None


def _read(key: str, signed: str) -> str | None:
    """Return the secret of a cart that a cookie holds; None where it is not ours, or too old."""
    try:
        token = _serializer(key).loads(signed, max_age=MAX_AGE_S)
    except BadData:
        return None
    return token if isinstance(token, str) else None


def _serializer(key: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(key, salt="cart")
