"""The addresses of signing in and out."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from storefront.accounts import service
from storefront.accounts.forms import LoginForm
from storefront.accounts.routes import refused_for_now
from storefront.extensions import db, settings
from storefront.passwords import matches
from storefront.signin import current_staff, sign_in, sign_out
from storefront.staff.access import open_to_all
from storefront.staff.session.onward import way_on

bp = Blueprint("session", __name__)

WRONG = "This e-mail address and password do not go together."
TOO_MANY = "Too many tries. Please wait a quarter of an hour."


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
    """Sign a member of staff in."""
    form, onward = LoginForm(request.form), request.form.get("next")
    if not form.validate():
        return _page(form, onward), 422
    email = str(form.email.data)
    tried = service.Try("staff", email, request.remote_addr or "")
    if too_many := refused_for_now(tried):
        return _page(form, onward, TOO_MANY), 429, too_many
    person = service.staff_by_email(db.session, email)
    db.release()  # nobody waits for the database while a password is checked
    is_right = matches(person.password_hash if person else None, str(form.password.data))
    if person is None or not is_right:
        return _page(form, onward, WRONG), 422
    service.forgive_tries(db.session, tried, settings().secret_key)
    sign_in(person)
    db.session.commit()
    return redirect(way_on(onward), 303)


@bp.post("/logout")
@open_to_all
def remove() -> ResponseReturnValue:
    """Sign out, on the server too."""
    sign_out()
    db.session.commit()
    return redirect(url_for("staff.session.show"), 303)


def _page(form: LoginForm, onward: str | None, error: str | None = None) -> str:
    return render_template("staff/session/show.html", form=form, onward=onward, error=error)
