"""The addresses by which the buyer of an order adds units to it, for an hour after it was paid."""

from flask import Blueprint, Response, abort, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict
from wtforms import StringField

from models import Order, OrderLine
from models.inventory import OutOfStockError
from storefront.changes.service import NotWorthError, TooLateError
from storefront.checkout import adding
from storefront.checkout.purchasing import Answered
from storefront.checkout.routes import expired, to_payment, told_to_wait
from storefront.checkout.service import latest_payment
from storefront.extensions import db, settings
from storefront.forms import Form, quantity_from
from storefront.languages import gettext, lazy_gettext
from storefront.logs import log
from storefront.orders.private import private, private_page
from storefront.orders.queries import by_number, changes_until, order_url
from storefront.payments import service as payments
from storefront.payments.access import guard, letters
from storefront.payments.attempts import TooManyAttemptsError, paying
from storefront.payments.outcome import PageAppearedError, give_up

bp = Blueprint("more", __name__, url_prefix="/orders/<number>/more")

INVALID = lazy_gettext("Nothing was changed yet. Correct what is marked below.")
NONE = lazy_gettext("Enter how many more you want of at least one item.")
TOO_LATE = lazy_gettext(
    "Nothing can be added to this order now. Place another order to have more. Nothing was changed."
)
GONE = lazy_gettext("There are not that many left. Choose fewer. Nothing was changed.")
ASK_US = lazy_gettext("This costs too little to be paid by itself. Nothing was changed.")
WHY_NOT: dict[type[Exception], str] = {
    TooLateError: TOO_LATE,
    OutOfStockError: GONE,
    NotWorthError: ASK_US,
}


class UnitsForm(Form):
    """How many units more of a line."""

    units = StringField(render_kw={"autocomplete": "off", "inputmode": "numeric"})


class Adding:
    """The form of what is added, with a field for each line."""

    def __init__(self, lines: list[OrderLine], sent: MultiDict[str, str] | None = None) -> None:
        """Fill it with what was sent, else with nothing."""
        self.lines: list[tuple[OrderLine, UnitsForm]] = []
        self.units: dict[int, int] = {}
        for line in lines:
            row = UnitsForm(sent, prefix=f"more-{line.id}-", data={"units": "0"})
            name = f"{line.title}, {line.variant_title}" if line.variant_title else line.title
            row.units.label.text = gettext("More of %(name)s", name=name)
            self.lines.append((line, row))

    def validate(self) -> bool:
        """Check every field; errors stand beside them, and ``units`` is known afterwards."""
        is_valid = True
        for line, row in self.lines:
            try:
                units = quantity_from(row.units.data or "0", smallest=0)
            except ValueError as wrong:
                row.units.errors, is_valid = [str(wrong)], False
            else:
                self.units |= {line.id: units} if units else {}
        if is_valid and self.lines and not self.units:
            self.lines[0][1].units.errors, is_valid = [NONE], False
        return is_valid


@bp.get("")
def show(number: str) -> ResponseReturnValue:
    """Show what can be added to an order, or what was and waits for its payment."""
    return _page(_found(number))


@bp.post("")
def create(number: str) -> ResponseReturnValue:
    """Write the order of what is added, and lead to its payment."""
    order = _found(number)
    typed = _adding(order, is_sent=True)
    if not typed.lines:
        return _refused(number, TOO_LATE)
    if not typed.validate():
        return _page(order, typed, INVALID), 422
    origin, counted = guard().origin_of(request.remote_addr), paying(order)
    try:
        payment = adding.add(db.session, order.id, typed.units, origin)
        guard().count_checkout(db.session, counted, origin)
    except TooManyAttemptsError as often:
        return told_to_wait(often)
    except tuple(WHY_NOT) as why:
        return _refused(number, WHY_NOT[type(why)])
    db.session.commit()
    log.info("order changed by its buyer", extra={"order": number, "event": "more"})
    return to_payment(payment)


@bp.post("/withdrawal")
def withdraw(number: str) -> ResponseReturnValue:
    """Leave the order as it was: what was added ends unpaid, once its page cannot be paid."""
    order = _found(number)
    added = adding.waited_for(db.session, order)
    if added is None:
        return _refused(number, TOO_LATE)
    back, payment = order_url(order), latest_payment(db.session, added.id)
    try:
        found = expired(payment)
    except Answered as early:
        return early.response
    try:
        if found is None:
            give_up(db.session, payment, actor="buyer", note="The buyer left it.")
        else:
            payments.settle(db.session, found, letters())
    except PageAppearedError:
        return _refused(number, TOO_LATE)
    db.session.commit()
    return private(redirect(back, 303))  # type: ignore[arg-type]  # it is Flask's own answer


def _found(number: str) -> Order:
    return by_number(db.session, number, request.values.get("token", "")) or abort(404)


def _adding(order: Order, *, is_sent: bool = False) -> Adding:
    """Return the form; without a line where nothing can be added (any more)."""
    may = changes_until(order) is not None and not settings().taxes_by_stripe
    lines = adding.addable(db.session, order) if may else []
    return Adding(lines, request.form if is_sent else None)


def _refused(number: str, why: str) -> ResponseReturnValue:
    """Undo, and show the order as it is now, with what was typed."""
    db.session.rollback()
    order = _found(number)
    return _page(order, _adding(order, is_sent=True), why), 409


def _page(order: Order, typed: Adding | None = None, error: str | None = None) -> Response:
    return private_page(
        "checkout/more.html",
        order=order,
        order_url=order_url(order),
        typed=typed or _adding(order),
        added=adding.waited_for(db.session, order),
        error=error,
    )
