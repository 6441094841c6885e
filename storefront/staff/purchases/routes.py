"""The addresses of purchases: suggested, ordered, received."""

from itertools import islice

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Purchase, PurchaseStatus, Supplier
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import id_from
from storefront.mail.letters import Letters
from storefront.paging import page_number
from storefront.staff.access import needs, signed_in
from storefront.staff.listing import address, sorting_asked, words_asked
from storefront.staff.purchases import forms, queries, service
from storefront.staff.purchases.forms import Editor, OrderForm, ReceivedForm
from storefront.staff.purchases.suggestion import Suggestion, suggestions
from storefront.staff.seen import ChangedMeanwhileError

bp = Blueprint("purchases", __name__, url_prefix="/purchases")

INVALID = "Nothing was saved yet. Correct what is marked below."
NONE_CAME = "Enter how many came."
CHANGED = (
    "Somebody changed or received this purchase meanwhile. It is shown as it is now, with what you"
    " typed. Check it and send it again if it still holds. Nothing was changed."
)
NOT_NOW = "This can no longer be done: the purchase is shown as it is now. Nothing was changed."


@bp.get("")
@needs(Permission.SEE_STOCK)
def index() -> str:
    """List the purchases; ``?q=`` searches number and supplier, ``?status=`` has one only."""
    words, sorting = words_asked(), sorting_asked(queries.COLUMNS, "-number")
    status = _status()
    may_buy = signed_in().may(Permission.BUY)
    return render_template(
        "staff/purchases/index.html",
        page=queries.purchases(db.session, words, status, sorting, page_number()),
        suppliers=queries.suppliers(db.session) if may_buy else (),
        statuses=list(PurchaseStatus),
        is_late=queries.is_late,
        sorting=sorting,
        words=words,
        status=status,
        address=address,
    )


@bp.get("/new")
@needs(Permission.BUY)
def new() -> str:
    """Suggest what to buy of ``?supplier=``, to last ``?cover=`` days after it came."""
    supplier, found = _suggested()
    editor = forms.suggested(found, supplier.currency, queries.locations(db.session), None)
    return _suggestion(supplier, found, editor)


@bp.post("/new")
@needs(Permission.BUY)
def create() -> ResponseReturnValue:
    """Write what was suggested and changed as a draft."""
    supplier, found = _suggested()
    locations = queries.locations(db.session)
    editor = forms.suggested(found, supplier.currency, locations, request.form)
    if not editor.validate():
        return _suggestion(supplier, found, editor, INVALID), 422
    purchase = service.create(db.session, supplier, editor.draft(), signed_in().email)
    db.session.commit()
    flash(f"{purchase.number} is written as a draft.")
    return redirect(url_for("staff.purchases.show", number=purchase.number), 303)


@bp.get("/<number>")
@needs(Permission.SEE_STOCK)
def show(number: str) -> str:
    """Show a purchase: a draft to edit, or what is still to come of it."""
    return _page(_found(number))


@bp.post("/<number>")
@needs(Permission.BUY)
def update(number: str) -> ResponseReturnValue:
    """Save a draft."""
    purchase = _found(number, to_change=True)
    editor = forms.of_draft(purchase, queries.locations(db.session), request.form)
    if not editor.validate():
        db.session.rollback()
        return _page(_found(number), editor=editor, error=INVALID), 422
    try:
        service.save(purchase, editor.draft(), editor.form.seen.data or "")
    except service.NotNowError:
        return _refused(number, NOT_NOW)
    except ChangedMeanwhileError:
        db.session.rollback()
        saved = _found(number)
        editor.form.seen.data = service.digest(saved)
        return _page(saved, editor=editor, error=CHANGED), 409
    db.session.commit()
    flash(f"{number} is saved.")
    return redirect(url_for("staff.purchases.show", number=number), 303)


@bp.post("/<number>/order")
@needs(Permission.BUY)
def order(number: str) -> ResponseReturnValue:
    """Order a draft, and mail it to the supplier where that was ticked."""
    purchase, form = _found(number, to_change=True), OrderForm(request.form)
    try:
        service.order(db.session, purchase, signed_in().email)
    except service.NotNowError:
        return _refused(number, NOT_NOW)
    is_mailed = bool(form.mail.data and purchase.supplier.email)
    if is_mailed:
        letters: Letters = current_app.extensions["letters"]
        letters.purchase_ordered(db.session, purchase)
    db.session.commit()
    mailed = f" A mail goes to {purchase.supplier.email}." if is_mailed else ""
    flash(f"{number} is ordered; its units are incoming.{mailed}")
    return redirect(url_for("staff.purchases.show", number=number), 303)


@bp.post("/<number>/receive")
@needs(Permission.ADJUST_STOCK)
def receive(number: str) -> ResponseReturnValue:
    """Take a delivery in, whole or in part; each form once."""
    purchase = _found(number, to_change=True)
    lines = forms.receipts(purchase, request.form)
    wrong = [line for line in lines.values() if not line.validate()]
    if wrong or not any(map(any, forms.came(lines).values())):
        db.session.rollback()
        error = INVALID if wrong else NONE_CAME
        for line in [] if wrong else islice(lines.values(), 1):
            line.received.errors = [NONE_CAME]
        return _page(_found(number), lines=lines, error=error), 422
    seen, actor = request.form.get("seen", ""), signed_in().email
    try:
        more = service.receive(db.session, purchase, forms.came(lines), seen, actor)
    except (service.NotNowError, ChangedMeanwhileError):
        db.session.rollback()
        return _page(_found(number), lines=lines, error=CHANGED), 409
    db.session.commit()
    flash(f"{number}: the delivery is taken in." + (f" {'; '.join(more)}." if more else ""))
    return redirect(url_for("staff.purchases.show", number=number), 303)


@bp.post("/<number>/close")
@needs(Permission.BUY)
def close(number: str) -> ResponseReturnValue:
    """Expect nothing more of a purchase."""
    try:
        service.close(db.session, _found(number, to_change=True), signed_in().email)
    except service.NotNowError:
        return _refused(number, NOT_NOW)
    db.session.commit()
    flash(f"{number} is closed; nothing more is expected of it.")
    return redirect(url_for("staff.purchases.show", number=number), 303)


@bp.post("/<number>/cancel")
@needs(Permission.BUY)
def cancel(number: str) -> ResponseReturnValue:
    """Give a purchase up of which nothing came."""
    try:
        service.cancel(db.session, _found(number, to_change=True), signed_in().email)
    except service.NotNowError:
        return _refused(number, NOT_NOW)
    db.session.commit()
    flash(f"{number} is cancelled.")
    return redirect(url_for("staff.purchases.show", number=number), 303)


def _refused(number: str, error: str) -> ResponseReturnValue:
    db.session.rollback()
    return _page(_found(number), error=error), 409


def _status() -> PurchaseStatus | None:
    typed = request.args.get("status", "")
    if typed and typed not in set(PurchaseStatus):
        abort(404)
    return PurchaseStatus(typed) if typed else None


def _suggested() -> tuple[Supplier, list[Suggestion]]:
    supplier = queries.supplier(db.session, id_from(request.args.get("supplier")) or 0)
    if supplier is None:
        abort(404)
    cover = forms.cover_from(request.args.get("cover"))
    return supplier, list(suggestions(db.session, supplier, cover))


def _found(number: str, *, to_change: bool = False) -> Purchase:
    return queries.purchase(db.session, number[:20], to_change=to_change) or abort(404)


def _suggestion(
    supplier: Supplier, found: list[Suggestion], editor: Editor, error: str | None = None
) -> str:
    return render_template(
        "staff/purchases/new.html",
        supplier=supplier,
        found=found,
        editor=editor,
        cover=forms.cover_from(request.args.get("cover")),
        error=error,
    )


def _page(
    purchase: Purchase,
    *,
    editor: Editor | None = None,
    lines: dict[int, ReceivedForm] | None = None,
    error: str | None = None,
) -> str:
    is_draft = purchase.status is PurchaseStatus.DRAFT
    if is_draft and editor is None:
        editor = forms.of_draft(purchase, queries.locations(db.session), None)
    return render_template(
        "staff/purchases/show.html",
        purchase=purchase,
        editor=editor if is_draft else None,
        order_form=OrderForm(),
        lines=lines or forms.receipts(purchase, None),
        is_open=purchase.status in queries.OPEN,
        is_late=queries.is_late(purchase),
        outstanding=service.outstanding,
        seen=service.digest(purchase),
        error=error,
    )
