"""The addresses of returns."""

from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Order, Return, ReturnStatus
from models.goods_return import EXCHANGE_KEPT_FOR
from models.staff import Permission
from models.stock import OutOfStockError
from storefront.extensions import db, storage
from storefront.logs import log
from storefront.media.reading import RefusedError
from storefront.orders import labels
from storefront.orders import returns as service
from storefront.paging import page_number
from storefront.payments.access import letters
from storefront.returns.routes import label_answer
from storefront.sent_pictures import service as sent_pictures
from storefront.sent_pictures.answer import answer as picture_answer
from storefront.staff.access import needs, signed_in
from storefront.staff.listing import address
from storefront.staff.onward import back_or
from storefront.staff.orders import queries as orders
from storefront.staff.returns import queries
from storefront.staff.returns.forms import AnswerForm, Receiving, Writing
from storefront.storage import StorageError

bp = Blueprint("returns", __name__, url_prefix="/returns")

MEANWHILE = "Somebody has done this meanwhile: look at how far it is. Nothing was changed."
SOLD_OUT = (
    "What the buyer wants in exchange has sold out meanwhile. Accept it for her money instead, or"
    " decline it. Nothing was changed."
)
AWAY = "The label cannot be kept at the moment. Nothing was saved; try again soon."
TOO_MANY = "Fewer of these units can come back by now. Look again. Nothing was changed."


@bp.get("")
@needs(Permission.SEE_ORDERS)
def index() -> str:
    """List the returns, newest first; ``?status=`` narrows the list."""
    typed = request.args.get("status")
    if typed and typed not in set(ReturnStatus):
        abort(404)
    status = ReturnStatus(typed) if typed else None
    return render_template(
        "staff/returns/index.html",
        page=queries.returns(db.session, status, page_number()),
        status=status,
        statuses=ReturnStatus,
        counts=queries.counts(db.session),
        address=address,
    )


@bp.get("/new/<number>")
@needs(Permission.EDIT_ORDERS)
def new(number: str) -> str:
    """Show the form of a return of an order."""
    order = _order(number)
    return _form(order, Writing(order, service.returnable(db.session, order)))


@bp.post("/new/<number>")
@needs(Permission.EDIT_ORDERS)
def create(number: str) -> ResponseReturnValue:
    """Write a return down, as a buyer asked for it by letter or telephone."""
    order = _order(number)
    typed = Writing(order, service.returnable(db.session, order), request.form)
    if not typed.lines:
        typed.error = TOO_MANY
        return _form(order, typed), 409
    if not typed.validate():
        return _form(order, typed), 422
    reason, note = str(typed.form.reason.data), typed.form.note.data or ""
    asked = {line_id: service.Asked(n, reason) for line_id, n in typed.chosen.items()}
    try:
        made = service.request(db.session, order, asked, note=note, actor=signed_in().email)
    except service.TooManyUnitsError:
        db.session.rollback()
        typed.error = TOO_MANY
        return _form(order, typed), 409
    db.session.commit()
    flash("The return is written down. Accept or decline it.")
    return redirect(url_for("staff.returns.show", return_id=made.id), 303)


@bp.get("/<int:return_id>")
@needs(Permission.SEE_ORDERS)
def show(return_id: int) -> str:
    """Show a return, and what comes next."""
    return _page(_found(return_id))


@bp.post("/<int:return_id>/decision")
@needs(Permission.EDIT_ORDERS)
def decision_create(return_id: int) -> ResponseReturnValue:
    """Accept a return, for money alone or for what the buyer asked, or decline it, with words."""
    found, decision = _found(return_id), request.form.get("decision", "")
    form, accept = AnswerForm(request.form), decision in {"accept", "refund"}
    form.declines = not accept
    if not form.validate():
        return _page(found, form=form), 422
    try:
        service.decide(
            db.session,
            _order_of(found),
            found.id,
            letters(),
            accept=accept,
            actor=_me(),
            answer=form.answer.data or "",
            exchanged=decision == "accept",
        )
    except service.DecidedMeanwhileError:
        return _refused(return_id)
    except OutOfStockError:
        db.session.rollback()
        return _page(_found(return_id), form=form, error=SOLD_OUT), 409
    return _done(return_id, "accepted" if accept else "declined", "The buyer gets a mail.")


@bp.post("/<int:return_id>/label")
@needs(Permission.EDIT_ORDERS)
def label_create(return_id: int) -> ResponseReturnValue:
    """Add the label that the buyer fixes to her parcel."""
    _found(return_id)
    db.release()  # reading a picture takes a while
    try:
        label = labels.label_from(request.files.get("label"))
        storage().put(labels.label_file(label.key), label.content)
    except RefusedError as wrong:
        return _page(_found(return_id), label_error=str(wrong)), 422
    except StorageError:
        log.exception("label not kept")
        return _page(_found(return_id), label_error=AWAY), 503
    found = _found(return_id)
    try:
        labels.add(db.session, _order_of(found), found.id, label, letters(), actor=_me())
    except service.DecidedMeanwhileError:
        db.session.rollback()
        storage().delete(labels.label_file(label.key))
        return _refused(return_id)
    db.session.commit()
    flash("The label is there, and the buyer gets a mail.")
    return back_or(url_for("staff.returns.show", return_id=return_id))


@bp.get("/<int:return_id>/label")
@needs(Permission.SEE_ORDERS)
def label(return_id: int) -> ResponseReturnValue:
    """Give the label of a return."""
    return label_answer(_found(return_id))


@bp.get("/<int:return_id>/pictures/<key>-<size>.webp")
@needs(Permission.SEE_ORDERS)
def picture(return_id: int, key: str, size: str) -> ResponseReturnValue:
    """Give a picture that the buyer sent with a return."""
    found = sent_pictures.by_key(db.session, key)
    return picture_answer(found if found and found.return_id == return_id else None, size)


@bp.post("/<int:return_id>/receipt")
@needs(Permission.SHIP)
def receipt_create(return_id: int) -> ResponseReturnValue:
    """Say what of a return has come, and what becomes of it."""
    found = _found(return_id)
    typed = Receiving(found, request.form)
    if not typed.validate():
        return _page(found, typed), 422
    try:
        service.receive(db.session, _order_of(found), found.id, letters(), typed.back, actor=_me())
    except service.DecidedMeanwhileError:
        return _refused(return_id)
    return _done(return_id, "received", "The buyer gets a mail.")


@bp.post("/<int:return_id>/closing")
@needs(Permission.EDIT_ORDERS)
def closing_create(return_id: int) -> ResponseReturnValue:
    """End a return that was received without giving money back."""
    found = _found(return_id)
    try:
        service.close(db.session, _order_of(found), found.id, letters(), actor=_me())
    except service.DecidedMeanwhileError:
        return _refused(return_id)
    return _done(return_id, "closed", "No money went back for it.")


def _me() -> str:
    return signed_in().email


def _order(number: str) -> Order:
    order = orders.order(db.session, number)
    if order is None:
        abort(404)
    return order


def _order_of(found: Return) -> Order:
    return _order(found.order.number)


def _found(return_id: int) -> Return:
    found = queries.by_id(db.session, return_id) if return_id < 2**31 else None
    if found is None:
        abort(404)
    return found


def _done(return_id: int, word: str, more: str) -> ResponseReturnValue:
    db.session.commit()
    flash(f"The return is {word}. {more}")
    return back_or(url_for("staff.returns.show", return_id=return_id))


def _refused(return_id: int) -> ResponseReturnValue:
    db.session.rollback()
    return _page(_found(return_id), error=MEANWHILE), 409


def _page(
    found: Return,
    typed: Receiving | None = None,
    error: str = "",
    *,
    form: AnswerForm | None = None,
    label_error: str = "",
) -> str:
    typed = typed or Receiving(found)
    return render_template(
        "staff/returns/show.html",
        found=found,
        names=orders.own_names(db.session, found.order.language, [it.line for it in found.lines]),
        typed=typed,
        error=error,
        form=form or AnswerForm(),
        label_error=label_error,
        exchange_days=EXCHANGE_KEPT_FOR.days,
        has_exchange=any(it.exchange_variant_id for it in found.lines),
        pictures=sent_pictures.of_return(db.session, found.id),
        picture_url=lambda it, size: url_for(
            "staff.returns.picture", return_id=found.id, key=it.key, size=size
        ),
        refund_url=_refund_url(found),
    )


def _refund_url(found: Return) -> str:
    """Return the address of the refund's form with the units that came filled in."""
    units = {f"line-{line}-units": n for line, n in service.units_of(found).items()}
    query = {"worth": "1", "goods_return": found.id, "reason": f"Return {found.id}", **units}
    base = url_for("staff.orders.show", number=found.order.number)
    return f"{base}?{urlencode(query)}#refund"


def _form(order: Order, typed: Writing) -> str:
    names = orders.own_names(db.session, order.language, order.lines)
    return render_template("staff/returns/new.html", order=order, typed=typed, names=names)
