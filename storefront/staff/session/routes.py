"""The addresses of signing in and out."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Staff
from storefront.accounts import service
from storefront.accounts.forms import LoginForm
from storefront.accounts.routes import refused_for_now
from storefront.extensions import db, settings
from storefront.passkeys import BadPasskeyError
from storefront.passwords import matches
from storefront.signin import current_staff, sign_in, sign_out
from storefront.staff.access import open_to_all
from storefront.staff.audit.noting import note
from storefront.staff.own import bound, factors
from storefront.staff.proving import TOO_MANY, WRONG_CODE
from storefront.staff.session import halfway
from storefront.staff.session.onward import way_on

bp = Blueprint("session", __name__)

WRONG = "This email address and password do not go together."
WRONG_PASSKEY = "This passkey does not open the back office. Sign in with your password."


@bp.get("/login")
@open_to_all
def show() -> ResponseReturnValue:
    """Show the sign-in form; who is signed in goes on."""
    if current_staff() is not None:
        return redirect(way_on(request.args.get("next")), 303)
    return _page(LoginForm(), request.args.get("next"))


@bp.post("/login")
@open_to_all
def create() -> ResponseReturnValue:
    """Sign a member of staff in; who has a second factor is asked for it first."""
    form, onward = LoginForm(request.form), request.form.get("next")
    if not form.validate():
        return _page(form, onward), 422
    email = str(form.email.data)
    tried = _try("staff", email)
    if too_many := refused_for_now(tried):
        return _page(form, onward, TOO_MANY), 429, too_many
    person = service.staff_by_email(db.session, email)
    db.release()  # nobody waits for the database while a password is checked
    is_right = matches(person.password_hash if person else None, str(form.password.data))
    if person is None or not is_right:
        note(person, "wrong password")
        db.session.commit()
        return _page(form, onward, WRONG), 422
    if factors.of(db.session, person.id).is_any:
        db.release()
        halfway.remember(person)
        return redirect(url_for("staff.session.code", next=onward), 303)
    service.forgive_tries(db.session, tried, settings().secret_key)
    sign_in(person)
    note(person, "signed in")
    db.session.commit()
    return redirect(way_on(onward), 303)


@bp.get("/login/code")
@open_to_all
def code() -> ResponseReturnValue:
    """Ask for the second factor of who has typed the right password."""
    person, onward = halfway.known(), request.args.get("next")
    if person is None:
        return redirect(url_for("staff.session.show", next=onward), 303)
    return _code_page(person, onward)


@bp.post("/login/code")
@open_to_all
def code_create() -> ResponseReturnValue:
    """Sign in who proves her second factor."""
    person, onward = halfway.known(), request.form.get("next")
    if person is None:
        return redirect(url_for("staff.session.show", next=onward), 303)
    db.release()
    tried = _try("staff-proof", person.email)
    if too_many := refused_for_now(tried):
        return _code_page(person, onward, TOO_MANY), 429, too_many
    is_right = bound.check().take(db.session, person, bound.answer())
    if not is_right:
        note(person, "wrong second factor")
        db.session.commit()  # a challenge is answered once, rightly or not
        return _code_page(person, onward, WRONG_CODE), 422
    for scope in ("staff", "staff-proof"):
        service.forgive_tries(db.session, _try(scope, person.email), settings().secret_key)
    sign_in(person)
    note(person, "signed in")
    db.session.commit()
    return redirect(way_on(onward), 303)


@bp.post("/login/passkey")
@open_to_all
def passkey_create() -> ResponseReturnValue:
    """Sign in who has a passkey, without her address and password."""
    onward, answer = request.form.get("next"), bound.answer()
    tried = _try("staff-passkey", "")
    if too_many := refused_for_now(tried):
        return _page(LoginForm(), onward, TOO_MANY), 429, too_many
    try:
        found = bound.passkeys().prove(db.session, answer.passkey, answer.challenge, Staff)
        person = db.session.get(Staff, found.staff_id)
    except BadPasskeyError:
        person = None
    if person is None or not person.is_active:
        note(None, "wrong passkey")
        db.session.commit()  # a challenge is answered once, rightly or not
        return _page(LoginForm(), onward, WRONG_PASSKEY), 422
    service.forgive_tries(db.session, tried, settings().secret_key)
    sign_in(person)
    note(person, "signed in")
    db.session.commit()
    return redirect(way_on(onward), 303)


@bp.post("/logout")
@open_to_all
def remove() -> ResponseReturnValue:
    """Sign out, on the server too."""
    sign_out()
    db.session.commit()
    return redirect(url_for("staff.session.show"), 303)


def _try(scope: str, email: str) -> service.Try:
    address = request.remote_addr or ""
    return service.Try(scope, email or f"anybody at {address}", address)


def _page(form: LoginForm, onward: str | None, error: str | None = None) -> str:
    question = bound.passkeys().to_prove()
    return render_template(
        "staff/session/show.html", form=form, onward=onward, error=error, question=question
    )


def _code_page(person: Staff, onward: str | None, error: str | None = None) -> str:
    had = factors.of(db.session, person.id)
    return render_template(
        "staff/session/code.html",
        factors=had,
        question=bound.passkeys().to_prove(had.passkeys) if had.passkeys else None,
        onward=onward,
        error=error,
    )
