"""The addresses of one's own account."""

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from models.staff import Permission
from storefront.staff import proving
from storefront.staff.access import needs, signed_in
from storefront.staff.session.onward import way_on

bp = Blueprint("own", __name__, url_prefix="/me")


@bp.post("/proof")
@needs(Permission.SEE)
def prove() -> ResponseReturnValue:
    """Prove who it is, and go on to the page that asked for it."""
    if refused := proving.refusal(signed_in()):
        return refused
    return redirect(way_on(request.form.get("next")), 303)
