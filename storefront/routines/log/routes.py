"""The addresses of the log in a customer's account: hers alone, and never cached."""

import uuid

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Customer, now
from storefront.downloads import csv_file
from storefront.extensions import db, settings
from storefront.languages import gettext, lazy_gettext
from storefront.paging import page_number
from storefront.routines.log import export, queries, service
from storefront.routines.log.chart import pain_chart
from storefront.routines.log.forms import PracticeForm, UploadedForm
from storefront.routines.queries import titles
from storefront.signin import current_customer

MOST_AT_ONCE = 1000
FULL = lazy_gettext(
    "A log holds at most %(count)s sessions. Export them, then delete some.",
    count=service.MOST_KEPT,
)

bp = Blueprint("practices", __name__, url_prefix="/account/log")


@bp.get("")
def show() -> ResponseReturnValue:
    """Show the log, with the form for one more session."""
    customer = current_customer()
    if customer is None:
        return _to_login()
    return _page(customer, PracticeForm(key=str(uuid.uuid4()), day=now().date()))


@bp.post("")
def create() -> ResponseReturnValue:
    """Add a session that was typed; sent twice, it is kept once."""
    customer = current_customer()
    if customer is None:
        return _to_login()
    form = PracticeForm(request.form)
    if not form.validate():
        return _page(customer, form), 422
    try:
        service.add(db.session, customer, [form.values(settings().timezone)])
    except service.LogFullError:
        db.session.rollback()
        return _page(customer, form, FULL), 409
    db.session.commit()
    return redirect(url_for(".show"), 303)


@bp.post("/upload")
def upload() -> ResponseReturnValue:
    """Take the sessions that a browser has kept, as JSON; all of them or, where one is wrong, none.

    Answers how many were new. Sent twice, each is kept once, by its key.
    """
    customer = current_customer()
    if customer is None:
        return _said(gettext("Sign in first."), 401)
    sent = _sent_sessions()
    if not sent:
        return _said(gettext("There is no list of sessions in what was sent."), 422)
    if len(sent) > MOST_AT_ONCE:
        most = gettext("At most %(count)s sessions can be sent at once.", count=MOST_AT_ONCE)
        return _said(most, 422)
    forms = [UploadedForm.of(entry) for entry in sent]
    for place, form in enumerate(forms, start=1):
        if not form.validate():
            wrong = {"number": place, "error": form.first_error}
            return _said(gettext("Session %(number)s: %(error)s", **wrong), 422)
    try:
        added = service.add(db.session, customer, [form.values() for form in forms])
    except service.LogFullError:
        db.session.rollback()
        return _said(FULL, 409)
    db.session.commit()
    return jsonify(added=added, received=len(forms))


@bp.post("/<key>/removal")
def remove(key: str) -> ResponseReturnValue:
    """Delete one session."""
    customer = current_customer()
    if customer is None:
        return _to_login()
    if not service.remove(db.session, customer, key):
        abort(404)
    db.session.commit()
    return redirect(url_for(".show"), 303)


@bp.post("/removal")
def remove_all() -> ResponseReturnValue:
    """Delete the whole log."""
    customer = current_customer()
    if customer is None:
        return _to_login()
    service.remove_all(db.session, customer)
    db.session.commit()
    return redirect(url_for(".show"), 303)


@bp.get("/export.csv")
def as_csv() -> ResponseReturnValue:
    """Give the whole log as a table."""
    customer = current_customer()
    if customer is None:
        return _to_login()
    return csv_file(export.as_csv(queries.every(db.session, customer)), "log.csv")


@bp.get("/export.json")
def as_json() -> ResponseReturnValue:
    """Give the whole log as JSON."""
    customer = current_customer()
    if customer is None:
        return _to_login()
    records = export.as_records(queries.every(db.session, customer))
    response = jsonify(sessions=records)
    response.headers["Content-Disposition"] = 'attachment; filename="log.json"'
    return response


def _page(customer: Customer, form: PracticeForm, error: str | None = None) -> str:
    return render_template(
        "routines/log.html",
        form=form,
        error=error,
        page=queries.practices(db.session, customer, page_number()),
        chart=pain_chart(queries.with_pain(db.session, customer)),
        titles=titles(db.session),
    )


def _sent_sessions() -> list[object]:
    """Return the list of sessions in the JSON that was sent; empty where it has none."""
    try:
        body = request.get_json(silent=True)
    except RecursionError:  # brackets in brackets without end
        body = None
    sent = body.get("sessions") if isinstance(body, dict) else None
    return sent if isinstance(sent, list) else []


def _to_login() -> ResponseReturnValue:
    return redirect(url_for("accounts.login"), 303)


def _said(message: str, status: int) -> ResponseReturnValue:
    return jsonify(status=status, message=str(message)), status
