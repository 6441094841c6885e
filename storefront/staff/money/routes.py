"""The addresses of money that does not agree."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import DiscrepancyKind
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.payments import discrepancies
from storefront.staff.access import needs, signed_in
from storefront.staff.money import queries
from storefront.staff.money.forms import ResolutionForm
from storefront.staff.today.queries import newest_verification

bp = Blueprint("money", __name__, url_prefix="/money")

GONE = "This was resolved meanwhile. Nothing was changed."
WHAT_TO_DO = {
    DiscrepancyKind.MONEY_WITHOUT_ORDER: (
        "Find it in Stripe's dashboard by its reference. If somebody paid, write to her, and give"
        " the money back there or send her what she paid for. If it is a refund that the shop"
        " counts and Stripe does not, give it again there. Then say here what you did."
    ),
    DiscrepancyKind.ORDER_WITHOUT_MONEY: (
        "Do not ship the order. Find its payment in Stripe's dashboard. If it is not there, or is"
        " of another amount, ask the buyer to pay the rest, or cancel the order. If money went back"
        " of which the shop does not know, give none back a second time. Then say here what you"
        " did."
    ),
}


@bp.get("")
@needs(Permission.SEE_MONEY)
def index() -> str:
    """Show money without order, order without money, and what else of money needs a look."""
    return _page()


@bp.post("/resolutions")
@needs(Permission.REFUND)
def resolutions_create() -> ResponseReturnValue:
    """Resolve a discrepancy with a reason."""
    form = ResolutionForm(request.form)
    discrepancy_id = id_from(form.discrepancy.data) or 0
    if queries.discrepancy(db.session, discrepancy_id) is None:
        return _page("Choose one of the list. Nothing was changed."), 422
    if not form.validate():
        return _page(typed=form), 422
    reason, actor = str(form.reason.data), signed_in().email
    if not discrepancies.resolve(db.session, discrepancy_id, resolution=reason, actor=actor):
        db.session.rollback()
        return _page(GONE), 409
    db.session.commit()
    flash("Resolved. It stays in the list below.")
    return redirect(url_for("staff.money.index"), 303)


def _page(error: str | None = None, *, typed: ResolutionForm | None = None) -> str:
    differences = queries.open_differences(db.session)
    return render_template(
        "staff/money/index.html",
        open=[(it, _form(it.row.id, typed)) for it in differences],
        resolved=queries.resolved_differences(db.session, page_number()),
        what_to_do=WHAT_TO_DO,
        disputes=queries.open_disputes(db.session),
        refunds=queries.stuck_refunds(db.session),
        attention=queries.needs_attention(db.session),
        verification=newest_verification(db.session),
        checked_at=_checked_at(),
        error=error,
    )


def _checked_at() -> datetime | None:
    """Return when Stripe was asked last, by the worker or by ``verify``."""
    verified = newest_verification(db.session, with_stripe=True)
    reconciled = queries.last_reconciled(db.session)
    moments = [verified.created_at if verified else None, reconciled and reconciled.done_at]
    return max((moment for moment in moments if moment), default=None)


def _form(discrepancy_id: int, typed: ResolutionForm | None) -> ResolutionForm:
    """Return a discrepancy's own form, with what was typed if it was typed there."""
    is_this = typed is not None and typed.discrepancy.data == str(discrepancy_id)
    form = typed if typed is not None and is_this else ResolutionForm()
    form.discrepancy.data = str(discrepancy_id)
    form.discrepancy.id = f"discrepancy-{discrepancy_id}"
    form.reason.id = f"reason-{discrepancy_id}"
    return form
