"""The addresses of an order's parcels."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Fulfilment, Order, OrderStatus
from models.inventory import OutOfStockError
from models.order import IllegalTransitionError
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.formatting import minute
from storefront.payments.access import letters
from storefront.staff.access import needs, signed_in
from storefront.staff.orders import parcels
from storefront.staff.orders import routes as orders
from storefront.staff.orders.forms import FulfilmentForm, Shipping, correcting, shipping_of

bp = Blueprint("parcels", __name__, url_prefix="/orders/<number>/fulfilments")

INVALID = "Nothing was shipped yet. Please correct what is marked below."
ON_HOLD = "This order must be checked before it ships. Nothing was changed."
NOT_HERE = (
    "Not all of this order has arrived, so it cannot ship yet. Ship what is here, or wait."
    " Nothing was changed."
)
ENDED = "This order is {}, so it cannot ship. Nothing was changed."
UNITS_GONE = "Fewer of these units are left to ship than you chose. Nothing was changed."
SHIPS = frozenset({"shipped", "partly shipped", "cancelled", "refund"})


@bp.post("")
@needs(Permission.SHIP)
def create(number: str) -> ResponseReturnValue:
    """Ship units of an order: the parcel, its mail and the status, or nothing."""
    order = orders.found(number)
    shipping = shipping_of(order, request.form)
    if not shipping.validate():
        return _invalid(shipping)
    parcel = shipping.form.fulfilment(signed_in().email)
    units = shipping.chosen or None
    try:
        is_done = parcels.ship(db.session, order, parcel, letters(), units)
    except parcels.OnHoldError:
        return _refused(shipping, ON_HOLD)
    except OutOfStockError:
        return _refused(shipping, NOT_HERE)
    except parcels.UnitsGoneError:
        return _refused(shipping, UNITS_GONE, is_told=True)
    except IllegalTransitionError:
        return _refused(shipping, ENDED)
    db.session.commit()
    words = f"{number} is marked as shipped" if is_done else f"A part of {number} is shipped"
    flash(f"{words}, and the customer gets a mail.")
    return redirect(url_for("staff.orders.show", number=number), 303)


@bp.get("/<int:parcel_id>")
@needs(Permission.SHIP)
def edit(number: str, parcel_id: int) -> str:
    """Show a parcel's carrier and tracking, to be corrected."""
    order, parcel = _parcel(number, parcel_id)
    return _page(order, parcel, correcting(parcel))


@bp.post("/<int:parcel_id>")
@needs(Permission.SHIP)
def update(number: str, parcel_id: int) -> ResponseReturnValue:
    """Correct a parcel's carrier and tracking; the buyer's page says so at once."""
    order, parcel = _parcel(number, parcel_id)
    form = FulfilmentForm(request.form)
    if not form.validate():
        return _page(order, parcel, form), 422
    if parcels.correct(db.session, order, parcel, form.fulfilment(signed_in().email)):
        flash("The parcel is corrected. The buyer sees it on her order's page; no mail is sent.")
    db.session.commit()
    return redirect(url_for("staff.orders.show", number=number), 303)


@bp.post("/<int:parcel_id>/undo")
@needs(Permission.SHIP)
def remove(number: str, parcel_id: int) -> ResponseReturnValue:
    """Take back the newest parcel, which was entered by mistake."""
    order, parcel = _parcel(number, parcel_id)
    try:
        parcels.take_back(db.session, order, parcel.id, actor=signed_in().email)
    except parcels.ParcelStaysError as why:
        db.session.rollback()
        return orders.page(orders.found(number), error=str(why)), 409
    db.session.commit()
    flash("The parcel is taken back. The mail about it cannot be: write to the buyer if it went.")
    return redirect(url_for("staff.orders.show", number=number), 303)


def _invalid(shipping: Shipping) -> ResponseReturnValue:
    """Show what is wrong beside the fields, or why there are none."""
    if shipping.order.status is not OrderStatus.PAID:
        return _refused(shipping, ENDED)
    if shipping.order.attention:
        return _refused(shipping, ON_HOLD)
    return orders.page(shipping.order, error=INVALID, shipping=shipping), 422


def _parcel(number: str, parcel_id: int) -> tuple[Order, Fulfilment]:
    order = orders.found(number)
    parcel = next((it for it in order.fulfilments if it.id == parcel_id), None)
    if parcel is None:
        abort(404)
    return order, parcel


def _page(order: Order, parcel: Fulfilment, form: FulfilmentForm) -> str:
    return render_template("staff/orders/parcel.html", order=order, parcel=parcel, form=form)


def _refused(shipping: Shipping, why: str, *, is_told: bool = False) -> ResponseReturnValue:
    """Undo, and show the order as it is now: why, who did what meanwhile, and what was typed."""
    db.session.rollback()
    order = orders.found(shipping.order.number)
    error = why.format(f"{order.status} by now")
    if is_told or "{}" in why:
        error = f"{error} {_last_word(order)}".strip()
    return orders.page(order, error=error, shipping=shipping_of(order, request.form)), 409


def _last_word(order: Order) -> str:
    """Return what was last done to the goods of an order, when and by whom."""
    event = next((it for it in reversed(order.events) if it.kind in SHIPS), None)
    if event is None:
        return ""
    note = f" ({event.note.rstrip('.')})" if event.note else ""
    when = minute(event.created_at, settings().timezone)
    return f"{event.kind.capitalize()} by {event.actor}, {when}{note}."
