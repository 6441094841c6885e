"""The addresses of stock."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from models import StockLevel
from models.inventory import OutOfStockError, level_at
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.staff.access import needs, signed_in
from storefront.staff.inventory import ledger, queries, service
from storefront.staff.inventory.acts import (
    ACTS,
    ADJUST,
    COUNT,
    EXPECT,
    PUT_BACK,
    TRANSFER,
    WRITE_OFF,
    Act,
)
from storefront.staff.inventory.forms import MovementForm
from storefront.staff.inventory.queries import VariantStock
from storefront.staff.listing import sorting_asked, words_asked
from storefront.staff.locations import queries as locations

bp = Blueprint("inventory", __name__, url_prefix="/inventory")

MOVED = "Something moved since that adjustment, so it was not undone. Adjust the stock instead."
IS_BUNDLE = "This is a bundle: it has no stock of its own. Change the stock of its parts."


@bp.get("")
@needs(Permission.SEE_STOCK)
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
@needs(Permission.SEE_STOCK)
def show(sku: str) -> str:
    """Show a variant's stock and ledger, or what a bundle is made of."""
    return _page(_found(sku), _form())


@bp.post("/<path:sku>/movements")
@needs(Permission.ADJUST_STOCK)
def movements_create(sku: str) -> ResponseReturnValue:
    """Change stock as the pressed button says; each form once."""
    variant, form = _found(sku), _form(request.form)
    act = ACTS.get(request.form.get("act", ADJUST.name))
    if act is None:
        abort(422)
    form.act = act
    if not form.validate():
        return _page(variant, form), 422
    try:
        is_new = service.record(db.session, variant.id, form.change(signed_in().email))
    except service.ChangedMeanwhileError as changed:
        form.seen.data = None  # as she has been told, she may send it again
        return _refused(sku, form, _recount(changed.on_hand))
    except service.BundleError:
        return _refused(sku, form, IS_BUNDLE)
    except OutOfStockError:
        return _refused(sku, form, None)
    db.session.commit()
    flash(f"{sku}: {_said(act, form.units, is_new=is_new)}.")
    return redirect(url_for("staff.inventory.show", sku=sku), 303)


@bp.post("/<path:sku>/undo")
@needs(Permission.ADJUST_STOCK)
def undo(sku: str) -> ResponseReturnValue:
    """Take the last adjustment back, if nothing moved since."""
    variant = _found(sku)
    movement_id = id_from(request.form.get("movement")) or 0
    try:
        change = service.undo(db.session, variant.id, movement_id, signed_in().email)
    except (service.ChangedMeanwhileError, OutOfStockError):
        return _refused(sku, _form(), MOVED)
    db.session.commit()
    flash(f"{sku}: undone, {change:+d} on hand.")
    return redirect(url_for("staff.inventory.show", sku=sku), 303)


def _form(sent: MultiDict[str, str] | None = None) -> MovementForm:
    return MovementForm(sent).offer(locations.active(db.session))


def _said(act: Act, units: int, *, is_new: bool) -> str:
    if is_new or act is COUNT:
        return act.done.format(n=units)
    return f"{units:+d} was taken down already, and only once"


def _recount(on_hand: int) -> str:
    return (
        f"Meanwhile something moved: {on_hand} are on hand by now. If your count is still right,"
        " send it again. Nothing was changed."
    )


def _shortage(there: VariantStock | StockLevel, act: Act, title: str) -> str:
    if act is EXPECT:
        return f"Only {there.incoming} are expected{title}. Nothing was changed."
    if act in {PUT_BACK, WRITE_OFF}:
        return f"Only {there.unavailable} are unavailable{title}. Nothing was changed."
    return (
        f"Only {there.free} of {there.on_hand} on hand{title} are free: {there.reserved} are"
        f" reserved for open orders, {there.unavailable} are unavailable. Nothing was changed."
    )


def _refused(sku: str, form: MovementForm, error: str | None) -> ResponseReturnValue:
    """Undo, and show the variant as it is now, with why it was refused and what was typed."""
    db.session.rollback()
    variant = _found(sku)
    if error is None:
        several = len(form.titles) > 1
        at = level_at(db.session, variant.id, int(form.location.data)) if several else variant
        error = _shortage(at, form.act, f" at {form.titles[form.location.data]}" if several else "")
    return _page(variant, form, error), 409


def _found(sku: str) -> VariantStock:
    variant = queries.variant(db.session, sku)
    if variant is None:
        abort(404)
    return variant


def _page(variant: VariantStock, form: MovementForm, error: str | None = None) -> str:
    if form.seen.data is None:
        form.seen.data = str(queries.last_movement_id(db.session, variant.id))
    waits, several = variant.backordered, len(form.titles) > 1
    return render_template(
        "staff/inventory/show.html",
        variant=variant,
        parts=queries.parts(db.session, variant.id) if variant.is_bundle else (),
        waiting=ledger.waiting(db.session, variant.id, variant.free) if waits else (),
        page=ledger.ledger(db.session, variant.id, page_number()),
        form=form,
        acts=[it for it in ACTS.values() if several or it is not TRANSFER],
        several=several,
        levels=queries.levels(db.session, variant.id),
        undoable=service.last_adjustment(db.session, variant.id),
        error=error,
    )
