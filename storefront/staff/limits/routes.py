"""The addresses of the checkout's limits."""

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.staff import Permission
from storefront.extensions import db, settings
from storefront.limits import lift
from storefront.logs import log
from storefront.payments.attempts import counted
from storefront.staff.access import needs, signed_in

bp = Blueprint("limits", __name__, url_prefix="/limits")
TITLES = {
    "cart": "Steps to payment, one cart",
    "address": "Steps to payment, one address",
    "overall": "Steps to payment, all together",
    "failed-cart": "Declined cards, one cart",
    "failed-address": "Declined cards, one address",
    "failed-overall": "Declined cards, all together",
}
GONE = "This limit has ended by itself, or somebody lifted it. Nothing was changed."
_DIGEST = re.compile(r"[0-9a-f]{64}")


@bp.get("")
@needs(Permission.SEE_MONEY)
def index() -> str:
    """List the limits that are half full or reached."""
    return _page()


@bp.post("/lifts")
@needs(Permission.LIFT_LIMITS)
def lifts_create() -> ResponseReturnValue:
    """Forget what was counted, so that the checkout works again at once."""
    scope, subject = request.form.get("scope", ""), request.form.get("subject", "")
    if scope not in TITLES or not _DIGEST.fullmatch(subject):
        return _page("Choose a limit of the list. Nothing was changed."), 422
    if not lift(db.session, scope, subject):
        db.session.rollback()
        return _page(GONE), 409
    db.session.commit()
    log.warning("limit lifted", extra={"event": scope, "reason": f"staff {signed_in().id}"})
    flash(f"Lifted: {TITLES[scope]}. The checkout works again.")
    return redirect(url_for("staff.limits.index"), 303)


def _page(error: str | None = None) -> str:
    limits = settings().checkout_limits
    return render_template(
        "staff/limits/index.html",
        counted=counted(db.session, limits),
        limits=limits,
        titles=TITLES,
        error=error,
    )
