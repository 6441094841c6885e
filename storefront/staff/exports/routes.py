"""The addresses of exports: short lists come at once, long ones are written by the worker."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Task, TaskStatus, now
from models.staff import Permission
from storefront import tasks
from storefront.downloads import csv_file
from storefront.extensions import db, settings, storage
from storefront.forms import id_from
from storefront.spreadsheet import as_csv
from storefront.staff.access import needs, signed_in
from storefront.staff.exports.every import every_table
from storefront.staff.exports.forms import ExportForm
from storefront.staff.exports.jobs import KEPT, WRITE, file_name
from storefront.staff.exports.shown import SHOWN, Address
from storefront.staff.exports.table import Period, Table
from storefront.storage import MissingFileError

bp = Blueprint("exports", __name__, url_prefix="/exports")

MOST_AT_ONCE = 5000  # rows
LONGEST_QUERY = 4000  # signs of a list's address
GONE = "This file was kept for a day and is gone. Export the list again."


@bp.get("")
@needs(Permission.EXPORT)
def index() -> str:
    """Show what can be exported; ``?list=`` chooses one."""
    form = _form(ExportForm(data={"table": request.args.get("list", "")}))
    return render_template("staff/exports/index.html", form=form)


@bp.post("")
@needs(Permission.EXPORT, proof=True)
def create() -> ResponseReturnValue:
    """Give a list as a file, or start to write a long one."""
    form = _form(ExportForm(request.form))
    if not form.validate():
        return render_template("staff/exports/index.html", form=form), 422
    table = every_table(settings().currencies)[form.table.data]
    period = form.period if table.has_period else Period()
    days = [day.isoformat() if day else None for day in (period.first, period.last)]
    return _given(table, period, {"table": table.name, "first": days[0], "last": days[1]})


@bp.post("/shown/<screen>")
@needs(Permission.EXPORT, proof=True)
def shown(screen: str) -> ResponseReturnValue:
    """Give a list as its page shows it; what is posted as ``query`` stood in its address."""
    found = SHOWN.get(screen) or abort(404)
    if not signed_in().may(found.permission):
        abort(403)
    query = request.form.get("query", "")[:LONGEST_QUERY]
    address = Address(dict(parse_qsl(query)), settings().timezone, settings().currency)
    return _given(found.of(address), Period(), {"shown": screen, "query": query})


@bp.get("/<task_id>.csv")
@needs(Permission.EXPORT, proof=True)
def download(task_id: str) -> Response:
    """Give a file that the worker wrote to who asked for it, for a day."""
    task = db.session.get(Task, id_from(task_id) or 0)
    is_mine = task is not None and task.actor == signed_in().email and task.kind == WRITE
    if task is None or not is_mine:
        abort(404)
    finished = task.finished_at or now() - timedelta(days=365)
    if task.status is not TaskStatus.DONE or now() - finished > KEPT:
        abort(404, GONE)
    db.release()  # the storage may be on another machine
    try:
        content = storage().get(file_name(task.id))
    except MissingFileError:
        abort(404, GONE)
    return csv_file(content, f"export-{task.id}.csv")


def _given(table: Table, period: Period, payload: dict[str, Any]) -> ResponseReturnValue:
    """Give a short list at once; a long one is a task. payload: by which its job finds it again."""
    if table.count(db.session, period) <= MOST_AT_ONCE:
        text = as_csv(table.head, table.rows(db.session, period))
        return csv_file(text, f"{table.name}.csv")
    title = f"Export: {table.title.lower()}"
    task = tasks.start(db.session, WRITE, title, signed_in().email, payload)
    db.session.commit()
    return redirect(url_for("staff.tasks.show", task_id=task.id), 303)


def _form(form: ExportForm) -> ExportForm:
    tables = every_table(settings().currencies).values()
    form.table.choices = [(table.name, table.title) for table in tables]
    return form
