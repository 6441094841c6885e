"""The addresses that change a paid order before it ships."""

from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Order, OrderStatus
from models.staff import Permission
from storefront.cart.pages import terms
from storefront.changes import service as changes
from storefront.extensions import db
from storefront.formatting import money
from storefront.payments.access import letters
from storefront.payments.refunded_units import UnitsError
from storefront.payments.refunds import TooMuchError
from storefront.payments.routes import asked
from storefront.staff.access import needs, signed_in
from storefront.staff.drafts import queries as drafts
from storefront.staff.edits import forms, service
from storefront.staff.edits.adding import More, add, added, linked
from storefront.staff.edits.adding_form import Adding, adding
from storefront.staff.edits.forms import AddressForm, Editing
from storefront.staff.orders import queries
from storefront.staff.orders import routes as orders
from storefront.staff.refunds.routes import SAID
from storefront.staff.seen import ChangedMeanwhileError, differences

bp = Blueprint("edits", __name__, url_prefix="/orders/<number>/edit")

INVALID = "Nothing was saved yet. Correct what is marked below."
TOO_LATE = "This order can no longer be changed: it is not paid, or it has shipped or ended."
CHANGED = (
    "Somebody changed this address while you were editing. What you typed is still in the form,"
    " and what was saved meanwhile stands above it. Save again to replace that with yours."
)
ADDED = (
    "Something was added to this order meanwhile; it stands on the order's page. What you typed is"
    " still in the form. Write the draft again to add that too."
)
WHY_NOT: Mapping[type[Exception], str] = {
    service.NotEditableError: TOO_LATE,
    changes.NothingChangedError: "Enter fewer units of a line than it has. Nothing was changed.",
    changes.NothingLeftError: (
        "No unit would be left. Give the money back on the order's page and cancel it there."
    ),
    changes.NotWorthError: (
        "What these units cost is not left of one payment. Give money back on the order's page."
    ),
    UnitsError: "Some of these units have shipped or were refunded meanwhile. Look again.",
    TooMuchError: "Money went back meanwhile. Look again. Nothing was changed.",
}


@bp.get("")
@needs(Permission.EDIT_ORDERS)
def show(number: str) -> ResponseReturnValue:
    """Show what can be changed of an order."""
    order = orders.found(number)
    if order.status is not OrderStatus.PAID:
        return redirect(url_for("staff.orders.show", number=number), 303)
    return _page(order)


@bp.post("/address")
@needs(Permission.EDIT_ORDERS)
def address(number: str) -> ResponseReturnValue:
    """Let an order go elsewhere."""
    order = orders.found(number)
    form = forms.address_form(order, request.form)
    if not form.validate():
        return _page(order, address=form, error=INVALID), 422
    typed, theirs = form.address, {}
    try:
        moved = service.readdress(
            db.session, order.id, typed, seen=form.seen.data or "", actor=signed_in().email
        )
    except service.NotEditableError:
        why = TOO_LATE
    except ChangedMeanwhileError:
        why = CHANGED
    else:
        if moved:
            letters().address_changed(db.session, moved)
        db.session.commit()
        flash(f"The address of {number} is saved." + (" The buyer gets a mail." if moved else ""))
        return redirect(url_for("staff.orders.show", number=number), 303)
    db.session.rollback()
    order = orders.found(number)
    if why == CHANGED:
        theirs = differences(changes.address_of(order), typed)
        form.seen.data = service.fingerprint(order)
    return _page(order, address=form, error=why, theirs=theirs), 409


@bp.post("/units")
@needs(Permission.REFUND, proof=True)
def units(number: str) -> ResponseReturnValue:
    """Take units off an order, and give back what they cost, once for each form."""
    order = orders.found(number)
    typed = forms.editing(order, request.form)
    if not typed.validate():
        return _page(order, editing=typed, error=INVALID), 422
    try:
        refund = service.take_away(
            db.session, order.id, typed.fewer(signed_in().email), orders.refundable(order)
        )
    except tuple(WHY_NOT) as why:
        db.session.rollback()
        order = orders.found(number)
        again = forms.editing(order, request.form)
        status = 422 if isinstance(why, changes.NothingChangedError) else 409
        return _page(order, editing=again, error=WHY_NOT[type(why)]), status
    db.session.commit()
    refund = asked(refund.id)
    flash(f"{number} is changed. {SAID[refund.status].format(money(refund.amount))}")
    return redirect(url_for("staff.orders.show", number=number), 303)


@bp.post("/more")
@needs(Permission.EDIT_ORDERS)
def more(number: str) -> ResponseReturnValue:
    """Write the draft of what is added to an order; its buyer pays it by a link."""
    order = orders.found(number)
    typed = adding(order, request.form)
    variants = drafts.by_sku(db.session, typed.skus)
    if not typed.validate(variants, order.total.currency):
        return _page(order, more=typed, error=INVALID), 422
    wanted = More(
        typed.lines,
        waits=bool(typed.form.waits.data),
        actor=signed_in().email,
        seen=typed.form.seen.data or "",
    )
    try:
        draft = add(db.session, order.id, wanted, terms())
    except (service.NotEditableError, ChangedMeanwhileError) as why:
        db.session.rollback()
        order = orders.found(number)
        again = adding(order, request.form)
        again.form.seen.data = added(db.session, order)
        error = ADDED if isinstance(why, ChangedMeanwhileError) else TOO_LATE
        return _page(order, more=again, error=error), 409
    db.session.commit()
    flash(f"{draft.number} is a draft with what is added. Send the buyer its link to pay.")
    return redirect(url_for("staff.drafts.show", number=draft.number), 303)


@bp.app_context_processor
def links() -> dict[str, Callable[[Order], Sequence[Order]]]:
    """Give the page of an order those that ship with it, where it asks."""
    return {"ships_with": lambda order: linked(db.session, order)}


def _page(  # noqa: PLR0913 (each form of the page may have been refused)
    order: Order,
    *,
    more: Adding | None = None,
    address: AddressForm | None = None,
    editing: Editing | None = None,
    error: str | None = None,
    theirs: Mapping[str, str] | None = None,
) -> str:
    more = more or adding(order)
    if more.form.seen.data is None:
        more.form.seen.data = added(db.session, order)
    return render_template(
        "staff/edits/show.html",
        order=order,
        address=address or forms.address_form(order),
        editing=editing or forms.editing(order),
        names=queries.own_names(db.session, order.language, order.lines),
        more=more,
        error=error,
        theirs=theirs or {},
    )
