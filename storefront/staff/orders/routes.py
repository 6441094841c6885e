"""The addresses of orders."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Order, OrderStatus
from models.inventory import OutOfStockError
from models.order import IllegalTransitionError
from models.staff import Permission
from storefront.extensions import db
from storefront.paging import page_number
from storefront.payments.access import letters
from storefront.staff.access import needs, signed_in
from storefront.staff.listing import address, sorting_asked, words_asked
from storefront.staff.orders import queries, service
from storefront.staff.orders.forms import AttentionForm, FulfilmentForm

bp = Blueprint("orders", __name__, url_prefix="/orders")

ON_HOLD = "This order must be checked before it ships. Nothing was changed."
NOT_HERE = "Not all of this order has arrived, so it cannot ship yet. Nothing was changed."
CHANGED = "What is said of this order has changed meanwhile. Read it again. Nothing was changed."


@bp.get("")
@needs(Permission.SEE)
def index() -> str:
    """List the orders, newest first; ``?status=``, ``?attention=1`` and ``?q=`` narrow the list."""
    wanted = queries.Wanted(_status(), request.args.get("attention") == "1", words_asked())
    sorting = sorting_asked(queries.COLUMNS, "-placed")
    return render_template(
        "staff/orders/index.html",
        page=queries.orders(db.session, wanted, sorting, page_number()),
        wanted=wanted,
        sorting=sorting,
        counts=queries.counts(db.session),
        statuses=OrderStatus,
        address=address,
    )


@bp.get("/<number>")
@needs(Permission.SEE)
def show(number: str) -> str:
    """Show an order with everything that is known of it."""
    return _page(_found(number))


@bp.post("/<number>/fulfilments")
@needs(Permission.SHIP)
def fulfilments_create(number: str) -> ResponseReturnValue:
    """Ship an order: the parcel, its mail and the new status, or nothing."""
    order = _found(number)
    form = FulfilmentForm(request.form)
    if not form.validate():
        return _page(order, shipping=form), 422
    try:
        service.ship(db.session, order, form.fulfilment(signed_in().email), letters())
    except service.OnHoldError:
        return _refused(number, ON_HOLD, shipping=form)
    except OutOfStockError:
        return _refused(number, NOT_HERE, shipping=form)
    except IllegalTransitionError:
        return _refused(number, None, shipping=form)
    db.session.commit()
    flash(f"{number} is marked as shipped, and the customer gets a mail.")
    return redirect(url_for("staff.orders.show", number=number), 303)


@bp.post("/<number>/attention")
@needs(Permission.SHIP)
def attention_update(number: str) -> ResponseReturnValue:
    """Take the flag off an order that was looked at."""
    order = _found(number)
    form = AttentionForm(request.form)
    if not form.validate():
        return _page(order, checking=form), 422
    check = service.Check(form.seen.data or "", str(form.note.data), signed_in().email)
    try:
        service.check_off(db.session, order, check)
    except service.ChangedMeanwhileError:
        return _refused(number, CHANGED, checking=form)
    db.session.commit()
    flash(f"{number} is marked as checked.")
    return redirect(url_for("staff.orders.show", number=number), 303)


def _found(number: str) -> Order:
    order = queries.order(db.session, number)
    if order is None:
        abort(404)
    return order


def _refused(
    number: str,
    error: str | None,
    *,
    shipping: FulfilmentForm | None = None,
    checking: AttentionForm | None = None,
) -> ResponseReturnValue:
    """Undo, and show the order as it is now, with why it was refused and what was typed."""
    db.session.rollback()
    order = _found(number)
    error = error or f"This order is {order.status} by now, so it cannot ship. Nothing was changed."
    return _page(order, error=error, shipping=shipping, checking=checking), 409


def _page(
    order: Order,
    *,
    error: str | None = None,
    shipping: FulfilmentForm | None = None,
    checking: AttentionForm | None = None,
) -> str:
    checking = checking or AttentionForm()
    checking.seen.data = order.attention
    return render_template(
        "staff/orders/show.html",
        order=order,
        payments=queries.payments(db.session, order),
        mails=queries.mails(db.session, order),
        missing=queries.not_here(db.session, order),
        error=error,
        shipping=shipping or FulfilmentForm(),
        checking=checking,
    )


def _status() -> OrderStatus | None:
    typed = request.args.get("status")
    if not typed:
        return None
    if typed not in set(OrderStatus):
        abort(404)
    return OrderStatus(typed)
