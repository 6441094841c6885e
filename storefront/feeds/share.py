"""The addresses of the share pictures: drawn when somebody first asks, then kept for good."""

from flask import Blueprint, Response, abort, current_app, redirect
from flask.typing import ResponseReturnValue

from models.language import prefix
from storefront.extensions import db, settings
from storefront.feeds import drawing, queries
from storefront.feeds.machines import Machines
from storefront.logs import log
from storefront.typesetting import TypesettingError

bp = Blueprint("share", __name__)
FOR_GOOD = "public, max-age=31536000, immutable"
SOON = "public, max-age=60"


@bp.get("/share/<kind>/<handle>-<digest>.png")
def picture(kind: str, handle: str, digest: str) -> ResponseReturnValue:
    """Give the share picture of a page; an address of before leads to the present one.

    Only what the shop shows is drawn, so a stranger can have no more pictures than there are pages.
    """
    found = queries.picture(db.session, kind, handle)
    if found is None:
        abort(404)
    site = machines().site
    present = found.path(site.shop.name, site.asset)
    if digest != found.digest(site.shop.name, site.asset):
        return _led_to(present)
    try:
        drawn = drawing.kept(
            settings().instance / "share" / prefix().strip("/"), found, site.shop.name, digest
        )
    except TypesettingError:  # the shop's general picture is better than none
        log.exception("share picture not drawn")
        return _led_to(site.asset("img/share.png"))
    answer = Response(drawn, mimetype="image/png")
    answer.headers["Cache-Control"] = FOR_GOOD
    answer.headers["Cross-Origin-Resource-Policy"] = (
        "cross-origin"  # others show it, that is its use
    )
    return answer


def machines() -> Machines:
    """Return what the current app's pages say to machines."""
    found: Machines = current_app.extensions["machines"]
    return found


def _led_to(path: str) -> ResponseReturnValue:
    answer = redirect(path, 302)
    answer.headers["Cache-Control"] = SOON
    return answer
