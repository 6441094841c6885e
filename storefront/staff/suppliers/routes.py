"""The addresses of suppliers."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Supplier
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.staff.access import needs
from storefront.staff.listing import sorting_asked, words_asked
from storefront.staff.seen import ChangedMeanwhileError
from storefront.staff.suppliers import forms, queries, service
from storefront.staff.suppliers.forms import SupplierForm

bp = Blueprint("suppliers", __name__, url_prefix="/suppliers")

INVALID = "Nothing was saved yet. Correct what is marked below."
TAKEN = "Another supplier has this name."
CHANGED = (
    "Somebody saved this supplier while you were editing. What you typed is still in the form, and"
    " what was saved meanwhile stands beside it. Save again to replace that with yours."
)


@bp.get("")
@needs(Permission.BUY)
def index() -> str:
    """List the suppliers; ``?q=`` searches name and email address."""
    words, sorting = words_asked(), sorting_asked(queries.COLUMNS, "name")
    return render_template(
        "staff/suppliers/index.html",
        page=queries.suppliers(db.session, words, sorting, page_number()),
        sorting=sorting,
        words=words,
    )


@bp.get("/new")
@needs(Permission.BUY)
def new() -> str:
    """Show an empty supplier."""
    return _page(None, forms.shown(None, settings().currencies))


@bp.post("/new")
@needs(Permission.BUY)
def create() -> ResponseReturnValue:
    """Write a new supplier."""
    form = forms.posted(request.form, None, settings().currencies)
    variants = queries.variants_by_sku(db.session, form.skus) if form.validate() else None
    if variants is None or not form.find(variants):
        return _page(None, form, INVALID), 422
    try:
        supplier = service.create(db.session, form.draft(variants))
    except service.NameTakenError:
        form.name.errors = [TAKEN]
        return _page(None, form, INVALID), 422
    db.session.commit()
    flash(f"{supplier.name} is saved.")
    return redirect(url_for("staff.suppliers.show", supplier_id=supplier.id), 303)


@bp.get("/<supplier_id>")
@needs(Permission.BUY)
def show(supplier_id: str) -> str:
    """Show a supplier to edit."""
    supplier = _found(supplier_id)
    return _page(supplier, forms.shown(supplier, settings().currencies))


@bp.post("/<supplier_id>")
@needs(Permission.BUY)
def update(supplier_id: str) -> ResponseReturnValue:
    """Save a supplier with its items."""
    supplier = _found(supplier_id, to_change=True)
    form = forms.posted(request.form, supplier, settings().currencies)
    variants = queries.variants_by_sku(db.session, form.skus) if form.validate() else None
    if variants is None or not form.find(variants):
        db.session.rollback()
        return _page(_found(supplier_id), form, INVALID), 422
    try:
        service.save(db.session, supplier, form.draft(variants), form.seen.data or "")
    except service.NameTakenError:
        db.session.rollback()
        form.name.errors = [TAKEN]
        return _page(_found(supplier_id), form, INVALID), 422
    except ChangedMeanwhileError:
        db.session.rollback()
        saved = _found(supplier_id)
        theirs = forms.shown(saved, settings().currencies)
        form.seen.data = theirs.seen.data
        return _page(saved, form, CHANGED, theirs), 409
    db.session.commit()
    flash(f"{supplier.name} is saved.")
    return redirect(url_for("staff.suppliers.show", supplier_id=supplier.id), 303)


def _found(typed: str, *, to_change: bool = False) -> Supplier:
    found = queries.supplier(db.session, id_from(typed) or 0, to_change=to_change)
    return found or abort(404)


def _page(
    supplier: Supplier | None,
    form: SupplierForm,
    error: str | None = None,
    theirs: SupplierForm | None = None,
) -> str:
    return render_template(
        "staff/suppliers/show.html",
        supplier=supplier,
        form=form,
        error=error,
        theirs=_differences(form, theirs) if theirs else {},
    )


def _differences(form: SupplierForm, saved: SupplierForm) -> dict[str, str]:
    """Return what is saved otherwise than it was typed, by the field's label."""

    def words(of: SupplierForm) -> dict[str, str]:
        rows = [[str(field.data or "") for field in item] for item in of.items if item.sku.data]
        plain = {str(it.label.text): str(it.data or "") for it in of if it.name != "seen"}
        return plain | {"Items": "\n".join(", ".join(row) for row in rows)}

    typed = words(form)
    return {name: text for name, text in words(saved).items() if text != typed[name]}
