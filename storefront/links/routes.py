"""The addresses of links: each a page with one button, since no GET changes anything."""

from flask import Blueprint, Response, abort, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.routing import BaseConverter

from models import now
from storefront.caching import PRIVATE
from storefront.cart import cookie, queries, saved, service, sharing
from storefront.cart.forms import CODE
from storefront.cart.pages import LONGEST_TOKEN, terms, view
from storefront.cart.pages import page as cart_page
from storefront.cart.refusals import RefusedError, in_words
from storefront.extensions import db, settings
from storefront.forms import local_path
from storefront.languages import gettext, lazy_gettext
from storefront.links.forms import UnreadableLinkError, wanted_from
from storefront.links.queries import Wanted, WantedView, discount_of, still_sold, wanted_views
from storefront.pricing.discounts import refusal_of

UNREADABLE = lazy_gettext("This link names nothing that we could put into your cart. Check it.")
NOT_FOR_SALE = lazy_gettext(
    "Something in this link is no longer in the shop, so nothing was added."
)
NOT_OURS = lazy_gettext("This link holds no cart. It may have been cut off: ask for it once more.")
FEWER = lazy_gettext(
    "Some of what was shared was not added: there is less of it left, or your cart is full."
)


class UnitsConverter(BaseConverter):
    """Variants and quantities: begins with a digit, so that ``/cart/add`` is none."""

    regex = r"\d[^/]*"


def _know_units(state: BlueprintSetupState) -> None:
    state.app.url_map.converters["units"] = UnitsConverter


bp = Blueprint("links", __name__)
bp.record(_know_units)
bp.after_request(cookie.attach)


@bp.after_request
def keep_apart(response: Response) -> Response:
    """Keep what a link leads to out of caches and search engines."""
    response.headers["Cache-Control"] = PRIVATE
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.get("/discount/<code>")
def discount(code: str) -> ResponseReturnValue:
    """Offer a discount code; ``?redirect=`` is where to go with it, within the shop."""
    typed = code.strip().upper()
    found = discount_of(db.session, typed) if CODE.fullmatch(typed) else None
    if found is None:
        abort(404, gettext("We do not know this code. Check the link."))
    refusal = refusal_of(found, now())
    return render_template(
        "links/discount.html",
        code=typed,
        title=found.title,
        refusal=refusal,
        onward=local_path(request.args.get("redirect")),
    ), 409 if refusal else 200


@bp.get("/cart/<units:units>")
def cart(units: str) -> ResponseReturnValue:
    """Offer the variants and quantities of a link; ``?discount=`` brings a code along."""
    try:
        _, views = _read(units)
    except RefusedError as refused:
        return _page([], refused.message), refused.status
    short = _too_few(views)
    return _page(views, short), 409 if short else 200


@bp.post("/cart/<units:units>")
def fill(units: str) -> ResponseReturnValue:
    """Put all that a link names into the cart, or nothing of it."""
    views: list[WantedView] = []
    try:
        wanted, views = _read(units)
        _add(wanted, _code(request.form.get("discount")))
    except RefusedError as refused:
        db.session.rollback()
        return _page(views, refused.message), refused.status
    db.session.commit()
    return redirect("/cart", 303)


@bp.get("/cart/shared/<token>")
def shared(token: str) -> ResponseReturnValue:
    """Show what a shared cart holds that is still in the shop."""
    return _shared_page(token)


@bp.post("/cart/shared/<token>")
def take_over(token: str) -> ResponseReturnValue:
    """Add what a shared cart holds, as much as there is; refuse where that is nothing."""
    wanted, _ = _shared(token)
    found = cookie.current_or_new()
    currency = queries.currency_of(found, terms())
    added, lacks = 0, []
    for it in wanted:
        try:
            with in_words(NOT_FOR_SALE):
                came = saved.add_what_can_be(
                    db.session, found, it.variant_id, it.quantity, currency
                )
        except RefusedError as refused:
            lacks.append(refused)
        else:
            added += came
            lacks += [] if came == it.quantity else [RefusedError(FEWER, 409)]
    if not added:
        db.session.rollback()
        return _shared_page(token, lacks[0].message if lacks else NOT_FOR_SALE), 409
    db.session.commit()
    return cart_page(view(), notices=(FEWER,)) if lacks else redirect("/cart", 303)


def _shared(token: str) -> tuple[list[Wanted], bool]:
    """Return what is still in the shop of a shared cart, and whether something is not."""
    lines = sharing.lines_in(token[:LONGEST_TOKEN], settings().secret_key)
    if lines is None:
        abort(404, str(NOT_OURS))
    wanted = still_sold(db.session, [Wanted(*line) for line in lines])
    return wanted, len(wanted) < len(lines)


def _shared_page(token: str, problem: str | None = None) -> str:
    wanted, is_some_gone = _shared(token)
    own = cookie.current()
    currency = queries.currency_of(own, terms()) if own else terms().currency
    return render_template(
        "links/shared.html",
        views=wanted_views(db.session, wanted, currency),
        gone=is_some_gone,
        problem=problem,
    )


def _read(units: str) -> tuple[list[Wanted], list[WantedView]]:
    try:
        with in_words(NOT_FOR_SALE):
            wanted = wanted_from(units)
    except UnreadableLinkError:
        raise RefusedError(UNREADABLE, 404) from None
    own = cookie.current()
    currency = queries.currency_of(own, terms()) if own else terms().currency
    views = wanted_views(db.session, wanted, currency)
    if views is None:
        raise RefusedError(NOT_FOR_SALE, 404)
    return wanted, views


def _add(wanted: list[Wanted], code: str | None) -> None:
    """Add what is wanted; a code that this cart cannot have is left out, and the cart says why."""
    found = cookie.current_or_new()
    currency = queries.currency_of(found, terms())
    with in_words(NOT_FOR_SALE):
        for it in wanted:
            service.add(db.session, found, it.variant_id, it.quantity, currency)
    if code:
        service.choose_code(db.session, found, code)


def _code(typed: str | None) -> str | None:
    code = (typed or "").strip().upper()
    return code if CODE.fullmatch(code) else None


def _too_few(views: list[WantedView]) -> str | None:
    short = next((view for view in views if view.orderable < view.quantity), None)
    if short is None:
        return None
    if not short.orderable:
        return gettext("%(title)s is sold out.", title=short.title)
    return gettext(
        "Only %(count)s of %(title)s are left.", count=short.orderable, title=short.title
    )


def _page(views: list[WantedView], problem: str | None) -> str:
    return render_template(
        "links/cart.html", views=views, problem=problem, code=_code(request.values.get("discount"))
    )
