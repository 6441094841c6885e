"""The addresses of a customer's password, passkeys and browsers."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from werkzeug.wrappers import Response

from models import Customer
from models.factor import Passkey
from storefront.accounts.access import customers_only, signed_in
from storefront.accounts.bound import passkeys
from storefront.accounts.forms import NewPassword, PasskeyForm
from storefront.accounts.proving import needs_proof, refusal
from storefront.accounts.routes import onward
from storefront.accounts.security.service import Security
from storefront.browsers import browsers, end_sign_in, end_sign_ins
from storefront.extensions import db
from storefront.forms import id_from
from storefront.languages import gettext, lazy_gettext
from storefront.passkeys import MOST, BadPasskeyError
from storefront.passwords import hash_password
from storefront.payments.access import letters
from storefront.signin import sign_in_id

bp = Blueprint("security", __name__)

BAD_PASSKEY = lazy_gettext("The browser gave no passkey that can be kept. Try again.")
ENOUGH = lazy_gettext("You have %(count)s passkeys already: remove one first.", count=MOST)


@bp.get("/security")
@customers_only
def show() -> str:
    """Show how one signs in, and where one is signed in."""
    return _page()


@bp.post("/proof")
@customers_only
def prove() -> ResponseReturnValue:
    """Prove who it is, and go on to the page that asked for it."""
    return refusal(signed_in()) or onward()


@bp.post("/security/password")
@needs_proof
def password_update() -> ResponseReturnValue:
    """Choose a password, the first one too; every other browser is signed out."""
    form = NewPassword(request.form)
    form.email = signed_in().email
    if not form.validate():
        return _page(password=form), 422
    db.release()  # nobody waits for the database while a password is hashed
    password_hash = hash_password(str(form.password.data))
    _security().change_password(password_hash, sign_in_id())
    db.session.commit()
    flash(gettext("Your password is saved. Every other browser is signed out."))
    return _back()


@bp.post("/security/password/removal")
@needs_proof
def password_remove() -> ResponseReturnValue:
    """Do without a password: mailed links and passkeys sign in."""
    _security().change_password(None, sign_in_id())
    db.session.commit()
    flash(gettext("Your account no longer has a password. Every other browser is signed out."))
    return _back()


@bp.get("/security/passkeys")
@needs_proof
def passkeys_new() -> str:
    """Ask for a passkey."""
    return _passkey_page(PasskeyForm())


@bp.post("/security/passkeys")
@needs_proof
def passkeys_create() -> ResponseReturnValue:
    """Keep a passkey of this device."""
    form, customer, given = PasskeyForm(request.form), signed_in(), request.form
    if not form.validate():
        return _passkey_page(form), 422
    if len(_keys(customer)) >= MOST:
        return _passkey_page(form, ENOUGH), 422
    answer = given.get("new-passkey", ""), given.get("new-challenge", "")
    try:
        made = passkeys().add(db.session, customer, str(form.name.data), *answer)
    except BadPasskeyError:
        db.session.commit()  # a challenge is answered once, rightly or not
        return _passkey_page(form, BAD_PASSKEY), 422
    _security().note_passkey(made)
    db.session.commit()
    flash(gettext("%(name)s is added.", name=made.name))
    return _back()


@bp.post("/security/passkeys/<passkey_id>/removal")
@needs_proof
def passkey_remove(passkey_id: str) -> ResponseReturnValue:
    """Forget a passkey."""
    if not _security().remove_passkey(id_from(passkey_id) or 0):
        abort(404)
    db.session.commit()
    flash(gettext("The passkey is removed."))
    return _back()


@bp.post("/security/browsers/<found_id>/removal")
@customers_only
def browser_remove(found_id: str) -> ResponseReturnValue:
    """Sign one browser out."""
    if not end_sign_in(db.session, signed_in(), id_from(found_id) or 0):
        abort(404)
    db.session.commit()
    flash(gettext("That browser is signed out."))
    return _back()


@bp.post("/security/browsers/removal")
@customers_only
def browsers_remove() -> ResponseReturnValue:
    """Sign every other browser out."""
    count = end_sign_ins(db.session, signed_in(), but=sign_in_id())
    db.session.commit()
    flash(gettext("Signed out elsewhere: %(count)s.", count=count))
    return _back()


def _security() -> Security:
    return Security(db.session, signed_in(), letters())


def _back() -> Response:
    return redirect(url_for(".show"), 303)


def _keys(customer: Customer) -> list[Passkey]:
    hers = select(Passkey).where(Passkey.customer_id == customer.id).order_by(Passkey.id)
    return list(db.session.scalars(hers))


def _page(*, password: NewPassword | None = None) -> str:
    customer = db.session.get_one(Customer, signed_in().id)
    return render_template(
        "accounts/security.html",
        customer=customer,
        passkeys=_keys(customer),
        browsers=browsers(db.session, customer, sign_in_id()),
        form=password or NewPassword(),
    )


def _passkey_page(form: PasskeyForm, error: str | None = None) -> str:
    customer = signed_in()
    question = passkeys().to_make(customer, _keys(customer))
    return render_template("accounts/passkey.html", form=form, question=question, error=error)
