"""The addresses of links in the texts that lead nowhere."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from models import LinkCheck
from models.staff import Permission
from storefront import tasks
from storefront.extensions import db
from storefront.paging import page_number
from storefront.staff.access import needs, signed_in
from storefront.staff.broken_links.checking import BROKEN_FROM, GUARDED
from storefront.staff.broken_links.jobs import KIND
from storefront.staff.listing import things_of

bp = Blueprint("broken_links", __name__, url_prefix="/broken-links")

IS_BROKEN = (LinkCheck.status == 0) | (
    (LinkCheck.status >= BROKEN_FROM) & LinkCheck.status.not_in(GUARDED)
)
IS_GUARDED = LinkCheck.status.in_(GUARDED)


@bp.get("")
@needs(Permission.EDIT_CONTENT)
def index() -> str:
    """List the broken links; ``?which=guarded`` those that no machine may look at."""
    is_guarded = request.args.get("which") == "guarded"
    wanted = select(LinkCheck).where(IS_GUARDED if is_guarded else IS_BROKEN)
    page = things_of(db.session, wanted.order_by(LinkCheck.url), page_number())
    counts = select(func.count(LinkCheck.id), func.max(LinkCheck.checked_at))
    count, newest = db.session.execute(counts).one()
    return render_template(
        "staff/broken_links/index.html",
        page=page,
        is_guarded=is_guarded,
        count=count,
        newest=newest,
    )


@bp.post("")
@needs(Permission.EDIT_CONTENT)
def create() -> ResponseReturnValue:
    """Follow every link anew, in the worker."""
    task = tasks.start(db.session, KIND, "Follow every link", signed_in().email)
    db.session.commit()
    flash("The links are being followed. This takes a while; you can go on meanwhile.")
    return redirect(url_for("staff.tasks.show", task_id=task.id), 303)
