"""The addresses of the links in the head and foot of the shop, and of its announcement."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import delete

from models import MenuItem
from models.staff import Permission
from storefront import site
from storefront.extensions import db
from storefront.site import Menu
from storefront.staff.access import needs, signed_in
from storefront.staff.menus.forms import AnnouncementForm, MenuForm
from storefront.staff.shop import service
from storefront.staff.shop.routes import as_saved, present

bp = Blueprint("menus", __name__, url_prefix="/menus")

TITLES = {
    "main": "Head of every page",
    "read": "Foot: Read",
    "about": "Foot: About us",
    "buying": "Foot: Buying here",
}
INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = "Somebody saved this menu while you were editing: it is below. Nothing was changed."


@bp.get("")
@needs(Permission.EDIT_CONTENT)
def index() -> str:
    """List the menus, and show the announcement."""
    return _index(AnnouncementForm(obj=present().now()))


@bp.post("/announcement")
@needs(Permission.EDIT_CONTENT)
def announcement_update() -> ResponseReturnValue:
    """Put the line above every page."""
    form = AnnouncementForm(request.form)
    if not form.validate():
        return _index(form), 422
    words = {name: str(value or "") for name, value in form.data.items()}
    service.say(db.session, site.read(), words, signed_in().email)
    return _said("The announcement stands above every page.")


@bp.post("/announcement/removal")
@needs(Permission.EDIT_CONTENT)
def announcement_remove() -> ResponseReturnValue:
    """Take the line away."""
    service.forget(db.session, ("announcement", "announcement_url"))
    return _said("The announcement is gone.")


@bp.get("/<menu>")
@needs(Permission.EDIT_CONTENT)
def show(menu: str) -> str:
    """Show a menu to edit."""
    return _page(menu, MenuForm.of(_found(menu)))


@bp.post("/<menu>")
@needs(Permission.EDIT_CONTENT)
def update(menu: str) -> ResponseReturnValue:
    """Put other links in the place of a menu's."""
    _found(menu)
    form, saved = MenuForm(request.form), MenuForm.of(as_saved().menus[menu])
    if not form.validate():
        return _page(menu, form, INVALID), 422
    if form.seen.data != saved.seen.data:
        return _page(menu, saved, CHANGED), 409
    _write(menu, form.menu)
    return _said(f"{TITLES[menu]} is saved.")


@bp.post("/<menu>/as-it-came")
@needs(Permission.EDIT_CONTENT)
def reset(menu: str) -> ResponseReturnValue:
    """Put the links back that the shop came with."""
    _found(menu)
    as_saved()
    _write(menu, ())
    return _said(f"{TITLES[menu]} is as it came.")


def _found(menu: str) -> Menu:
    return present().now().menus[menu] if menu in TITLES else abort(404)


def _write(menu: str, links: Menu) -> None:
    db.session.execute(delete(MenuItem).where(MenuItem.menu == menu))
    for position, (title, url) in enumerate(links):
        db.session.add(MenuItem(menu=menu, position=position, title=title, url=url))


def _said(what: str) -> ResponseReturnValue:
    db.session.commit()
    present().has_changed()
    flash(what)
    return redirect(url_for(".index"), 303)


def _index(form: AnnouncementForm) -> str:
    shown = present().now().menus
    return render_template("staff/menus/index.html", form=form, titles=TITLES, menus=shown)


def _page(menu: str, form: MenuForm, error: str | None = None) -> str:
    return render_template(
        "staff/menus/show.html", menu=menu, title=TITLES[menu], form=form, error=error
    )
