"""The addresses of drafts: orders that staff write for somebody, who pays by a link."""

from collections.abc import Mapping
from dataclasses import replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Order, OrderStatus
from models.order import IllegalTransitionError
from models.order_lock import lock
from models.staff import Permission
from storefront.cart.pages import terms
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.orders.queries import order_url
from storefront.paging import page_number
from storefront.payments.access import letters
from storefront.payments.outcome import note_event
from storefront.staff.access import needs, signed_in
from storefront.staff.drafts import forms, queries, service
from storefront.staff.drafts.copying import copy_of
from storefront.staff.drafts.forms import Drafting
from storefront.staff.orders import queries as orders
from storefront.staff.seen import ChangedMeanwhileError

bp = Blueprint("drafts", __name__, url_prefix="/drafts")

INVALID = "Nothing was saved yet. Correct what is marked below."
NO_LINES = "Add at least one line. Nothing was saved yet."
NOWHERE = "The shop does not ship there. Choose an own amount, or another country."
PAYING = "This order is no longer a draft: its buyer pays it, or it has ended. Nothing was changed."
CHANGED = (
    "Somebody saved this draft while you were editing. What you typed is still in the form, and"
    " what was saved meanwhile stands above it. Save again to replace that with yours."
)
NO_EMAIL = "Enter the buyer's email address first, and save. Nothing was sent."


@bp.get("")
@needs(Permission.EDIT_ORDERS)
def index() -> str:
    """List the drafts, the newest first."""
    return render_template(
        "staff/drafts/index.html", page=queries.drafts(db.session, page_number())
    )


@bp.get("/new")
@needs(Permission.EDIT_ORDERS)
def new() -> str:
    """Show an empty draft."""
    return _page(None, _at_first(None))


@bp.post("/new")
@needs(Permission.EDIT_ORDERS)
def create() -> ResponseReturnValue:
    """Write a draft; the other buttons show the form again."""
    return _sent(None)


@bp.get("/<number>")
@needs(Permission.EDIT_ORDERS)
def show(number: str) -> ResponseReturnValue:
    """Show a draft to edit; what is none any more has its order's page."""
    order = _found(number)
    if order.status is not OrderStatus.DRAFT:
        return redirect(url_for("staff.orders.show", number=number), 303)
    return _page(order, _at_first(order))


@bp.post("/<number>")
@needs(Permission.EDIT_ORDERS)
def update(number: str) -> ResponseReturnValue:
    """Save a draft; the other buttons show the form again."""
    return _sent(_found(number))


@bp.post("/<number>/link")
@needs(Permission.EDIT_ORDERS)
def link(number: str) -> ResponseReturnValue:
    """Mail the buyer the link to her order, where she pays; once for each page that was shown."""
    order = lock(db.session, _found(number).id)
    if order.status is not OrderStatus.DRAFT:
        return _refused(number, PAYING, 409)
    if not order.email:
        db.session.rollback()
        return _page(order := _found(number), _without_email(order), error=NO_EMAIL), 422
    letters().pay_link(db.session, order, str(id_from(request.form.get("key")) or 0))
    note_event(db.session, order, "pay link", f"Sent to {order.email}.", signed_in().email)
    db.session.commit()
    flash(f"The link to pay {number} is on its way to {order.email}.")
    return redirect(url_for("staff.drafts.show", number=number), 303)


@bp.post("/<number>/cancellation")
@needs(Permission.EDIT_ORDERS)
def cancel(number: str) -> ResponseReturnValue:
    """Mark a draft as cancelled."""
    try:
        service.end(db.session, _found(number).id, actor=signed_in().email)
    except IllegalTransitionError:
        return _refused(number, PAYING, 409)
    db.session.commit()
    flash(f"{number} is cancelled.")
    return redirect(url_for("staff.drafts.index"), 303)


@bp.post("/from/<number>")
@needs(Permission.EDIT_ORDERS)
def duplicate(number: str) -> ResponseReturnValue:
    """Write a new draft with what an order has, at the prices of now."""
    order = _found(number)
    copied, left_out = copy_of(db.session, order)
    if not copied.lines:
        abort(409, "Nothing of this order is still in the shop, so it cannot be duplicated.")
    found = service.reckon(db.session, copied, terms())
    if found.shipping is None or found.country != (copied.address["country"] or found.country):
        as_before = (order.shipping_title or "Shipping", order.shipping_minor)
        copied = replace(copied, own_shipping=as_before)
    draft = service.write(
        db.session, copied, terms(), actor=signed_in().email, customer_id=order.customer_id
    )
    db.session.commit()
    flash(f"{draft.number} is a draft with what {number} has, at the prices of now.")
    if left_out:
        flash(f"No longer in the shop, so left out: {', '.join(left_out)}.")
    return redirect(url_for("staff.drafts.show", number=draft.number), 303)


def _sent(order: Order | None) -> ResponseReturnValue:
    typed = forms.posted(request.form, _currencies(order))
    act = request.form.get("act", "save")
    if act.startswith("add"):
        typed.add(act.partition(":")[2][:64])
        return _reckoned(order, typed)
    is_valid = typed.validate(queries.by_sku(db.session, typed.skus))
    if not is_valid:
        return _page(order, typed, error=INVALID), 422
    if act != "save":
        return _reckoned(order, typed, is_checked=True)
    if not typed.lines:
        typed.rows[0].sku.errors = [NO_LINES]
        return _page(order, typed, error=NO_LINES), 422
    typed.show(service.reckon(db.session, typed.wanted(), terms()))
    if not typed.is_served:
        typed.form.country.errors = [NOWHERE]
        return _page(order, typed, error=NOWHERE), 422
    return _written(order, typed)


def _written(order: Order | None, typed: Drafting) -> ResponseReturnValue:
    actor, wanted, seen = signed_in().email, typed.wanted(), typed.form.seen.data or ""
    try:
        if order is None:
            saved = service.write(db.session, wanted, terms(), actor=actor)
        else:
            saved = service.save(db.session, order.id, wanted, terms(), actor=actor, seen=seen)
    except service.NoDraftError:
        db.session.rollback()
        return _page(_found(order.number) if order else None, typed, error=PAYING), 409
    except ChangedMeanwhileError:
        db.session.rollback()
        theirs = _found(order.number) if order else None
        saved_words = service.words(theirs) if theirs else {}
        typed.form.seen.data = service.fingerprint(theirs) if theirs else ""
        return _page(theirs, typed, error=CHANGED, theirs=saved_words), 409
    db.session.commit()
    flash(f"{saved.number} is saved.")
    return redirect(url_for("staff.drafts.show", number=saved.number), 303)


def _reckoned(
    order: Order | None, typed: Drafting, *, is_checked: bool = False
) -> ResponseReturnValue:
    """Show the form again with what it comes to, and what was searched for."""
    words = "".join(it for it in typed.form.q.data or "" if it.isprintable())[:100]
    typed.found = queries.search(db.session, words)
    if is_checked or typed.validate(queries.by_sku(db.session, typed.skus)):
        typed.show(service.reckon(db.session, typed.wanted(), terms()))
    return _page(order, typed)


def _refused(number: str, why: str, status: int) -> ResponseReturnValue:
    db.session.rollback()
    order = _found(number)
    return _page(order, _at_first(order), error=why), status


def _at_first(order: Order | None) -> Drafting:
    """Return the form as it is before anything is typed; what would be wrong is not said yet."""
    country = order.country if order else settings().shipping_countries[0]
    shown, checked = (forms.blank(_currencies(order), country, order) for _ in range(2))
    if checked.validate(queries.by_sku(db.session, checked.skus)):
        shown.show(service.reckon(db.session, checked.wanted(), terms()))
    return shown


def _without_email(order: Order) -> Drafting:
    drafting = _at_first(order)
    drafting.form.email.errors = [NO_EMAIL]
    return drafting


def _found(number: str) -> Order:
    order = orders.order(db.session, number)
    if order is None:
        abort(404)
    return order


def _currencies(order: Order | None) -> tuple[str, ...]:
    own = (order.total.currency,) if order else ()
    return tuple(dict.fromkeys([*settings().currencies, *own]))


def _page(
    order: Order | None,
    drafting: Drafting,
    *,
    error: str | None = None,
    theirs: Mapping[str, str] | None = None,
) -> str:
    if (
        drafting.quote is None
        and not error
        and drafting.validate(queries.by_sku(db.session, drafting.skus))
    ):
        drafting.show(service.reckon(db.session, drafting.wanted(), terms()))
    return render_template(
        "staff/drafts/show.html",
        order=order,
        drafting=drafting,
        shortages=queries.shortages(db.session, order.lines) if order else [],
        pay_url=order_url(order) if order else None,
        key=str(len(order.events)) if order else "",
        error=error,
        theirs=theirs or {},
    )
