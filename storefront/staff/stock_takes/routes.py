"""The addresses of stock takes."""

import secrets

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from models import StockTake, StockTakeStatus
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.staff.access import needs, signed_in
from storefront.staff.inventory.service import BundleError
from storefront.staff.listing import words_asked
from storefront.staff.locations import queries as locations
from storefront.staff.stock_takes import queries, service
from storefront.staff.stock_takes.forms import BookForm, CountForm, TakeForm

bp = Blueprint("stock_takes", __name__, url_prefix="/stock-takes")

MOST_UNCOUNTED = 50
UNKNOWN = "No variant, or more than one, has this SKU or barcode. Type the SKU."
IS_BUNDLE = "This is a bundle: count its parts."
CLOSED = "This stock take is closed. Nothing was changed."
CAMERA = "camera=(self), geolocation=(), microphone=(), payment=(), usb=()"


@bp.get("")
@needs(Permission.ADJUST_STOCK)
def index() -> str:
    """List the stock takes, and open another."""
    return _list(_take_form())


@bp.post("")
@needs(Permission.ADJUST_STOCK)
def create() -> ResponseReturnValue:
    """Open a stock take of a location."""
    form = _take_form()
    if not form.validate():
        return _list(form), 422
    take = StockTake(
        title=str(form.title.data),
        location_id=int(form.location.data),
        actor=signed_in().email,
    )
    db.session.add(take)
    db.session.commit()
    return redirect(url_for("staff.stock_takes.show", take_id=take.id), 303)


@bp.get("/<take_id>")
@needs(Permission.ADJUST_STOCK)
def show(take_id: str) -> Response:
    """Show what is counted, what differs and what is left; the place to scan."""
    return _page(_found(take_id))


@bp.post("/<take_id>/counts")
@needs(Permission.ADJUST_STOCK)
def counts_create(take_id: str) -> ResponseReturnValue:
    """Count one scan, or a quantity that was typed."""
    take, form = _found(take_id), CountForm(request.form)
    if take.status is not StockTakeStatus.OPEN:
        return _page(take, error=CLOSED), 409
    if not form.validate():
        return _page(take, form=form), 422
    try:
        variant = service.variant_of(db.session, str(form.code.data))
        counted = service.count(
            db.session,
            take.id,
            variant.id,
            form.units,
            adds=form.adds,
            actor=signed_in().email,
            key=str(form.key.data or ""),
        )
    except (service.UnknownCodeError, BundleError) as wrong:
        db.session.rollback()
        form.code.errors = [IS_BUNDLE if isinstance(wrong, BundleError) else UNKNOWN]
        return _page(_found(take_id), form=form), 422
    except service.ClosedError:
        db.session.rollback()
        return _page(_found(take_id), error=CLOSED), 409
    db.session.commit()
    flash(f"{variant.sku}: {counted} counted.")
    return redirect(url_for("staff.stock_takes.show", take_id=take.id), 303)


@bp.post("/<take_id>/book")
@needs(Permission.ADJUST_STOCK)
def book(take_id: str) -> ResponseReturnValue:
    """Adjust the stock by every difference, once."""
    take, form = _found(take_id), BookForm(request.form)
    if take.status is not StockTakeStatus.OPEN:
        return _page(take, error=CLOSED), 409
    if not form.validate():
        return _page(take, book_form=form), 422
    try:
        changed = service.book(db.session, take.id, str(form.reason.data), signed_in().email)
    except service.ClosedError:
        db.session.rollback()
        return _page(_found(take_id), error=CLOSED), 409
    except service.RefusedError as refused:
        db.session.rollback()
        error = (
            f"Fewer were counted than are reserved or unavailable: {', '.join(refused.skus)}."
            " Count them again, or release what is promised. Nothing was booked."
        )
        return _page(_found(take_id), error=error, book_form=form), 409
    db.session.commit()
    flash(
        f"{take.title} is booked: {changed} {'variant' if changed == 1 else 'variants'} adjusted."
    )
    return redirect(url_for("staff.stock_takes.show", take_id=take.id), 303)


@bp.post("/<take_id>/drop")
@needs(Permission.ADJUST_STOCK)
def drop(take_id: str) -> ResponseReturnValue:
    """Close it; no stock changes, and what was counted stays to be read."""
    take = _found(take_id)
    try:
        service.drop(db.session, take.id)
    except service.ClosedError:
        db.session.rollback()
        return _page(_found(take_id), error=CLOSED), 409
    db.session.commit()
    flash(f"{take.title} is dropped. No stock was changed.")
    return redirect(url_for("staff.stock_takes.index"), 303)


def _found(typed: str) -> StockTake:
    return queries.take(db.session, id_from(typed) or 0) or abort(404)


def _take_form() -> TakeForm:
    sent = request.form if request.method == "POST" else None
    return TakeForm(sent).offer(locations.active(db.session))


def _list(form: TakeForm) -> str:
    page = queries.takes(db.session, page_number())
    return render_template("staff/stock_takes/index.html", page=page, form=form)


def _page(
    take: StockTake,
    *,
    form: CountForm | None = None,
    book_form: BookForm | None = None,
    error: str | None = None,
) -> Response:
    words, form = words_asked(), form or CountForm()
    if book_form and book_form.errors:
        form.code.render_kw = {**form.code.render_kw, "autofocus": False}
    page = render_template(
        "staff/stock_takes/show.html",
        take=take,
        is_open=take.status is StockTakeStatus.OPEN,
        page=queries.counts(db.session, take.id, page_number()),
        progress=queries.progress(db.session, take.id),
        left=queries.uncounted(db.session, take, words, MOST_UNCOUNTED),
        words=words,
        form=form,
        scan_key=secrets.token_hex(16),
        book_form=book_form or BookForm(),
        error=error,
    )
    answer = make_response(page)
    answer.headers["Permissions-Policy"] = CAMERA
    return answer
