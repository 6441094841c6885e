"""The addresses of the audit log."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from models.staff import Permission
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.staff.access import needs
from storefront.staff.audit import queries
from storefront.staff.leads.forms import PeriodForm, last_days
from storefront.staff.listing import words_asked

bp = Blueprint("audit", __name__, url_prefix="/audit")


@bp.get("")
@needs(Permission.SEE_AUDIT)
def index() -> ResponseReturnValue:
    """List what staff did; ``?q=``, ``?actor=``, ``?act=``, ``?since=``, ``?until=`` narrow it."""
    zone = settings().timezone
    typed = {name: request.args[name] for name in ("since", "until") if name in request.args}
    form = PeriodForm(MultiDict(typed or last_days(zone)))
    if not form.validate():
        return render_template("staff/audit/index.html", form=form, page=None, words=""), 422
    words = words_asked()
    wanted = queries.Wanted(words, _asked("actor"), _asked("act"), form.period(zone))
    page = queries.entries(db.session, wanted, page_number())
    return render_template("staff/audit/index.html", form=form, page=page, words=words)


@bp.get("/<entry_number>")
@needs(Permission.SEE_AUDIT)
def show(entry_number: str) -> str:
    """Show one entry, before and after side by side."""
    found = queries.entry(db.session, id_from(entry_number) or 0)
    if found is None:
        abort(404)
    return render_template("staff/audit/show.html", entry=found, changes=queries.changes(found))


def _asked(name: str) -> str:
    return request.args.get(name, "").replace("\0", "").encode(errors="ignore").decode()[:254]
