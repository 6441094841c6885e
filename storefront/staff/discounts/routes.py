"""The addresses of discounts."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Discount, now
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.staff.access import needs
from storefront.staff.discounts import queries, service
from storefront.staff.discounts.forms import Choices, DiscountForm
from storefront.staff.listing import sorting_asked, words_asked
from storefront.staff.seen import ChangedMeanwhileError

bp = Blueprint("discounts", __name__, url_prefix="/discounts")

INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody saved this discount while you were editing. What you typed is still in the form, and"
    " what was saved meanwhile stands above it. Save again to replace that with yours."
)
TAKEN = "Another discount has this code. Choose another one."
WAS_USED = "Orders have used this discount, so it cannot be deleted. End it instead."


@bp.get("")
@needs(Permission.EDIT_DISCOUNTS)
def index() -> str:
    """List the discounts; ``?q=`` searches title and code."""
    words, sorting = words_asked(), sorting_asked(queries.COLUMNS, "-saved")
    return render_template(
        "staff/discounts/index.html",
        page=queries.discounts(db.session, words, sorting, page_number()),
        sorting=sorting,
        words=words,
    )


@bp.get("/new")
@needs(Permission.EDIT_DISCOUNTS)
def new() -> str:
    """Show an empty discount."""
    return _page(None, _choices().form())


@bp.post("/new")
@needs(Permission.EDIT_DISCOUNTS)
def create() -> ResponseReturnValue:
    """Write a new discount."""
    form = _choices().form(request.form)
    if not form.validate():
        return _page(None, form, error=INVALID), 422
    try:
        discount = service.create(db.session, form.draft())
    except service.CodeTakenError:
        form.code.errors = [TAKEN]
        return _page(None, form, error=INVALID), 422
    db.session.commit()
    flash(f"{discount.title} is saved.")
    return redirect(url_for("staff.discounts.index"), 303)


@bp.get("/<discount_id>")
@needs(Permission.EDIT_DISCOUNTS)
def show(discount_id: str) -> str:
    """Show a discount to edit."""
    discount = _found(discount_id)
    return _page(discount, _choices().form(discount=discount))


@bp.post("/<discount_id>")
@needs(Permission.EDIT_DISCOUNTS)
def update(discount_id: str) -> ResponseReturnValue:
    """Save a discount."""
    discount, choices = _found(discount_id, to_change=True), _choices()
    form = choices.form(request.form, discount)
    if not form.validate():
        db.session.rollback()
        return _page(_found(discount_id), form, error=INVALID), 422
    draft, status, error = form.draft(), 409, INVALID
    theirs: dict[str, str] = {}
    try:
        service.save(db.session, discount, draft, form.seen.data or "")
    except ChangedMeanwhileError:
        theirs, error = choices.differences(discount, draft, form), CHANGED
        form.seen.data = discount.updated_at.isoformat()
    except service.UsedMoreOftenError as used:
        form.max_uses.errors = [f"It has been used {used} times already: enter no less."]
    except service.CodeTakenError:
        form.code.errors, status = [TAKEN], 422
    else:
        db.session.commit()
        flash(f"{draft.title} is saved.")
        return redirect(url_for("staff.discounts.index"), 303)
    db.session.rollback()
    return _page(_found(discount_id), form, error=error, theirs=theirs), status


@bp.post("/<discount_id>/end")
@needs(Permission.EDIT_DISCOUNTS)
def end(discount_id: str) -> ResponseReturnValue:
    """Let nobody have a discount any more."""
    discount = _found(discount_id, to_change=True)
    service.end(discount)
    db.session.commit()
    flash(f"{discount.title} has ended.")
    return redirect(url_for("staff.discounts.index"), 303)


@bp.post("/<discount_id>/remove")
@needs(Permission.EDIT_DISCOUNTS)
def remove(discount_id: str) -> ResponseReturnValue:
    """Delete a discount that was never used."""
    discount = _found(discount_id, to_change=True)
    try:
        service.remove(db.session, discount)
    except service.WasUsedError:
        db.session.rollback()
        found = _found(discount_id)
        return _page(found, _choices().form(discount=found), error=WAS_USED), 409
    db.session.commit()
    flash(f"{discount.title} is deleted.")
    return redirect(url_for("staff.discounts.index"), 303)


def _choices() -> Choices:
    chosen = settings()
    return Choices(chosen.currencies, queries.collections(db.session), chosen.timezone)


def _found(typed: str, *, to_change: bool = False) -> Discount:
    discount = queries.discount(db.session, id_from(typed) or 0, to_change=to_change)
    if discount is None:
        abort(404)
    return discount


def _page(
    discount: Discount | None,
    form: DiscountForm,
    *,
    error: str | None = None,
    theirs: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "staff/discounts/show.html",
        discount=discount,
        state=queries.state_of(discount, now()) if discount else None,
        was_used=discount is not None and queries.was_used(db.session, discount.id),
        form=form,
        error=error,
        theirs=theirs or {},
    )
