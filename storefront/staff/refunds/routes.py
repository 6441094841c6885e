"""The address that gives money back.

The refund is written and committed first; Stripe is asked then, outside of any transaction.
"""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from models import RefundStatus
from models.order import IllegalTransitionError
from models.staff import Permission
from storefront.extensions import db
from storefront.formatting import money
from storefront.logs import log
from storefront.orders import returns
from storefront.orders.returns import DecidedMeanwhileError
from storefront.payments import refunds
from storefront.payments.access import letters
from storefront.payments.refunded_units import SpentCardError, UnitsError
from storefront.payments.refunds import TooMuchError
from storefront.payments.routes import asked
from storefront.staff.access import needs, signed_in
from storefront.staff.orders import routes as orders
from storefront.staff.refunds import forms
from storefront.staff.refunds.forms import Refunding

bp = Blueprint("refunds", __name__, url_prefix="/orders/<number>/refunds")

NOTHING_LEFT = (
    "Nothing is left to give back: it went back meanwhile, or the buyer's bank has it."
    " Nothing was changed."
)
SPENT = (
    "A gift card among these has been spent from, or is disabled. Give an amount back instead, of"
    " no units. Nothing was changed."
)
UNITS = "Some of these units have been refunded meanwhile. Look again. Nothing was changed."
NOT_CANCELLED = "This order can no longer be cancelled. Nothing was changed."
RETURN_CLOSED = "This return is not one that waits for its money. Nothing was changed."
AGAIN = "This refund was taken down already, and only once."
SAID = {
    RefundStatus.REQUESTED: (
        "{} is to go back, but Stripe did not answer. The shop asks again by itself until it does."
    ),
    RefundStatus.PENDING: "{} is on its way back. Stripe says when it has arrived.",
    RefundStatus.SUCCEEDED: "{} went back to the buyer.",
    RefundStatus.FAILED: "{} did not go back: Stripe refused it. Nothing was paid out.",
    RefundStatus.CANCELED: "{} did not go back: the refund was cancelled at Stripe.",
}


@bp.post("")
@needs(Permission.REFUND, proof=True)
def create(number: str) -> ResponseReturnValue:
    """Give money of an order back, once for each form."""
    order = orders.found(number)
    typed = forms.posted(order, orders.refundable(order), request.form)
    if typed.has_key and refunds.by_key(db.session, typed.key) is not None:
        flash(AGAIN)
        return redirect(url_for("staff.orders.show", number=number), 303)
    if not typed.payments:
        return _refused(typed, NOTHING_LEFT)
    if not typed.validate():
        return orders.page(order, error=typed.error, refunding=typed), 422
    try:
        refund = refunds.request(db.session, order, typed.wanted(signed_in().email))
        if typed.return_id is not None:
            actor = signed_in().email
            closed = (db.session, order, typed.return_id, letters())
            returns.close(*closed, actor=actor, refund=refund)
    except (TooMuchError, UnitsError, IllegalTransitionError, DecidedMeanwhileError) as why:
        return _refused(typed, _in_words(why))
    db.session.commit()
    log.info("refund", extra={"order": number, "event": "refund requested"})
    refund = asked(refund.id)
    flash(SAID[refund.status].format(money(refund.amount)))
    return redirect(url_for("staff.orders.show", number=number), 303)


def _in_words(why: Exception) -> str:
    if isinstance(why, TooMuchError):
        left = f"By now at most {money(why.left)} is left. Nothing was changed."
        return left if why.left.minor else NOTHING_LEFT
    if isinstance(why, DecidedMeanwhileError):
        return RETURN_CLOSED
    if isinstance(why, SpentCardError):
        return SPENT
    return UNITS if isinstance(why, UnitsError) else NOT_CANCELLED


def _refused(typed: Refunding, why: str) -> ResponseReturnValue:
    """Undo, and show the order as it is now, with what was typed."""
    db.session.rollback()
    order = orders.found(typed.order.number)
    again = forms.posted(order, orders.refundable(order), request.form)
    return orders.page(order, error=why, refunding=again), 409
