"""The addresses of saved views; the lists themselves show them as tabs."""

from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import SavedView
from models.staff import Permission
from storefront.extensions import db
from storefront.staff.access import needs, signed_in
from storefront.staff.undo import flash_with_undo
from storefront.staff.views import service
from storefront.staff.views.forms import ViewForm

bp = Blueprint("views", __name__, url_prefix="/views")

SCREENS = {"orders": "staff.orders.index"}
PERMISSIONS = {"orders": Permission.SEE_ORDERS}  # what a view says may name buyers


@bp.post("")
@needs(Permission.SEE)
def create() -> ResponseReturnValue:
    """Save a list as it is shown, under a name; also the way back for one that was removed."""
    form = ViewForm(request.values)
    _refuse_unless_seen(form.screen.data)
    if not form.validate():
        return _page(form), 422
    view = form.view(signed_in())
    try:
        service.save(db.session, view)
    except service.TakenError as why:
        form.title.errors = [str(why)]
        return _page(form), 409
    db.session.commit()
    flash(f"The view {view.title} is saved.")
    return redirect(address_of(view), 303)


@bp.get("/<int:view_id>")
@needs(Permission.SEE)
def edit(view_id: int) -> str:
    """Show a view's name, to be changed, and the button that removes it."""
    view = _found(view_id)
    return _page(ViewForm(obj=view), view)


@bp.post("/<int:view_id>")
@needs(Permission.SEE)
def update(view_id: int) -> ResponseReturnValue:
    """Give a view another name."""
    view, form = _found(view_id), ViewForm(request.form)
    if not form.validate():
        return _page(form, view), 422
    try:
        service.rename(db.session, view, str(form.title.data))
    except service.TakenError as why:
        form.title.errors = [str(why)]
        return _page(form, view), 409
    db.session.commit()
    return redirect(address_of(view), 303)


@bp.post("/<int:view_id>/remove")
@needs(Permission.SEE)
def remove(view_id: int) -> ResponseReturnValue:
    """Remove a view; what is flashed can bring it back."""
    view = _found(view_id)
    undo = {"title": view.title, "query": view.query, "screen": view.screen}
    if view.staff_id is None:
        undo["shared"] = "y"
    db.session.delete(view)
    db.session.commit()
    flash_with_undo(
        f"The view {view.title} is removed.", f"{url_for('staff.views.create')}?{urlencode(undo)}"
    )
    return redirect(url_for(SCREENS[view.screen]), 303)


def address_of(view: SavedView) -> str:
    """Return the address that shows a view."""
    base = url_for(SCREENS[view.screen])
    return f"{base}?{view.query}" if view.query else base


def _found(view_id: int) -> SavedView:
    view = service.by_id(db.session, view_id, signed_in())
    if view is None:
        abort(404)
    _refuse_unless_seen(view.screen)
    return view


def _refuse_unless_seen(screen: str | None) -> None:
    """Let nobody see or change the views of a screen that her role does not see."""
    if screen not in SCREENS:
        abort(404)
    if not signed_in().may(PERMISSIONS[screen]):
        abort(403, "Your role does not allow this.")


def _page(form: ViewForm, view: SavedView | None = None) -> str:
    screen = view.screen if view else str(form.screen.data)
    back = url_for(SCREENS[screen])
    return render_template("staff/views/show.html", form=form, view=view, back=back)
