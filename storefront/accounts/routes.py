"""The addresses of customers' accounts."""

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Customer
from storefront.accounts import service
from storefront.accounts.arriving import arrive
from storefront.accounts.forms import LoginForm, RegisterForm
from storefront.extensions import db, settings
from storefront.orders.queries import of_customer
from storefront.passwords import hash_password, matches
from storefront.payments.access import letters
from storefront.signin import current_customer, sign_in, sign_out

bp = Blueprint("accounts", __name__, url_prefix="/account")

TOO_MANY = "Too many tries. Please wait a quarter of an hour."
WRONG = "This e-mail address and password do not go together, or the address is not proven yet."


@bp.get("")
def show() -> ResponseReturnValue:
    """Lead to the orders, or to the sign-in."""
    return redirect(url_for("accounts.orders"), 303)


@bp.get("/login")
def login() -> ResponseReturnValue:
    """Show the sign-in form; the mailed link leads here too."""
    return _login_page(LoginForm())


@bp.post("/login")
def login_create() -> ResponseReturnValue:
    """Sign a customer in."""
    form = LoginForm(request.form)
    if not form.validate():
        return _login_page(form), 422
    email = str(form.email.data)
    tried = service.Try("customer", email, request.remote_addr or "")
    if too_many := refused_for_now(tried):
        return _login_page(form, TOO_MANY), 429, too_many
    customer = service.customer_by_email(db.session, email)
    db.release()  # nobody waits for the database while a password is checked
    is_right = matches(customer.password_hash if customer else None, str(form.password.data))
    proven = _confirmation().email(request.form.get("confirm", "")) == email
    if not customer or not is_right or not (customer.verified_at or proven):
        return _login_page(form, WRONG), 422
    service.forgive_tries(db.session, tried, settings().secret_key)
    service.prove(db.session, customer)
    sign_in(customer)
    arrive(customer)
    db.session.commit()
    return redirect(url_for("accounts.orders"), 303)


@bp.post("/logout")
def logout() -> ResponseReturnValue:
    """Sign out, on the server too."""
    sign_out()
    db.session.commit()
    return redirect(url_for("accounts.login"), 303)


@bp.get("/register")
def register() -> str:
    """Show the form for an account."""
    return render_template("accounts/register.html", form=RegisterForm())


@bp.post("/register")
def register_create() -> ResponseReturnValue:
    """Open an account; the answer is the same for an address that has one."""
    form = RegisterForm(request.form)
    if not form.validate():
        return render_template("accounts/register.html", form=form), 422
    email = str(form.email.data)
    if too_many := refused_for_now(service.Try("register", email, request.remote_addr or "")):
        page = render_template("accounts/register.html", form=form, error=TOO_MANY)
        return page, 429, too_many
    password_hash = hash_password(str(form.password.data))
    customer = Customer(email=email, name=form.name.data, password_hash=password_hash)
    service.register(db.session, customer, _confirmation())
    db.session.commit()
    return render_template(
        "accounts/sent.html",
        title="Look into your mail",
        message="We have sent you a link. It works for three days. Open it and sign in with the"
        " password that you have just chosen.",
    )


@bp.get("/orders")
def orders() -> ResponseReturnValue:
    """List the customer's orders."""
    customer = current_customer()
    if customer is None:
        return redirect(url_for("accounts.login"), 303)
    response = make_response(
        render_template(
            "accounts/orders.html",
            customer=customer,
            orders=of_customer(db.session, customer.id),
        )
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response


def refused_for_now(tried: service.Try) -> dict[str, str] | None:
    """Count a try; return the header that says when to come back where there were too many."""
    try:
        service.note_try(db.session, tried, settings().secret_key)
    except service.TooManyTriesError as many:
        return {"Retry-After": str(many.retry_after_s)}
    finally:
        db.session.commit()  # the try counts, whatever comes of it
    return None


def _confirmation() -> service.Confirmation:
    return service.Confirmation(settings().secret_key, settings().site_url, letters())


def _login_page(form: LoginForm, error: str | None = None) -> str:
    confirm = request.values.get("confirm", "")
    return render_template("accounts/login.html", form=form, error=error, confirm=confirm)
