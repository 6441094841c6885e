"""The addresses of stock."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.inventory import OutOfStockError
from models.staff import Permission
from storefront.extensions import db
from storefront.paging import page_number
from storefront.staff.access import needs, signed_in
from storefront.staff.inventory import queries, service
from storefront.staff.inventory.forms import MovementForm
from storefront.staff.inventory.queries import VariantStock
from storefront.staff.listing import sorting_asked, words_asked

bp = Blueprint("inventory", __name__, url_prefix="/inventory")


@bp.get("")
@needs(Permission.SEE)
def index() -> str:
    """List every variant's stock; ``?q=`` searches SKU and product."""
    words, sorting = words_asked(), sorting_asked(queries.COLUMNS, "sku")
    return render_template(
        "staff/inventory/index.html",
        page=queries.variants(db.session, words, sorting, page_number()),
        sorting=sorting,
        words=words,
    )


@bp.get("/<path:sku>")
@needs(Permission.SEE)
def show(sku: str) -> str:
    """Show a variant's ledger."""
    return _page(_found(sku), MovementForm())


@bp.post("/<path:sku>/movements")
@needs(Permission.ADJUST_STOCK)
def movements_create(sku: str) -> ResponseReturnValue:
    """Correct what is on hand, with a reason."""
    variant, form = _found(sku), MovementForm(request.form)
    if not form.validate():
        return _page(variant, form), 422
    wanted = form.adjustment(signed_in().email)
    try:
        is_new = service.adjust(db.session, variant.id, wanted)
    except OutOfStockError:
        db.session.rollback()
        variant = _found(sku)
        return _page(variant, form, _shortage(variant)), 409
    db.session.commit()
    flash(
        f"{sku}: {wanted.change:+d} on hand."
        if is_new
        else f"{sku}: {wanted.change:+d} was taken down already, and only once."
    )
    return redirect(url_for("staff.inventory.show", sku=sku), 303)


def _shortage(variant: VariantStock) -> str:
    return (
        f"Fewer are available: {variant.available} of {variant.on_hand} on hand. The"
        f" {variant.reserved} reserved for open orders cannot be taken away. Nothing was changed."
    )


def _found(sku: str) -> VariantStock:
    variant = queries.variant(db.session, sku)
    if variant is None:
        abort(404)
    return variant


def _page(variant: VariantStock, form: MovementForm, error: str | None = None) -> str:
    if form.seen.data is None:
        form.seen.data = str(queries.last_movement_id(db.session, variant.id))
    return render_template(
        "staff/inventory/show.html",
        variant=variant,
        page=queries.ledger(db.session, variant.id, page_number()),
        form=form,
        error=error,
    )
