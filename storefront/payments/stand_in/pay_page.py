"""The hosted pay page: works without scripts, says that it is not Stripe."""

from datetime import UTC, datetime
from typing import NamedTuple, cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for

from . import money, payments, totals
from .api import base_url
from .cards import Decline, PaymentCard
from .core import StandIn, current_stand_in
from .pay_form import PayForm, prefilled
from .store import Caller, Json, Transaction

bp = Blueprint("pay", __name__)
bp.add_app_template_filter(money.shown, "money")

TEST_CARDS = (
    ("4242 4242 4242 4242", "pays"),
    ("4000 0000 0000 0002", "is declined"),
    ("4000 0000 0000 9995", "has insufficient funds"),
    ("4000 0025 0000 3155", "asks for 3-D Secure"),
    ("4000 0000 0000 3220", "asks for 3-D Secure"),
    ("4000 0000 0000 0069", "has expired"),
    ("4000 0000 0000 0127", "has an incorrect CVC"),
    ("4000 0000 0000 0259", "pays, and the payment is disputed"),
    ("4000 0000 0000 7726", "pays; a refund arrives later"),
    ("4000 0000 0000 5126", "pays; a refund fails later"),
)


class Page(NamedTuple):
    """What to show; an address instead of a page is where to send the buyer."""

    template: str
    status: int
    facts: Json


Shown = Page | str


def _missing() -> Page:
    return Page("missing.html", 404, {})


def _closed(session: Json) -> Page:
    return Page("closed.html", 410, {"session": session, "next": _success(session)})


def _success(session: Json) -> str:
    return str(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]))


def _form_page(tx: Transaction, form: PayForm, status: int, decline: Decline | None = None) -> Page:
    session = form.session
    rates = [tx.get(option["shipping_rate"]) for option in session["shipping_options"]]
    facts = {
        "session": session,
        "items": tx.owned(session["id"], "item"),
        "rates": rates,
        "coupon": next((tx.get(each["coupon"]) for each in session["discounts"]), None),
        "tax_percent": totals.TAX_PERCENT,
        "form": form,
        "decline": decline,
        "bank_debit": payments.bank_debit_of(session),
        "test_cards": TEST_CARDS,
        "delay_s": tx.settings.delayed_payment_s,
    }
    return Page("pay.html", status, facts)


@bp.get("/c/pay/<session_id>")
def show(session_id: str) -> Response:
    """Show the form of an open session; say so when it is paid or expired."""
    with current_stand_in().transaction() as tx:
        session = tx.find(session_id, "checkout.session")
        if session is None:
            shown: Shown = _missing()
        elif session["status"] != "open":
            shown = _closed(session)
        else:
            # The address stands there already, and so does the tax; nothing of it is kept yet.
            _add_up(tx, session, session["shipping_cost"])
            shown = _form_page(tx, prefilled(session), 200)
    return _respond(shown)


@bp.post("/c/pay/<session_id>")
def pay(session_id: str) -> Response:
    """Pay once: a second press finds the session complete and only sends the buyer on."""
    stand_in = current_stand_in()
    with stand_in.transaction(_buyer(stand_in)) as tx:
        session = tx.find(session_id, "checkout.session")
        if session is None:
            shown: Shown = _missing()
        elif session["status"] != "open":
            shown = _success(session) if session["status"] == "complete" else _closed(session)
        else:
            shown = _submit(tx, PayForm(session, request.form.to_dict()))
    return _respond(shown)


def _buyer(stand_in: StandIn) -> Caller:
    """Return a caller without a request id: what the page does, no API request did."""
    return Caller(base_url=base_url(stand_in))


def _submit(tx: Transaction, form: PayForm) -> Shown:
    session = form.session
    items = _add_up(tx, session, {"shipping_rate": form.values.get("shipping_rate")})
    total_has_changed = _total_has_changed(form)
    today = datetime.fromtimestamp(tx.moment, UTC).date()
    if not form.check(today) or total_has_changed:
        return _form_page(tx, form, 422)
    tx.save(session)
    for item in items:
        tx.save(item)
    if form.card is not None:
        return _pay_by_card(tx, form, form.card)
    if form.is_free:
        payments.pay_nothing(tx, session, form.details)
    else:
        succeeds = form.values.get("bank_outcome") != "fails"
        payments.pay_by_bank(tx, session, form.details, succeeds=succeeds)
    return _success(session)


def _add_up(tx: Transaction, session: Json, chosen: Json | None) -> list[Json]:
    """Put the chosen rate and the tax of a known address on the session; return its items.

    Nothing is written. A rate that was not offered leaves the one that is there.
    """
    offered = [option["shipping_rate"] for option in session["shipping_options"]]
    if chosen and chosen["shipping_rate"] in offered:
        totals.choose_shipping(session, tx.get(chosen["shipping_rate"]))
    cost = session["shipping_cost"]
    items = tx.owned(session["id"], "item")
    totals.locate(session)
    totals.add_up(session, items, tx.get(cost["shipping_rate"]) if cost else None)
    return items


def _total_has_changed(form: PayForm) -> bool:
    """Tell whether the total is not the one the button named.

    Nobody pays an amount that was not on the button they pressed.
    """
    total = str(form.session["amount_total"])
    if form.values.get("total", total) == total:
        return False
    form.errors["shipping_rate"] = "The total has changed with the shipping: check it, then pay."
    return True


def _pay_by_card(tx: Transaction, form: PayForm, paid_with: PaymentCard) -> Shown:
    session = form.session
    if paid_with.is_challenged:
        details = {**form.details, "typed": dict(form.values)}
        payments.ask_to_authenticate(tx, session, details, paid_with)
        return url_for("pay.ask", session_id=session["id"])
    decline = payments.pay_by_card(tx, session, form.details, paid_with)
    return _form_page(tx, form, 402, decline) if decline else _success(session)


@bp.get("/c/pay/<session_id>/authenticate")
def ask(session_id: str) -> Response:
    """Play the bank that asks whether it is you."""
    with current_stand_in().transaction() as tx:
        session = tx.find(session_id, "checkout.session")
        shown = _not_to_be_authenticated(tx, session) or Page(
            "authenticate.html", 200, {"session": session}
        )
    return _respond(shown)


@bp.post("/c/pay/<session_id>/authenticate")
def authenticate(session_id: str) -> Response:
    """Go on as the buyer answered the bank; a second answer changes nothing."""
    stand_in = current_stand_in()
    with stand_in.transaction(_buyer(stand_in)) as tx:
        session = tx.find(session_id, "checkout.session")
        shown = _not_to_be_authenticated(tx, session)
        if shown is None and session is not None:
            shown = _answer_the_bank(tx, session)
    return _respond(shown or _missing())


def _not_to_be_authenticated(tx: Transaction, session: Json | None) -> Shown | None:
    """Return where to go instead, when no payment of this session waits for the bank."""
    if session is None:
        return _missing()
    if session["status"] != "open":
        return _success(session) if session["status"] == "complete" else _closed(session)
    if not payments.is_waiting_for_authentication(tx, session):
        return url_for("pay.show", session_id=session["id"])
    return None


def _answer_the_bank(tx: Transaction, session: Json) -> Shown:
    typed = payments.attempt_of(tx, session)["details"]["typed"]
    decline = payments.authenticate(tx, session, passed=request.form.get("answer") == "complete")
    if decline is None:
        return _success(session)
    return _form_page(tx, PayForm(session, typed), 402, decline)


def _respond(shown: Shown) -> Response:
    """Send the page, or the buyer onwards; a page may load and post to nothing foreign."""
    if isinstance(shown, str):
        return cast("Response", redirect(shown, 303))
    response = make_response(render_template(shown.template, **shown.facts), shown.status)
    response.headers["Content-Security-Policy"] = _policy(shown.facts.get("session"))
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _policy(session: Json | None) -> str:
    # A browser holds the redirect that follows a post against form-action as well, so the
    # address the buyer goes on to has to be in it.
    targets = "'self'"
    if session is not None:
        onwards = urlsplit(session["success_url"])
        targets = f"'self' {onwards.scheme}://{onwards.netloc}"
    return (
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
        f"frame-ancestors 'none'; form-action {targets}"
    )
