"""The addresses of an order's parcels."""

from collections.abc import Mapping

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
from storefront.staff.orders import deliveries, parcels
from storefront.staff.orders import routes as orders
from storefront.staff.orders.forms import CorrectionForm, Shipping, shipping_of
from storefront.staff.seen import ChangedMeanwhileError, differences, seen_of

bp = Blueprint("parcels", __name__, url_prefix="/orders/<number>/fulfilments")

INVALID = "Nothing was shipped yet. Correct what is marked below."
ON_HOLD = "This order must be checked before it ships. Nothing was changed."
NOT_HERE = (
    "Not all of this order has arrived, so it cannot ship yet. Ship what is here, or wait."
    " Nothing was changed."
)
ENDED = "This order is {}, so it cannot ship. Nothing was changed."
UNITS_GONE = "Fewer of these units are left to ship than you chose. Nothing was changed."
ARRIVED = "This parcel was marked as delivered already. Nothing was changed."
TAKEN_BACK = "This parcel was taken back meanwhile. Nothing was changed."
CHANGED = "Somebody else has corrected it meanwhile. Compare, then save again to have it your way."
CORRECTED = {
    parcels.Correction.NOTHING: "The parcel says so already.",
    parcels.Correction.TOLD: "The parcel is corrected, and the customer gets a mail.",
    parcels.Correction.KNOWN: (
        "The parcel is corrected. No mail goes, as the customer has one that says this;"
        " send that one again if she should look at it."
    ),
}
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
        shipped = parcels.ship(db.session, order, parcel, letters(), units)
    except parcels.OnHoldError:
        return _refused(shipping, ON_HOLD)
    except OutOfStockError:
        return _refused(shipping, NOT_HERE)
    except parcels.UnitsGoneError:
        return _refused(shipping, UNITS_GONE, is_told=True)
    except IllegalTransitionError:
        return _refused(shipping, ENDED)
    db.session.commit()
    of_it = f"{number} is marked as" if shipped.is_done else f"A part of {number} is"
    told = "gets a mail" if shipped.is_told else "has had the same mail before, so none goes"
    flash(f"{of_it} shipped, and the customer {told}.")
    return redirect(url_for("staff.orders.show", number=number), 303)


@bp.get("/<int:parcel_id>")
@needs(Permission.SHIP)
def edit(number: str, parcel_id: int) -> str:
    """Show a parcel's carrier and tracking, to be corrected."""
    order, parcel = _parcel(number, parcel_id)
    seen = seen_of(parcels.tracking_of(parcel))
    return _page(order, parcel, CorrectionForm(obj=parcel, data={"seen": seen}))


@bp.post("/<int:parcel_id>")
@needs(Permission.SHIP)
def update(number: str, parcel_id: int) -> ResponseReturnValue:
    """Correct a parcel's carrier and tracking; the buyer's page and a mail say so."""
    order, parcel = _parcel(number, parcel_id)
    form = CorrectionForm(request.form)
    if not form.validate():
        return _page(order, parcel, form), 422
    typed = form.fulfilment(signed_in().email)
    asked = parcels.Correcting(parcel.id, typed, form.seen.data or "")
    try:
        done = parcels.correct(db.session, order, asked, letters())
    except parcels.ParcelGoneError:
        db.session.rollback()
        return orders.page(orders.found(number), error=TAKEN_BACK), 409
    except ChangedMeanwhileError:
        db.session.rollback()
        return _changed_meanwhile(number, parcel_id, form), 409
    db.session.commit()
    flash(CORRECTED[done])
    return redirect(url_for("staff.orders.show", number=number), 303)


@bp.post("/<int:parcel_id>/delivered")
@needs(Permission.SHIP)
def delivered(number: str, parcel_id: int) -> ResponseReturnValue:
    """Mark a parcel as delivered, once; the customer gets a mail."""
    order, parcel = _parcel(number, parcel_id)
    actor = signed_in().email
    if not deliveries.deliver(db.session, order, letters(), actor=actor, parcel_id=parcel.id):
        db.session.rollback()
        return orders.page(orders.found(number), error=ARRIVED), 409
    db.session.commit()
    flash("The parcel is marked as delivered, and the customer gets a mail.")
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


def _changed_meanwhile(number: str, parcel_id: int, form: CorrectionForm) -> str:
    """Show what somebody else saved beside what was typed, which the next *Save* puts in place."""
    order, parcel = _parcel(number, parcel_id)
    saved, typed = parcels.tracking_of(parcel), parcels.tracking_of(form.fulfilment(""))
    form.seen.data = seen_of(saved)
    return _page(order, parcel, form, error=CHANGED, theirs=differences(saved, typed))


def _page(
    order: Order,
    parcel: Fulfilment,
    form: CorrectionForm,
    *,
    error: str = "",
    theirs: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "staff/orders/parcel.html",
        order=order,
        parcel=parcel,
        form=form,
        error=error,
        theirs=theirs or {},
    )


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
