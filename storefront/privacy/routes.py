"""The addresses of a customer's data: the file, closing the account, being forgotten."""

import json
from collections.abc import Mapping

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue

from models import Customer
from storefront.accounts.access import customers_only, signed_in
from storefront.accounts.proving import needs_proof
from storefront.extensions import db
from storefront.payments.access import letters
from storefront.privacy import service
from storefront.privacy.forms import CloseForm, EraseForm
from storefront.signin import sign_out
from storefront.staff.customers.service import UnderWayError, forget
from storefront.staff.customers.takeout import everything

bp = Blueprint("privacy", __name__, url_prefix="/account/data")

HERSELF = "the customer"  # who erased her, as the record of it says


@bp.get("")
@customers_only
def show() -> str:
    """Show what is kept, what the acts do, and what is kept after them."""
    return _page()


@bp.post("/file")
@needs_proof
def file_create() -> ResponseReturnValue:
    """Give all that is known of her as a file."""
    known = everything(db.session, signed_in().email)
    text = json.dumps(known, ensure_ascii=False, indent=2)
    response = Response(text, mimetype="application/json")
    response.headers["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@bp.post("/closing")
@needs_proof
def close() -> ResponseReturnValue:
    """Close the account."""
    form = CloseForm(request.form)
    if not form.validate():
        return _page(close_form=form), 422
    service.close(db.session, db.session.get_one(Customer, signed_in().id), letters())
    sign_out()
    db.session.commit()
    return render_template("privacy/closed.html", is_erased=False)


@bp.post("/erasure")
@needs_proof
def erase() -> ResponseReturnValue:
    """Erase what is known of her, but for what the law makes the shop keep."""
    form, email = EraseForm(request.form), signed_in().email
    if not form.validate():
        return _page(erase_form=form), 422
    try:
        forget(db.session, email, HERSELF)
    except UnderWayError as open_things:
        db.session.rollback()
        return _page(under_way=open_things.counts), 409
    sign_out()
    db.session.commit()
    return render_template("privacy/closed.html", is_erased=True)


def _page(
    *,
    close_form: CloseForm | None = None,
    erase_form: EraseForm | None = None,
    under_way: Mapping[str, int] | None = None,
) -> str:
    return render_template(
        "privacy/show.html",
        customer=signed_in(),
        close_form=close_form or CloseForm(),
        erase_form=erase_form or EraseForm(),
        under_way=under_way,
    )
