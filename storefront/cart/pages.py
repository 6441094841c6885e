"""The cart's page and its drawer, as they are and as they answer what could not be done."""

from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Variant
from storefront.caching import PRIVATE
from storefront.cart import cookie, queries, saved_lines, sharing
from storefront.cart.forms import CardForm, CheckoutForm, DiscountForm, MessageForm
from storefront.cart.removal import Removed, removed_by, token_of
from storefront.cart.views import CartView
from storefront.extensions import db, settings
from storefront.formatting import countries_by_name, country_name
from storefront.pricing.quote import Terms
from storefront.signin import current_customer

LONGEST_TOKEN = 2000


def view() -> CartView:
    """Return the visitor's cart as it is now."""
    return queries.view(db.session, cookie.current(), terms())


def terms() -> Terms:
    """Return what the settings decide of prices."""
    found = settings()
    return Terms(found.currency, found.shipping_countries, found.taxes_by_stripe, found.currencies)


def page(  # noqa: PLR0913 (what is wrong with which of its forms)
    shown: CartView,
    status: int = 200,
    *,
    form: CheckoutForm | None = None,
    discount_form: DiscountForm | None = None,
    card_form: CardForm | None = None,
    message_form: MessageForm | None = None,
    notices: tuple[str, ...] = (),
    refused_id: int | None = None,
) -> ResponseReturnValue:
    """Return the cart page; also for what went wrong at the till.

    refused_id: of the variant that is saved for later and that the notices are about.
    """
    customer = current_customer()
    form = form or CheckoutForm(data={"email": customer.email if customer else ""})
    form.seen.data = shown.fingerprint
    shared = request.args.get("shared", "")[:LONGEST_TOKEN]
    return _private(
        render_template(
            "cart/show.html",
            **_about(shown, notices),
            checkout_form=form,
            discount_form=discount_form or _discount_form(shown),
            card_form=card_form or CardForm(),
            message_form=message_form or MessageForm(data={"gift_message": shown.gift_message}),
            currencies=settings().currencies,
            country_name=country_name,
            countries_by_name=countries_by_name,
            saved=saved_lines.views(db.session, shown, terms()),
            refused_id=refused_id,
            shared_url=_shared_url(shared),
        ),
        status,
    )


def answer(
    shown: CartView,
    status: int = 200,
    *,
    notices: tuple[str, ...] = (),
    is_drawer: bool = False,
) -> ResponseReturnValue:
    """Return the cart where its form was sent from: in the drawer, else on its page."""
    if not is_drawer and not _is_in_drawer():
        return page(shown, status, notices=notices)
    return _private(render_template("cart/drawer.html", **_about(shown, notices)), status)


def own_address(removed: Removed | None = None) -> str:
    """Return where the cart is seen, by whom its form was sent; removed: can be put back there."""
    token = token_of(removed, settings().secret_key) if removed else None
    return url_for("cart.drawer" if _is_in_drawer() else "cart.show", removed=token)


def _is_in_drawer() -> bool:
    return request.form.get("view") == "drawer"


def _about(shown: CartView, notices: tuple[str, ...]) -> dict[str, object]:
    cookie.note_count(sum(line.wanted for line in shown.lines))
    token, title = _removed(shown)
    return {
        "cart": shown,
        "lines": shown.lines,
        "quote": shown.quote,
        "can_check_out": bool(shown.buyable) and shown.quote.problem is None,
        "notices": notices,
        "removed_token": token,
        "removed_title": title,
    }


def _removed(shown: CartView) -> tuple[str, str]:
    """Return the token and the name of what was just taken out, where it can be put back."""
    token = request.args.get("removed", "")[:LONGEST_TOKEN]
    removed = removed_by(token, settings().secret_key) if token else None
    own = cookie.current() if removed else None
    if removed is None or own is None or own.id != removed.cart_id:
        return "", ""
    if any(line.variant_id == removed.variant_id for line in shown.lines):
        return "", ""
    variant = db.session.get(Variant, removed.variant_id, options=[saved_lines.WITH_PRODUCT])
    return (token, saved_lines.name_of(variant)) if variant else ("", "")


def _shared_url(token: str) -> str:
    """Return the address of a shared cart, whole, where we made it."""
    if not token or sharing.lines_in(token, settings().secret_key) is None:
        return ""
    return settings().site_url + url_for("links.shared", token=token)


def _discount_form(shown: CartView) -> DiscountForm:
    """Return the form with the code that the cart has, and what is the matter with it."""
    form = DiscountForm(data={"code": shown.code or ""})
    if shown.quote.reductions.message:
        form.code.errors = [shown.quote.reductions.message]
    return form


def _private(html: str, status: int) -> Response:
    response = make_response(html, status)
    response.headers["Cache-Control"] = PRIVATE
    return response
