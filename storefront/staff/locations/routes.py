"""The addresses of locations: owners change them, and who may see stock sees them."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Location
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import id_from
from storefront.staff.access import needs
from storefront.staff.locations import queries, service
from storefront.staff.locations.forms import LocationForm
from storefront.staff.seen import ChangedMeanwhileError, differences, seen_of

bp = Blueprint("locations", __name__, url_prefix="/locations")

INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody saved this while you were editing. What you typed is still in the form, and what was"
    " saved meanwhile stands above it. Save again to replace that with yours."
)
TAKEN = "Another location has this title. Choose another."
LAST = "This is the only location in use. Add another first."


@bp.get("")
@needs(Permission.SEE_STOCK)
def index() -> str:
    """List the locations with what lies there."""
    return render_template("staff/locations/index.html", found=queries.locations(db.session))


@bp.get("/new")
@needs(Permission.EDIT_SETTINGS)
def new() -> str:
    """Show an empty location."""
    return _page(None, LocationForm())


@bp.post("/new")
@needs(Permission.EDIT_SETTINGS)
def create() -> ResponseReturnValue:
    """Write a new location."""
    form = LocationForm(request.form)
    if form.validate():
        try:
            service.create(db.session, form.draft())
        except service.TitleTakenError:
            form.title.errors = [TAKEN]
        else:
            return _saved(form)
    db.session.rollback()
    return _page(None, form, error=INVALID), 422


@bp.get("/<location_id>")
@needs(Permission.EDIT_SETTINGS)
def show(location_id: str) -> str:
    """Show a location to edit."""
    location = _found(location_id)
    return _page(location, LocationForm(obj=location))


@bp.post("/<location_id>")
@needs(Permission.EDIT_SETTINGS)
def update(location_id: str) -> ResponseReturnValue:
    """Save a location; one where something lies stays in use."""
    location, form = _found(location_id), LocationForm(request.form)
    error, status, theirs = INVALID, 422, {}
    if form.validate():
        try:
            service.save(db.session, location, form.draft(), form.seen.data or "")
        except service.TitleTakenError:
            form.title.errors = [TAKEN]
        except service.StillNeededError:
            error, status = _needed(location.id), 409
        except ChangedMeanwhileError:
            error, status = CHANGED, 409
            theirs = _theirs(form, service.words_of(location))
        else:
            return _saved(form)
    db.session.rollback()
    return _page(_found(location_id), form, error=error, theirs=theirs), status


def _needed(location_id: int) -> str:
    lying = queries.lying(db.session, location_id)
    if not lying:
        return LAST
    return f"Still there: {', '.join(lying)}. Transfer it first. Nothing was saved."


def _theirs(form: LocationForm, saved: dict[str, str]) -> dict[str, str]:
    """Return what was saved meanwhile, and let the form be sent as having seen it."""
    form.seen.data = seen_of(saved)
    found = differences(saved, form.draft().words)
    return {str(form[name].label.text): text for name, text in found.items()}


def _found(typed: str) -> Location:
    return service.locked(db.session, id_from(typed) or 0) or abort(404)


def _saved(form: LocationForm) -> ResponseReturnValue:
    db.session.commit()
    flash(f"{form.title.data} is saved.")
    return redirect(url_for("staff.locations.index"), 303)


def _page(
    location: Location | None,
    form: LocationForm,
    *,
    error: str | None = None,
    theirs: dict[str, str] | None = None,
) -> str:
    if location is not None and not form.seen.data:
        form.seen.data = seen_of(service.words_of(location))
    return render_template(
        "staff/locations/show.html",
        location=location,
        form=form,
        error=error,
        theirs=theirs or {},
    )
