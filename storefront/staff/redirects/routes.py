"""The addresses of where old addresses lead."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.staff import Permission
from storefront.downloads import csv_file
from storefront.extensions import db
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.redirects import leave
from storefront.spreadsheet import as_csv
from storefront.staff.access import needs, signed_in
from storefront.staff.listing import sorting_asked, words_asked
from storefront.staff.redirects import queries
from storefront.staff.redirects.forms import RedirectForm

bp = Blueprint("redirects", __name__, url_prefix="/redirects")


@bp.get("")
@needs(Permission.EDIT_CONTENT)
def index() -> str:
    """List the redirects; ``?q=`` searches both addresses."""
    return _page(RedirectForm())


@bp.get("/redirects.csv")
@needs(Permission.EDIT_CONTENT, proof=True)
def export() -> Response:
    """Give the list as a spreadsheet, which can be sent in again."""
    rows = queries.table(db.session, words_asked())
    return csv_file(as_csv(queries.HEADS, rows), "redirects.csv")


@bp.post("")
@needs(Permission.EDIT_CONTENT)
def create() -> ResponseReturnValue:
    """Let an old address lead to another; one that is there already leads elsewhere then."""
    form = RedirectForm(request.form)
    if not form.validate():
        return _page(form), 422
    path, target = str(form.path.data), str(form.target.data)
    if (further := queries.leads_on(db.session, target)) is not None:
        form.target.errors = [f"This leads on to {further}. Lead there instead."]
        return _page(form), 422
    leave(db.session, path, target, actor=signed_in().email)
    db.session.commit()
    flash(f"{path} leads to {target}.")
    return redirect(url_for(".index"), 303)


@bp.post("/<redirect_id>/removal")
@needs(Permission.EDIT_CONTENT)
def remove(redirect_id: str) -> ResponseReturnValue:
    """Let an old address be not found again."""
    found = queries.redirect(db.session, id_from(redirect_id) or 0) or abort(404)
    path = found.path
    db.session.delete(found)
    db.session.commit()
    flash(f"{path} no longer leads anywhere.")
    return redirect(url_for(".index"), 303)


def _page(form: RedirectForm) -> str:
    words, sorting = words_asked(), sorting_asked(queries.COLUMNS, "path")
    return render_template(
        "staff/redirects/index.html",
        page=queries.redirects(db.session, words, sorting, page_number()),
        sorting=sorting,
        words=words,
        form=form,
    )
