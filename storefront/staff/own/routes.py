"""The addresses of one's own account."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from models import Staff
from models.staff import Permission
from storefront.accounts.forms import NameForm, PasskeyForm, PasswordForm
from storefront.accounts.routes import refused_for_now
from storefront.accounts.service import Try, forgive_tries
from storefront.browsers import browsers, end_sign_in, end_sign_ins
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.passkeys import MOST, BadPasskeyError
from storefront.passwords import hash_password, matches
from storefront.payments.access import letters
from storefront.routines.qr import code_of
from storefront.signin import note_proof, sign_in_id
from storefront.site import read
from storefront.staff import proving
from storefront.staff.access import needs, signed_in
from storefront.staff.own import bound, factors, recovery, service, totp
from storefront.staff.session.onward import way_on

bp = Blueprint("own", __name__, url_prefix="/me")

WRONG_CODE = "That is not a code of this app, or it came too late. Enter the one it shows now."
WRONG_OLD = "That is not your old password."
BAD_PASSKEY = "The browser gave no passkey that can be kept. Try again."
HAS_APP = "You have an app already. Remove it first to use another."


@bp.get("")
@needs(Permission.SEE)
def show() -> str:
    """Show one's name, password, devices and where one is signed in."""
    return _page()


@bp.post("")
@needs(Permission.SEE)
def update() -> ResponseReturnValue:
    """Save one's name."""
    form = NameForm(request.form)
    if not form.validate():
        return _page(name=form), 422
    _own().person.name = str(form.name.data)
    db.session.commit()
    flash("Your name is saved.")
    return _back()


@bp.post("/password")
@needs(Permission.SEE)
def password_update() -> ResponseReturnValue:
    """Change one's password; every other browser is signed out."""
    person, form = signed_in(), PasswordForm(request.form)
    form.email = person.email
    if not form.validate():
        return _page(password=form), 422
    db.release()  # nobody waits for the database while a password is checked
    tried = Try("staff-proof", person.email, request.remote_addr or "")
    if too_many := refused_for_now(tried):
        return _page(password=form, error=proving.TOO_MANY), 429, too_many
    if not matches(person.password_hash, str(form.old.data)):
        form.old.errors = [WRONG_OLD]
        return _page(password=form), 422
    made = hash_password(str(form.password.data))
    forgive_tries(db.session, tried, settings().secret_key)
    _own().change_password(made, sign_in_id())
    db.session.commit()
    flash("Your password is changed. Every other browser is signed out.")
    return _back()


@bp.post("/proof")
@needs(Permission.SEE)
def prove() -> ResponseReturnValue:
    """Prove who it is, and go on to the page that asked for it."""
    if refused := proving.refusal(signed_in()):
        return refused
    return redirect(way_on(request.form.get("next")), 303)


@bp.post("/app")
@needs(Permission.SEE, proof=True, without_factor=True)
def app_create() -> ResponseReturnValue:
    """Make a secret for an app; it counts once a first code proves that the app has it."""
    if not totp.begin(db.session, signed_in().id, settings().secret_key):
        db.session.rollback()
        return _page(error=HAS_APP), 409
    db.session.commit()
    return redirect(url_for("staff.own.app"), 303)


@bp.get("/app")
@needs(Permission.SEE, proof=True, without_factor=True)
def app() -> ResponseReturnValue:
    """Show the secret that awaits its first code, as a picture and to type."""
    return _app_page() or _back()


@bp.post("/app/confirmation")
@needs(Permission.SEE, proof=True, without_factor=True)
def app_confirm() -> ResponseReturnValue:
    """Take the first code of an app; the first device brings recovery codes."""
    own, key = _own(), settings().secret_key
    if not own.confirm_app(request.form.get("code", ""), key):
        db.session.rollback()
        return _app_page(WRONG_CODE) or abort(409), 422
    return _added(own, "The app is added.")


@bp.post("/app/remove")
@needs(Permission.SEE, proof=True)
def app_remove() -> ResponseReturnValue:
    """Forget the app."""
    if not _own().remove_app():
        abort(404)
    db.session.commit()
    flash("The app is removed.")
    return _back()


@bp.get("/passkeys")
@needs(Permission.SEE, proof=True, without_factor=True)
def passkeys() -> str:
    """Ask for a passkey."""
    return _passkey_page(PasskeyForm())


@bp.post("/passkeys")
@needs(Permission.SEE, proof=True, without_factor=True)
def passkeys_create() -> ResponseReturnValue:
    """Keep a passkey of this device."""
    form, own, given = PasskeyForm(request.form), _own(), request.form
    if not form.validate():
        return _passkey_page(form), 422
    if len(factors.of(db.session, own.person.id).passkeys) >= MOST:
        return _passkey_page(form, f"You have {MOST} already: remove one first."), 422
    answer = given.get("new-passkey", ""), given.get("new-challenge", "")
    try:
        made = bound.passkeys().add(db.session, own.person, str(form.name.data), *answer)
    except BadPasskeyError:
        db.session.commit()  # a challenge is answered once, rightly or not
        return _passkey_page(form, BAD_PASSKEY), 422
    own.note_passkey(made)
    return _added(own, f"{made.name} is added.")


@bp.post("/passkeys/<passkey_id>/remove")
@needs(Permission.SEE, proof=True)
def passkey_remove(passkey_id: str) -> ResponseReturnValue:
    """Forget a passkey."""
    if not _own().remove_passkey(id_from(passkey_id) or 0):
        abort(404)
    db.session.commit()
    flash("The passkey is removed.")
    return _back()


@bp.post("/codes")
@needs(Permission.SEE, proof=True)
def codes_create() -> ResponseReturnValue:
    """Make new recovery codes in place of the old ones, and show them this once."""
    person = signed_in()
    if not factors.of(db.session, person.id).is_any:
        abort(409, "Add a passkey or an app first: recovery codes stand in for them.")
    codes = recovery.renew(db.session, person.id, settings().secret_key)
    db.session.commit()
    return render_template("staff/own/codes.html", codes=codes, said="")


@bp.post("/sign-ins/<found_id>/remove")
@needs(Permission.SEE)
def sign_in_remove(found_id: str) -> ResponseReturnValue:
    """Sign one browser out."""
    if not end_sign_in(db.session, signed_in(), id_from(found_id) or 0):
        abort(404)
    db.session.commit()
    flash("That browser is signed out.")
    return _back()


@bp.post("/sign-ins/remove")
@needs(Permission.SEE)
def sign_ins_remove() -> ResponseReturnValue:
    """Sign every other browser out."""
    count = end_sign_ins(db.session, signed_in(), but=sign_in_id())
    db.session.commit()
    flash(f"Signed out elsewhere: {count}.")
    return _back()


def _own() -> service.OwnAccount:
    return service.OwnAccount(db.session, signed_in(), letters())


def _added(own: service.OwnAccount, said: str) -> ResponseReturnValue:
    """Commit a new device, a proof itself; show recovery codes where it is the first."""
    codes = own.first_codes(settings().secret_key)
    note_proof(db.session, sign_in_id())
    db.session.commit()
    if codes:
        return render_template("staff/own/codes.html", codes=codes, said=said)
    flash(said)
    return _back()


def _back() -> Response:
    return redirect(url_for("staff.own.show"), 303)


def _page(
    *, name: NameForm | None = None, password: PasswordForm | None = None, error: str | None = None
) -> str:
    person = db.session.get_one(Staff, signed_in().id)
    return render_template(
        "staff/own/show.html",
        person=person,
        factors=factors.of(db.session, person.id),
        browsers=browsers(db.session, person, sign_in_id()),
        name_form=name or NameForm(obj=person),
        password_form=password or PasswordForm(),
        error=error,
    )


def _app_page(error: str | None = None) -> str | None:
    person = signed_in()
    secret = totp.awaiting(db.session, person.id, settings().secret_key)
    if secret is None:
        return None
    code = code_of(totp.address(secret, person.email, read().name))
    return render_template("staff/own/app.html", secret=secret, code=code, error=error)


def _passkey_page(form: PasskeyForm, error: str | None = None) -> str:
    person = signed_in()
    question = bound.passkeys().to_make(person, factors.of(db.session, person.id).passkeys)
    return render_template("staff/own/passkey.html", form=form, question=question, error=error)
