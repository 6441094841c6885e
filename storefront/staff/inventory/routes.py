"""The addresses of stock."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadData, URLSafeSerializer
from werkzeug.datastructures import MultiDict

from models import StockLevel
from models.inventory import FIGURES, OutOfStockError, level_at
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.staff.access import needs, signed_in
from storefront.staff.inventory import ledger, low, queries, service
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
from storefront.staff.inventory.forms import FilterForm, LedgerForm, MarkForm, MovementForm
from storefront.staff.inventory.queries import VariantStock
from storefront.staff.inventory.wanted import Show, wanted_of
from storefront.staff.listing import address, sorting_of
from storefront.staff.locations import queries as locations

bp = Blueprint("inventory", __name__, url_prefix="/inventory")

MOVED = "Something moved since that adjustment, so it was not undone. Adjust the stock instead."
NO_ACT = "Press one of the buttons to say what happened. Nothing was changed."
NONE_TICKED = "Choose a variant first."
SHOWS = {
    "": "All",
    Show.LOW: "Low",
    Show.OUT: "Out of stock",
    Show.OWED: "Owed more than incoming",
}
IS_BUNDLE = "This is a bundle: it has no stock of its own. Change the stock of its parts."


@bp.get("")
@needs(Permission.SEE_STOCK)
def index() -> str:
    """List every variant's stock; filters, words and sorting stand in the address."""
    return _list(request.args, MarkForm())


@bp.post("/marks")
@needs(Permission.ADJUST_STOCK)
def marks_update() -> ResponseReturnValue:
    """Set the mark of the ticked variants; ``query`` is the list's address."""
    skus, form = request.form.getlist("skus"), MarkForm(request.form)
    query = MultiDict(parse_qsl(request.form.get("query", "")))
    if not form.validate() or not skus:
        form.low_at.errors = form.low_at.errors or [NONE_TICKED]
        return _list(query, form, ticked=skus), 422
    if not _set_mark(skus, form):
        form.low_at.errors = [IS_BUNDLE]
        return _list(query, form, ticked=skus), 422
    here = url_for("staff.inventory.index")
    return redirect(f"{here}?{urlencode(query.to_dict())}" if query else here, 303)


@bp.get("/<path:sku>")
@needs(Permission.SEE_STOCK)
def show(sku: str) -> ResponseReturnValue:
    """Show a variant's stock and ledger, narrowed by its address; or what a bundle is made of."""
    page, is_right = _narrowed(_found(sku), _form())
    return page if is_right else (page, 422)


@bp.post("/<path:sku>/movements")
@needs(Permission.ADJUST_STOCK)
def movements_create(sku: str) -> ResponseReturnValue:
    """Change stock as the pressed button says; each form once."""
    variant, form = _found(sku), _form(request.form)
    act = ACTS.get(request.form.get("act", ADJUST.name))
    if act is None:
        return _page(variant, form, NO_ACT), 422
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


@bp.post("/<path:sku>/mark")
@needs(Permission.ADJUST_STOCK)
def mark_update(sku: str) -> ResponseReturnValue:
    """Set at how many units staff are told of a variant."""
    variant, form = _found(sku), MarkForm(request.form)
    if not form.validate():
        return _page(variant, _form(), mark=form), 422
    if not _set_mark([sku], form):
        return _refused(sku, _form(), IS_BUNDLE)
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


def _list(asked: MultiDict[str, str], mark: MarkForm, ticked: Sequence[str] = ()) -> str:
    there = locations.everywhere(db.session)
    form = FilterForm(asked).offer(there)
    wanted = wanted_of(asked)
    if wanted is None or not form.validate():
        abort(404)
    sorting = sorting_of(queries.columns(wanted.location_id), asked.get("sort") or "sku")
    return render_template(
        "staff/inventory/index.html",
        page=queries.variants(db.session, wanted, sorting, page_number()),
        sorting=sorting,
        wanted=wanted,
        form=form,
        shows=SHOWS,
        location=next((it for it in there if it.id == wanted.location_id), None),
        mark=mark,
        ticked=ticked,
        query=urlencode([(name, text) for name, text in asked.items() if text]),
    )


def _set_mark(skus: Sequence[str], form: MarkForm) -> bool:
    """Set the mark and say so; False, and nothing has changed, where one is a bundle."""
    try:
        count = low.set_mark(db.session, skus, form.mark)
    except service.BundleError:
        db.session.rollback()
        return False
    db.session.commit()
    told = "never told of" if form.mark is None else f"low at {form.mark}"
    if not count:
        flash("These variants are gone. Nothing was changed.")
        return True
    flash(f"{skus[0] if count == 1 else f'{count} variants'}: {told}.")
    return True


def _form(sent: MultiDict[str, str] | None = None) -> MovementForm:
    g.locations = locations.everywhere(db.session)
    return MovementForm(sent).offer([it for it in g.locations if it.is_active])


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


def _signer() -> URLSafeSerializer:
    """Sign what a page of the ledger adds up to: it stands in its address."""
    return URLSafeSerializer(settings().secret_key, salt="ledger")


def _signed(variant_id: int, start: ledger.Start) -> str:
    return str(_signer().dumps([variant_id, start.before, *start.figures.values()]))


def _start(variant_id: int) -> ledger.Start | None:
    typed = request.args.get("before")
    if not typed:
        return None
    try:
        of, before, *figures = _signer().loads(typed)
    except BadData:
        abort(404)
    if of != variant_id:
        abort(404)
    return ledger.Start(before, dict(zip(FIGURES, figures, strict=True)))


def _found(sku: str) -> VariantStock:
    variant = queries.variant(db.session, sku)
    if variant is None:
        abort(404)
    return variant


def _page(variant: VariantStock, form: MovementForm, *shown: Any, **more: Any) -> str:
    return _narrowed(variant, form, *shown, **more)[0]


def _narrowed(
    variant: VariantStock,
    form: MovementForm,
    error: str | None = None,
    mark: MarkForm | None = None,
) -> tuple[str, bool]:
    """Return the page of a variant, and whether what narrows its ledger could be read."""
    newest = service.newest_movement(db.session, variant.id)
    if form.seen.data is None:
        form.seen.data = str(newest.id if newest else 0)
    waits, several = variant.backordered, len(form.titles) > 1
    narrow = LedgerForm(request.args).offer(g.locations)
    is_right = narrow.validate()
    lines = narrow.wanted(settings().timezone) if is_right else ledger.WantedLines()
    page_ = render_template(
        "staff/inventory/show.html",
        variant=variant,
        parts=queries.parts(db.session, variant.id) if variant.is_bundle else (),
        asked=queries.asked(db.session, variant.id),
        waiting=ledger.waiting(db.session, variant.id, variant.free) if waits else (),
        page=(page := ledger.ledger(db.session, variant.id, lines, _start(variant.id))),
        next_url=address(before=_signed(variant.id, page.next)) if page.next else None,
        newest_url=address(before=None),
        narrow=narrow,
        many=len(g.locations) > 1,
        is_narrowed=not is_right or lines != ledger.WantedLines(),
        form=form,
        acts=[it for it in ACTS.values() if several or it is not TRANSFER],
        several=several,
        levels=queries.levels(db.session, variant.id),
        undoable=service.undoable(newest),
        mark=mark
        or MarkForm(data={"low_at": "" if variant.low_at is None else str(variant.low_at)}),
        error=error,
    )
    return page_, is_right
