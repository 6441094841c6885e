"""The address at which the morning begins."""

from datetime import datetime
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template

from models.staff import Permission
from storefront.extensions import db, settings
from storefront.staff.access import needs, signed_in
from storefront.staff.places import url_of
from storefront.staff.reports import drawings
from storefront.staff.reports import queries as reports
from storefront.staff.reports.periods import chosen
from storefront.staff.today import queries
from storefront.staff.today.stock import running_out

bp = Blueprint("today", __name__)


@bp.get("")
@needs(Permission.SEE)
def show() -> str:
    """Show what needs doing of what this person may see, what runs out, and what was sold."""
    person, zone = signed_in(), settings().timezone
    today = datetime.now(ZoneInfo(zone)).date()
    sales = None
    if person.may(Permission.SEE_SALES) and (days := chosen("7", today)):
        sales = reports.sales(db.session, days, zone)
    return render_template(
        "staff/today/show.html",
        todo=queries.to_do(db.session, settings().checkout_limits, today),
        verification=queries.newest_verification(db.session),
        running=running_out(db.session) if person.may(Permission.SEE_STOCK) else None,
        sales=sales,
        charts=[drawings.money_chart(sales, it) for it in sales.currencies] if sales else [],
        words_of=drawings.words_of,
        open_url=_open_url,
    )


def _open_url(endpoint: str, **values: str) -> str | None:
    """Return a screen's address where there is one and this person may open it, else None."""
    needed = getattr(current_app.view_functions.get(endpoint), "needs", None)
    may = isinstance(needed, Permission) and signed_in().may(needed)
    return url_of(endpoint, **values) if may else None
