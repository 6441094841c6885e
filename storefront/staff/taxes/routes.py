"""The addresses of taxes."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import TaxRate
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.formatting import country_name
from storefront.forms import id_from
from storefront.staff.access import needs
from storefront.staff.seen import ChangedMeanwhileError, differences, seen_of
from storefront.staff.taxes import queries, service
from storefront.staff.taxes.forms import TaxForm, tax_form
from storefront.staff.typed import percent_text

bp = Blueprint("taxes", __name__, url_prefix="/taxes")

INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody saved this tax while you were editing. What you typed is still in the form, and what"
    " was saved meanwhile stands above it. Save again to replace that with yours."
)
TAKEN = "This country and region have a tax already. Edit that one, or choose another region."


@bp.get("")
@needs(Permission.EDIT_SHIPPING)
def index() -> str:
    """List the taxes."""
    return render_template(
        "staff/taxes/index.html",
        rates=queries.rates(db.session),
        country_name=country_name,
        percent_text=percent_text,
        by_stripe=settings().taxes_by_stripe,
    )


@bp.get("/new")
@needs(Permission.EDIT_SHIPPING)
def new() -> str:
    """Show an empty tax."""
    return _page(None, tax_form())


@bp.post("/new")
@needs(Permission.EDIT_SHIPPING)
def create() -> ResponseReturnValue:
    """Write a new tax."""
    form = tax_form(request.form)
    if form.validate():
        try:
            service.create(db.session, form.draft())
        except service.PlaceTakenError:
            form.region.errors = [TAKEN]
        else:
            return _done(f"{form.title.data} is saved.")
    return _page(None, form, error=INVALID), 422


@bp.get("/<rate_id>")
@needs(Permission.EDIT_SHIPPING)
def show(rate_id: str) -> str:
    """Show a tax to edit."""
    rate = _found(rate_id)
    return _page(rate, tax_form(rate=rate))


@bp.post("/<rate_id>")
@needs(Permission.EDIT_SHIPPING)
def update(rate_id: str) -> ResponseReturnValue:
    """Save a tax."""
    rate, form = _found(rate_id, to_change=True), tax_form(request.form)
    error, status, theirs = INVALID, 422, {}
    if form.validate():
        try:
            service.save(db.session, rate, form.draft(), form.seen.data or "")
        except service.PlaceTakenError:
            form.region.errors = [TAKEN]
        except ChangedMeanwhileError:
            error, status, theirs = CHANGED, 409, _theirs(form, rate)
        else:
            return _done(f"{form.title.data} is saved.")
    db.session.rollback()
    return _page(_found(rate_id), form, error=error, theirs=theirs), status


@bp.post("/<rate_id>/remove")
@needs(Permission.EDIT_SHIPPING)
def remove(rate_id: str) -> ResponseReturnValue:
    """Delete a tax; orders keep what they were told."""
    rate = _found(rate_id, to_change=True)
    db.session.delete(rate)
    return _done(f"{rate.title} is removed.")


def _found(typed: str, *, to_change: bool = False) -> TaxRate:
    rate = queries.rate(db.session, id_from(typed) or 0, to_change=to_change)
    if rate is None:
        abort(404)
    return rate


def _done(message: str) -> ResponseReturnValue:
    db.session.commit()
    flash(message)
    return redirect(url_for("staff.taxes.index"), 303)


def _theirs(form: TaxForm, rate: TaxRate) -> dict[str, str]:
    """Return what was saved meanwhile, and let the form be sent as having seen it."""
    saved, typed = queries.words(rate), queries.words(service.rate_of(form.draft()))
    form.seen.data = seen_of(saved)
    found = differences(saved, typed)
    return {str(form[name].label.text): text for name, text in found.items()}


def _page(
    rate: TaxRate | None,
    form: TaxForm,
    *,
    error: str | None = None,
    theirs: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "staff/taxes/show.html", rate=rate, form=form, error=error, theirs=theirs or {}
    )
