"""The addresses of orders."""

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Order, OrderStatus, Payment, balances
from models.order import IllegalTransitionError
from models.staff import Permission
from storefront.checkout.service import latest_payment
from storefront.extensions import db, settings
from storefront.orders.returns import returnable
from storefront.paging import page_number
from storefront.payments.access import gateway, letters
from storefront.payments.gateway import GatewayRefusedError, GatewayUnavailableError
from storefront.payments.outcome import cancel
from storefront.payments.service import settle
from storefront.staff.access import needs, signed_in
from storefront.staff.listing import sorting_asked
from storefront.staff.orders import bulk, queries, service, tags
from storefront.staff.orders.asked import asked
from storefront.staff.orders.forms import (
    AttentionForm,
    EmailForm,
    NoteForm,
    Shipping,
    TagsForm,
    shipping_of,
)
from storefront.staff.orders.timeline import Known, mails, timeline
from storefront.staff.orders.wanted import Wanted
from storefront.staff.refunds import forms as refund_forms
from storefront.staff.refunds.forms import Refunding
from storefront.staff.views import service as views

bp = Blueprint("orders", __name__, url_prefix="/orders")

STILL_PAID = "Give the money back first: a refund can cancel the order. Nothing was changed."
NOT_CANCELLED = "This order can no longer be cancelled. Nothing was changed."
PAID_MEANWHILE = "The buyer has paid meanwhile, so it was not cancelled. Refund it, or ship it."
SILENT = "Stripe does not answer, so the buyer may be paying just now. Try again."
CHANGED = "What is said of this order has changed meanwhile. Read it again. Nothing was changed."


@bp.get("")
@needs(Permission.SEE_ORDERS)
def index() -> ResponseReturnValue:
    """List the orders, newest first; filters, words and sorting stand in the address."""
    found = asked(request.args, settings().timezone, settings().currency)
    sorting = sorting_asked(queries.COLUMNS, "-placed")
    page = queries.orders(db.session, found.wanted, sorting, page_number())
    html = render_template(
        "staff/orders/index.html",
        page=page,
        balances=balances(db.session, page.items),
        wanted=found.wanted,
        form=found.form,
        is_narrowed=found.wanted != Wanted(),
        sorting=sorting,
        ours=queries.views(db.session),
        views=views.of(db.session, "orders", signed_in()),
        tags=tags.known(db.session),
        query=request.query_string.decode("ascii", "ignore"),
        most=bulk.MOST,
        can_print="staff.documents.packing_slips" in current_app.view_functions,
    )
    return html if found.is_right else (html, 422)


@bp.get("/<number>")
@needs(Permission.SEE_ORDERS)
def show(number: str) -> str:
    """Show an order with everything that is known of it.

    ``?worth=1`` with the fields of a refund shows what the chosen units are worth.
    """
    order = found(number)
    if "worth" not in request.args:
        return page(order)
    return page(order, refunding=refund_forms.worked_out(order, refundable(order), request.args))


@bp.post("/<number>/attention")
@needs(Permission.SHIP)
def attention_update(number: str) -> ResponseReturnValue:
    """Take the flag off an order that was looked at."""
    order = found(number)
    form = AttentionForm(request.form)
    if not form.validate():
        return page(order, checking=form), 422
    check = service.Check(form.seen.data or "", str(form.note.data), signed_in().email)
    try:
        service.check_off(db.session, order, check)
    except service.ChangedMeanwhileError:
        return _refused(number, CHANGED, checking=form)
    db.session.commit()
    flash(f"{number} is marked as checked.")
    return redirect(url_for("staff.orders.show", number=number), 303)


@bp.post("/<number>/cancellation")
@needs(Permission.REFUND, proof=True)
def cancellation_create(number: str) -> ResponseReturnValue:
    """End an order that is not paid, or whose money has gone back."""
    order = found(number)
    if order.status is OrderStatus.PENDING:
        return _cancel_unpaid(order)
    is_restocked = "restock" in request.form
    try:
        service.cancel_given_back(db.session, order, actor=signed_in().email, restock=is_restocked)
    except service.StillPaidError:
        return _refused(number, STILL_PAID)
    except IllegalTransitionError:
        return _refused(number, NOT_CANCELLED)
    db.session.commit()
    flash(f"{number} is cancelled.")
    return redirect(url_for("staff.orders.show", number=number), 303)


def _cancel_unpaid(order: Order) -> ResponseReturnValue:
    """Make the payment page unpayable first; what was paid meanwhile is an order."""
    number, actor = order.number, signed_in().email
    payment = latest_payment(db.session, order.id)
    db.release()
    try:
        closed = gateway().expire_session(payment.session_id) if payment.session_id else None
    except (GatewayUnavailableError, GatewayRefusedError):
        return page(found(number), error=SILENT), 503, {"Retry-After": "30"}
    if closed is not None and closed.status != "expired":
        settle(db.session, closed, letters())
        db.session.commit()
        return page(found(number), error=PAID_MEANWHILE), 409
    if not cancel(db.session, found(number), actor=actor, note="Cancelled by staff."):
        return _refused(number, NOT_CANCELLED)
    db.session.commit()
    flash(f"{number} is cancelled, and can no longer be paid.")
    return redirect(url_for("staff.orders.show", number=number), 303)


def found(number: str) -> Order:
    """Return an order as it is now, or answer 404."""
    order = queries.order(db.session, number)
    if order is None:
        abort(404)
    return order


def refundable(order: Order) -> list[Payment]:
    """Return the payments of an order of which money can go back."""
    payments, disputes = queries.payments(db.session, order), queries.disputes(db.session, order)
    return queries.refundable(payments, disputes)


def _refused(
    number: str, error: str, *, checking: AttentionForm | None = None
) -> ResponseReturnValue:
    """Undo, and show the order as it is now, with why it was refused and what was typed."""
    db.session.rollback()
    return page(found(number), error=error, checking=checking), 409


def page(  # noqa: PLR0913 (each form of the page may have been refused)
    order: Order,
    *,
    error: str | None = None,
    shipping: Shipping | None = None,
    checking: AttentionForm | None = None,
    refunding: Refunding | None = None,
    noting: NoteForm | None = None,
    tagging: TagsForm | None = None,
    emailing: EmailForm | None = None,
) -> str:
    """Return an order's page; also for what was typed on it and refused."""
    checking = checking or AttentionForm()
    checking.seen.data = order.attention
    payments, disputes = queries.payments(db.session, order), queries.disputes(db.session, order)
    known = Known(
        payments,
        queries.refunds(db.session, order),
        disputes,
        mails(db.session, order),
    )
    return render_template(
        "staff/orders/show.html",
        order=order,
        balance=balances(db.session, [order])[order.id],
        payments=payments,
        refunds=known.refunds,
        disputes=disputes,
        mails=known.mails,
        returns=queries.returns(db.session, order),
        can_return=any(returnable(db.session, order).values()),
        timeline=timeline(db.session, order, known),
        neighbours=queries.neighbours(db.session, order),
        missing=queries.not_here(db.session, order),
        error=error,
        shipping=shipping or shipping_of(order),
        here=queries.here(db.session, order),
        names=queries.own_names(db.session, order.language, order.lines),
        checking=checking,
        noting=noting or NoteForm(),
        emailing=emailing or EmailForm(data={"email": order.email, "seen": order.email}),
        tagging=tagging or TagsForm(data={"tags": ", ".join(it.tag for it in order.tags)}),
        refunding=refunding or refund_forms.blank(order, queries.refundable(payments, disputes)),
    )
