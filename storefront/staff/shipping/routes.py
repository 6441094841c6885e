"""The addresses of shipping zones and their rates."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import ShippingRate, ShippingZone
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.formatting import country_name
from storefront.forms import id_from
from storefront.staff.access import needs
from storefront.staff.seen import ChangedMeanwhileError, differences, seen_of
from storefront.staff.shipping import forms, queries, service
from storefront.staff.shipping.forms import RateForm, ZoneForm
from storefront.staff.shipping.words import rate_words, zone_words

bp = Blueprint("shipping", __name__, url_prefix="/shipping")

INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody saved this while you were editing. What you typed is still in the form, and what was"
    " saved meanwhile stands above it. Save again to replace that with yours."
)
SAME_TITLE = (
    "A rate of this zone has this title, and both could be offered to one cart. Choose another"
    " title, or weights or prices that do not overlap."
)
LAST_RATE = "This is the zone's only rate. Remove the zone instead, or add another rate first."


@bp.get("")
@needs(Permission.EDIT_SHIPPING)
def index() -> str:
    """List the zones with their countries and rates."""
    return render_template(
        "staff/shipping/index.html",
        zones=queries.zones(db.session),
        name_of=queries.name_of,
        default_countries=[country_name(code) for code in settings().shipping_countries],
    )


@bp.get("/new")
@needs(Permission.EDIT_SHIPPING)
def new() -> str:
    """Show an empty zone with its first rate."""
    return _zone_page(None, forms.zone_form(), _rate_form())


@bp.post("/new")
@needs(Permission.EDIT_SHIPPING)
def create() -> ResponseReturnValue:
    """Write a new zone with its first rate."""
    form, first = forms.zone_form(request.form), _rate_form(sent=True)
    if not all([form.validate(), first.validate()]):  # each, so that all messages show
        return _zone_page(None, form, first, error=INVALID), 422
    try:
        service.create(db.session, form.draft(), first.draft())
    except service.CountryTakenError as taken:
        db.session.rollback()
        form.countries.errors = [str(taken)]
        return _zone_page(None, form, first, error=INVALID), 422
    return _saved(form.title.data)


@bp.get("/<zone_id>")
@needs(Permission.EDIT_SHIPPING)
def show(zone_id: str) -> str:
    """Show a zone to edit."""
    zone = _zone(zone_id)
    return _zone_page(zone, forms.zone_form(zone=zone))


@bp.post("/<zone_id>")
@needs(Permission.EDIT_SHIPPING)
def update(zone_id: str) -> ResponseReturnValue:
    """Save a zone's title and countries."""
    zone, form = _zone(zone_id, to_change=True), forms.zone_form(request.form)
    error, status, theirs = INVALID, 422, {}
    if form.validate():
        try:
            service.save(db.session, zone, form.draft(), form.seen.data or "")
        except service.CountryTakenError as taken:
            form.countries.errors = [str(taken)]
        except ChangedMeanwhileError:
            error, status, theirs = CHANGED, 409, _theirs(form, zone_words(zone))
        else:
            return _saved(form.title.data)
    db.session.rollback()
    return _zone_page(_zone(zone_id), form, error=error, theirs=theirs), status


@bp.post("/<zone_id>/remove")
@needs(Permission.EDIT_SHIPPING)
def remove(zone_id: str) -> ResponseReturnValue:
    """Delete a zone with its rates; orders keep what they were told."""
    zone = _zone(zone_id, to_change=True)
    db.session.delete(zone)
    db.session.commit()
    flash(f"{zone.title} is removed.")
    return redirect(url_for("staff.shipping.index"), 303)


@bp.get("/<zone_id>/rates/new")
@needs(Permission.EDIT_SHIPPING)
def new_rate(zone_id: str) -> str:
    """Show an empty rate."""
    return _rate_page(_zone(zone_id), None, _rate_form())


@bp.post("/<zone_id>/rates/new")
@needs(Permission.EDIT_SHIPPING)
def create_rate(zone_id: str) -> ResponseReturnValue:
    """Write another rate of a zone."""
    zone, form = _zone(zone_id, to_change=True), _rate_form(sent=True)
    if form.validate():
        try:
            service.add_rate(zone, form.draft())
        except service.SameTitleError:
            form.title.errors = [SAME_TITLE]
        else:
            return _saved(form.title.data)
    db.session.rollback()
    return _rate_page(_zone(zone_id), None, form, error=INVALID), 422


@bp.get("/<zone_id>/rates/<rate_id>")
@needs(Permission.EDIT_SHIPPING)
def show_rate(zone_id: str, rate_id: str) -> str:
    """Show a rate to edit."""
    zone = _zone(zone_id)
    rate = _rate(zone, rate_id)
    return _rate_page(zone, rate, _rate_form(rate))


@bp.post("/<zone_id>/rates/<rate_id>")
@needs(Permission.EDIT_SHIPPING)
def update_rate(zone_id: str, rate_id: str) -> ResponseReturnValue:
    """Save a rate."""
    zone = _zone(zone_id, to_change=True)
    rate = _rate(zone, rate_id)
    form = _rate_form(rate, sent=True)
    error, status, theirs = INVALID, 422, {}
    if form.validate():
        try:
            service.save_rate(zone, rate, form.draft(), form.seen.data or "")
        except service.SameTitleError:
            form.title.errors = [SAME_TITLE]
        except ChangedMeanwhileError:
            error, status, theirs = CHANGED, 409, _theirs(form, rate_words(rate))
        else:
            return _saved(form.title.data)
    db.session.rollback()
    zone = _zone(zone_id)
    return _rate_page(zone, _rate(zone, rate_id), form, error=error, theirs=theirs), status


@bp.post("/<zone_id>/rates/<rate_id>/remove")
@needs(Permission.EDIT_SHIPPING)
def remove_rate(zone_id: str, rate_id: str) -> ResponseReturnValue:
    """Delete a rate, but not the only one."""
    zone = _zone(zone_id, to_change=True)
    rate = _rate(zone, rate_id)
    try:
        service.remove_rate(zone, rate)
    except service.LastRateError:
        db.session.rollback()
        zone = _zone(zone_id)
        rate = _rate(zone, rate_id)
        return _rate_page(zone, rate, _rate_form(rate), error=LAST_RATE), 409
    db.session.commit()
    flash(f"{rate.title} is removed.")
    return redirect(url_for("staff.shipping.index"), 303)


@bp.post("/<zone_id>/rates/<rate_id>/raise")
@needs(Permission.EDIT_SHIPPING)
def raise_rate(zone_id: str, rate_id: str) -> ResponseReturnValue:
    """Show a rate one place further up."""
    zone = _zone(zone_id, to_change=True)
    service.raise_rate(zone, _rate(zone, rate_id))
    db.session.commit()
    return redirect(url_for("staff.shipping.index"), 303)


def _zone(typed: str, *, to_change: bool = False) -> ShippingZone:
    zone = queries.zone(db.session, id_from(typed) or 0, to_change=to_change)
    if zone is None:
        abort(404)
    return zone


def _rate(zone: ShippingZone, typed: str) -> ShippingRate:
    rate = queries.rate_of(zone, id_from(typed) or 0)
    if rate is None:
        abort(404)
    return rate


def _rate_form(rate: ShippingRate | None = None, *, sent: bool = False) -> RateForm:
    return forms.rate_form(settings().currencies, request.form if sent else None, rate)


def _saved(title: str | None) -> ResponseReturnValue:
    db.session.commit()
    flash(f"{title} is saved.")
    return redirect(url_for("staff.shipping.index"), 303)


def _theirs(form: ZoneForm | RateForm, saved: dict[str, str]) -> dict[str, str]:
    """Return what was saved meanwhile, and let the form be sent as having seen it."""
    form.seen.data = seen_of(saved)
    typed = {name: str(form[name].data or "") for name in saved}
    found = differences(saved, typed)
    return {str(form[name].label.text): text for name, text in found.items()}


def _zone_page(
    zone: ShippingZone | None,
    form: ZoneForm,
    first: RateForm | None = None,
    *,
    error: str | None = None,
    theirs: dict[str, str] | None = None,
) -> str:
    return render_template(
        "staff/shipping/zone.html",
        zone=zone,
        form=form,
        first=first,
        error=error,
        theirs=theirs or {},
    )


def _rate_page(
    zone: ShippingZone,
    rate: ShippingRate | None,
    form: RateForm,
    *,
    error: str | None = None,
    theirs: dict[str, str] | None = None,
) -> str:
    return render_template(
        "staff/shipping/rate.html",
        zone=zone,
        rate=rate,
        form=form,
        error=error,
        theirs=theirs or {},
    )
