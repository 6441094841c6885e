"""The address at which the morning begins."""

from flask import Blueprint, render_template

from models.staff import Permission
from storefront.extensions import db, settings
from storefront.staff.access import needs
from storefront.staff.today import queries

bp = Blueprint("today", __name__)


@bp.get("")
@needs(Permission.SEE)
def show() -> str:
    """Show what needs doing, and whether everything adds up."""
    return render_template(
        "staff/today/show.html",
        todo=queries.to_do(db.session, settings().checkout_limits),
        verification=queries.newest_verification(db.session),
    )
