"""The addresses of tasks."""

from flask import Blueprint, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue

from models import Task
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.staff.access import needs, signed_in
from storefront.staff.listing import address
from storefront.staff.tasks import queries

bp = Blueprint("tasks", __name__, url_prefix="/tasks")


@bp.get("")
@needs(Permission.SEE)
def index() -> str:
    """List the tasks that one may see, newest first; ``?mine=1`` those that one started."""
    is_mine = request.args.get("mine") == "1"
    page = queries.tasks(db.session, signed_in(), page_number(), is_mine=is_mine)
    return render_template("staff/tasks/index.html", page=page, is_mine=is_mine, address=address)


@bp.get("/<task_id>")
@needs(Permission.SEE)
def show(task_id: str) -> str:
    """Show how far a task is; the page asks again by itself until it is over."""
    return render_template("staff/tasks/show.html", task=_found(task_id))


@bp.get("/<task_id>.json")
@needs(Permission.SEE)
def progress(task_id: str) -> ResponseReturnValue:
    """Say how far a task is, for the page's script."""
    task = _found(task_id)
    return jsonify(
        status=task.status,
        words=task.words,
        done=task.done,
        total=task.total,
        is_over=task.is_over,
        url=task.url,
        error=task.error,
    )


def _found(typed: str) -> Task:
    return queries.found(db.session, signed_in(), id_from(typed) or 0) or abort(404)
