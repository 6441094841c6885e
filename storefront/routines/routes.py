"""The addresses of routines, of the player and of what is printed."""

from flask import Blueprint, Response, abort, render_template, request

from models.language import prefix
from storefront.assets import STATIC
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.languages import gettext
from storefront.routines import queries
from storefront.routines.log.routes import bp as practices
from storefront.routines.plan import Plan, minutes
from storefront.routines.qr import code_of

bp = Blueprint("routines", __name__)
bp.register_blueprint(practices)

WORKER = STATIC / "js" / "worker" / "sw.js"


@bp.get("/routines")
def index() -> str:
    """List the routines."""
    found = queries.routines(db.session)
    return render_template("routines/index.html", routines=found, minutes=minutes)


@bp.get("/routines/<handle>")
def show(handle: str) -> str:
    """Show what a routine is made of."""
    found = queries.routine(db.session, handle)
    if found is None:
        abort(404)
    routine, plan = found
    return render_template("routines/show.html", routine=routine, plan=plan, minutes=minutes)


@bp.get("/routines/<handle>/play")
def play_routine(handle: str) -> str:
    """Play a routine by the clock."""
    return _play(_routine(handle))


@bp.get("/pages/<handle>/play")
def play_tutorial(handle: str) -> str:
    """Play a tutorial by the clock."""
    return _play(queries.tutorial_plan(db.session, handle) or abort(404))


@bp.get("/routines/<handle>/print")
def print_routine(handle: str) -> str:
    """Show a routine on one sheet of paper."""
    return _print(_routine(handle))


@bp.get("/pages/<handle>/print")
def print_tutorial(handle: str) -> str:
    """Show a tutorial on one sheet of paper."""
    return _print(queries.tutorial_plan(db.session, handle) or abort(404))


@bp.get("/log")
def device_log() -> str:
    """Show the log that a browser keeps; the page is the same for all, its content is hers."""
    return render_template("routines/device_log.html")


@bp.get("/offline")
def offline() -> str:
    """Say what can be read without a network."""
    return render_template("routines/offline.html")


@bp.get("/sw.js")
def worker() -> Response:
    """Give the script that keeps opened player pages for when there is no network.

    It stands at the root, since a worker is in charge of what lies below its own address.
    """
    response = Response(WORKER.read_bytes(), mimetype="text/javascript")
    response.headers["Cache-Control"] = "no-cache"
    response.add_etag()
    response.make_conditional(request)
    return response


def _routine(handle: str) -> Plan:
    found = queries.routine(db.session, handle)
    return found[1] if found else abort(404)


def _play(plan: Plan) -> str:
    """Return the player's page.

    ``?first=right`` begins with the right side, ``?step=3`` at the third step.
    """
    begin = "right" if request.args.get("first") == "right" else "left"
    left, right = gettext("Left side"), gettext("Right side")
    first, other = (left, right) if begin == "left" else (right, left)
    return render_template(
        "routines/play.html",
        plan=plan,
        first_side=begin,
        side_names={"": "", "first": first, "other": other},
        begins=plan.moment_of(id_from(request.args.get("step")) or 1),
        minutes=minutes,
    )


def _print(plan: Plan) -> str:
    return render_template(
        "routines/print.html",
        plan=plan,
        minutes=minutes,
        code=code_of(settings().site_url + prefix() + plan.path),
    )
