"""The addresses by which the buyer of an order changes it in time."""

from flask import Blueprint, Response, abort, redirect, request
from flask.typing import ResponseReturnValue

from models import Order
from models.order import IllegalTransitionError
from storefront.changes import forms, service
from storefront.changes.forms import AddressForm, Keeping, KeyForm
from storefront.extensions import db
from storefront.languages import lazy_gettext
from storefront.logs import log
from storefront.orders.private import private_page
from storefront.orders.queries import by_number, changes_until, order_url
from storefront.payments.access import letters
from storefront.payments.refunded_units import UnitsError
from storefront.payments.refunds import TooMuchError
from storefront.payments.routes import asked

bp = Blueprint("changes", __name__, url_prefix="/orders/<number>/change")

INVALID = lazy_gettext("Nothing was changed yet. Correct what is marked below.")
TOO_LATE = lazy_gettext(
    "It is too late to change this here: we have the order in hand. Nothing was changed."
)
MEANWHILE = lazy_gettext("This order has changed meanwhile. Look at it again. Nothing was changed.")
ASK_US = lazy_gettext(
    "This order needs a look by us. Ask us below the order, and we do it. Nothing was changed."
)
INCOMPLETE = lazy_gettext("The form was not complete. Send it again. Nothing was changed.")
KEEPS_NOTHING = lazy_gettext(
    "Nothing would be left of it. To cancel the order, use the button below."
)
OTHER_PRICE = lazy_gettext(
    "Shipping or tax costs something else there, so the order cannot go there as it was paid."
    " Cancel it below, and order again."
)


@bp.get("")
def show(number: str) -> ResponseReturnValue:
    """Show what its buyer can change of an order, or that it is too late."""
    return _page(_found(number))


@bp.post("/address")
def address(number: str) -> ResponseReturnValue:
    """Let an order go elsewhere."""
    order = _found(number)
    form = forms.address_form(order, request.form)
    if not form.validate():
        return _page(order, address=form, error=INVALID), 422
    try:
        if moved := service.readdress(db.session, order.id, form.address):
            letters().address_changed(db.session, moved)
    except service.TooLateError:
        return _refused(number, TOO_LATE, address=form)
    except service.OtherPriceError as wrong:
        db.session.rollback()
        form[wrong.part].errors = [OTHER_PRICE]
        return _page(_found(number), address=form, error=INVALID), 422
    db.session.commit()
    return redirect(order_url(order, said="address"), 303)


@bp.post("/quantities")
def quantities(number: str) -> ResponseReturnValue:
    """Take units off an order, and give back what they cost, once for each form."""
    order = _found(number)
    typed = Keeping(order, request.form)
    if not typed.validate():
        return _page(order, keeping=typed, error=INVALID), 422
    if typed.keeps_nothing:
        return _page(order, keeping=typed, error=KEEPS_NOTHING), 422
    try:
        refund = service.reduce(db.session, order.id, typed.fewer())
    except service.TooLateError:
        return _refused(number, TOO_LATE, keeping=typed)
    except service.NotWorthError:
        return _refused(number, ASK_US, keeping=typed)
    except (UnitsError, TooMuchError, service.NothingChangedError, service.NothingLeftError):
        return _refused(number, MEANWHILE)
    db.session.commit()
    log.info("order changed by its buyer", extra={"order": number, "event": "units"})
    address = order_url(order, said="quantities")
    asked(refund.id)
    return redirect(address, 303)


@bp.post("/cancellation")
def cancellation(number: str) -> ResponseReturnValue:
    """Cancel an order and give its money back, once."""
    order, form = _found(number), KeyForm(request.form)
    if not form.is_whole:
        return _page(order, error=INCOMPLETE), 422
    try:
        refund = service.cancel(db.session, order.id, f"{number}-cancel-{form.key.data}")
    except (service.TooLateError, IllegalTransitionError):
        return _refused(number, TOO_LATE)
    except service.NotWorthError:
        return _refused(number, ASK_US)
    except (UnitsError, TooMuchError):
        return _refused(number, MEANWHILE)
    db.session.commit()
    log.info("order changed by its buyer", extra={"order": number, "event": "cancelled"})
    address = order_url(order, said="cancelled")
    if refund:
        asked(refund.id)
    return redirect(address, 303)


def _found(number: str) -> Order:
    return by_number(db.session, number, request.values.get("token", "")) or abort(404)


def _refused(
    number: str, why: str, *, address: AddressForm | None = None, keeping: Keeping | None = None
) -> ResponseReturnValue:
    """Undo, and show the order as it is now, with what was typed."""
    db.session.rollback()
    return _page(_found(number), address=address, keeping=keeping, error=why), 409


def _page(
    order: Order,
    *,
    address: AddressForm | None = None,
    keeping: Keeping | None = None,
    error: str | None = None,
) -> Response:
    return private_page(
        "changes/show.html",
        order=order,
        order_url=order_url(order),
        until=changes_until(order),
        address=address or forms.address_form(order),
        keeping=keeping or Keeping(order),
        error=error,
    )
