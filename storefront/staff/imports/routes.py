"""The addresses of imports: a spreadsheet is sent in, checked, applied and, if need be, undone."""

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Import, ImportKind
from models.staff import Permission
from storefront.downloads import csv_file
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.paging import Slice, page_number, slice_of
from storefront.spreadsheet import as_csv
from storefront.staff.access import needs, signed_in
from storefront.staff.imports import queries, service, sheets
from storefront.staff.imports.forms import UploadForm
from storefront.staff.imports.kinds.every import every_kind
from storefront.staff.imports.kinds.kind import Kind
from storefront.staff.listing import PER_PAGE

bp = Blueprint("imports", __name__, url_prefix="/imports")

ROOM = 64 * 1024  # for what a form sends beside its file
NOT_NOW = "This cannot be done now: look at the import as it is."
TOO_LARGE = f"The file is larger than {sheets.MOST_BYTES // 1024 // 1024} MB. Split it into parts."


@bp.get("")
@needs(Permission.SEE)
def index() -> str:
    """Show what can be sent in, and what was; of the kinds that one's role may import."""
    return _index(UploadForm())


@bp.post("")
@needs(Permission.SEE)
def create() -> ResponseReturnValue:
    """Take a spreadsheet in and start its dry run."""
    request.max_content_length = sheets.MOST_BYTES + ROOM
    if (request.content_length or 0) > sheets.MOST_BYTES + ROOM:
        form = UploadForm()
        form.sheet.errors = [TOO_LARGE]
        return _index(form), 413
    form = UploadForm(request.form)
    kind, sent = form.kind_in(_kinds()), request.files.get("sheet")
    name, content = (form.name_of(sent.filename), sent.read()) if sent else ("", b"")
    if kind is None or not content:
        return _index(form.refused(has_file=bool(content))), 422
    try:
        made = service.send_in(db.session, kind, name, content, signed_in().email)
    except sheets.SheetError as wrong:
        form.sheet.errors = [str(wrong)]
        return _index(form), 422
    db.session.commit()
    return redirect(url_for("staff.tasks.show", task_id=made.task_id), 303)


@bp.get("/templates/<kind>.csv")
@needs(Permission.SEE)
def template(kind: str) -> Response:
    """Give an empty spreadsheet of a kind: its columns, and a row that shows them."""
    known = {name.value: it for name, it in _kinds().items()}.get(kind) or abort(404)
    head = [column.name for column in known.columns]
    text = as_csv(head, [[column.example for column in known.columns]])
    return csv_file(text, f"{kind}-template.csv")


@bp.get("/<import_id>")
@needs(Permission.SEE)
def show(import_id: str) -> str:
    """Show how far an import is, what is wrong in it, and what can be done."""
    return _page(*_found(import_id))


@bp.get("/<import_id>/problems.csv")
@needs(Permission.SEE)
def problems(import_id: str) -> Response:
    """Give what is wrong in an import as a spreadsheet."""
    sent, _ = _found(import_id)
    rows = [(it["row"], it["column"], it["message"]) for it in sent.problems]
    return csv_file(as_csv(("Row", "Column", "Problem"), rows), f"import-{sent.id}-problems.csv")


@bp.post("/<import_id>/apply")
@needs(Permission.SEE)
def apply(import_id: str) -> ResponseReturnValue:
    """Start to apply a checked import."""
    sent, _ = _found(import_id, to_change=True)
    try:
        task = service.apply(db.session, sent, signed_in().email)
    except service.NotNowError:
        return _conflict(import_id)
    db.session.commit()
    return redirect(url_for("staff.tasks.show", task_id=task.id), 303)


@bp.post("/<import_id>/undo")
@needs(Permission.SEE)
def undo(import_id: str) -> ResponseReturnValue:
    """Start to put back what an import changed."""
    sent, _ = _found(import_id, to_change=True)
    try:
        task = service.undo(db.session, sent, signed_in().email)
    except service.NotNowError:
        return _conflict(import_id)
    db.session.commit()
    return redirect(url_for("staff.tasks.show", task_id=task.id), 303)


def _conflict(import_id: str) -> ResponseReturnValue:
    db.session.rollback()
    return _page(*_found(import_id), error=NOT_NOW), 409


def _kinds() -> dict[ImportKind, Kind]:
    """Return the kinds that the role of who is signed in may import."""
    every, person = every_kind(settings().currencies), signed_in()
    return {name: kind for name, kind in every.items() if person.may(kind.permission)}


def _found(typed: str, *, to_change: bool = False) -> tuple[Import, Kind]:
    sent = queries.found(db.session, id_from(typed) or 0, to_change=to_change) or abort(404)
    kind = _kinds().get(sent.kind)
    if kind is None:
        abort(403, "Your role does not allow this.")
    return sent, kind


def _index(form: UploadForm) -> str:
    kinds = _kinds()
    form.kind.choices = [(name.value, kind.title) for name, kind in kinds.items()]
    return render_template(
        "staff/imports/index.html",
        form=form,
        kinds=kinds,
        page=queries.imports(db.session, kinds, page_number()),
    )


def _page(sent: Import, kind: Kind, *, error: str | None = None) -> str:
    found: Slice[dict[str, Any]] = slice_of(len(sent.problems), page_number(), PER_PAGE)
    found.items.extend(sent.problems[found.offset : found.offset + PER_PAGE])
    return render_template(
        "staff/imports/show.html",
        sent=sent,
        kind=kind,
        sheet=queries.head(db.session, sent, kind),
        changed=queries.changed(db.session, sent),
        task=queries.task_of(db.session, sent),
        may_apply=queries.may_apply(db.session, sent),
        may_undo=queries.may_undo(db.session, sent),
        page=found,
        error=error,
    )
