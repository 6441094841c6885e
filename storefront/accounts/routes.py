"""The addresses of signing in and up, and of the customer's orders."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from models import Customer
from storefront.accounts import service
from storefront.accounts.access import customers_only, signed_in
from storefront.accounts.arriving import arrive
from storefront.accounts.bound import passkeys
from storefront.accounts.forms import LoginForm, RegisterForm
from storefront.accounts.reorder import again
from storefront.cart import cookie
from storefront.cart.pages import terms
from storefront.cart.queries import currency_of
from storefront.extensions import db, settings
from storefront.forms import local_path
from storefront.languages import gettext, lazy_gettext
from storefront.limits import TooManyError
from storefront.orders.queries import of_customer, one_of_customer
from storefront.paging import page_number
from storefront.passkeys import BadPasskeyError
from storefront.passwords import hash_password, matches
from storefront.payments.access import letters
from storefront.signin import current_customer, sign_in, sign_out

bp = Blueprint("accounts", __name__, url_prefix="/account")
bp.after_request(cookie.attach)  # ordering again may begin a cart

TOO_MANY = lazy_gettext("Too many tries. Wait a quarter of an hour, then try again.")
WRONG = lazy_gettext(
    "This email address and password do not go together, or the address is not proven yet."
)
WRONG_PASSKEY = lazy_gettext("This passkey opens no account here. Sign in another way.")
FOR_THREE_DAYS = lazy_gettext(
    "We have sent you a link. It works for three days. Open it and sign in with the"
    " password that you have just chosen."
)
FOR_A_WHILE = lazy_gettext(
    "We have sent you a link. It works once, for fifteen minutes. Open it to sign in."
)


@bp.get("")
def show() -> ResponseReturnValue:
    """Lead to the orders, or to the sign-in."""
    return redirect(url_for("accounts.orders"), 303)


@bp.get("/login")
def login() -> ResponseReturnValue:
    """Show the ways to sign in; the link that proves an address leads here too."""
    if current_customer() is not None and request.args.get("next"):
        return onward()
    return _login_page(LoginForm())


@bp.post("/login")
def login_create() -> ResponseReturnValue:
    """Sign a customer in by her password."""
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
    if not service.prove(db.session, customer):
        return _login_page(form, WRONG), 422
    service.forgive_tries(db.session, tried, settings().secret_key)
    return let_in(customer)


@bp.post("/login/passkey")
def passkey_create() -> ResponseReturnValue:
    """Sign a customer in who has a passkey, without her address and password."""
    address, given = request.remote_addr or "", request.form
    tried = service.Try("customer-passkey", f"anybody at {address}", address)
    if too_many := refused_for_now(tried):
        return _login_page(LoginForm(), TOO_MANY), 429, too_many
    answer, challenge = given.get("proof-passkey", ""), given.get("proof-challenge", "")
    try:
        found = passkeys().prove(db.session, answer, challenge, Customer)
    except BadPasskeyError:
        db.session.commit()  # a challenge is answered once, rightly or not
        return _login_page(LoginForm(), WRONG_PASSKEY), 422
    service.forgive_tries(db.session, tried, settings().secret_key)
    return let_in(db.session.get_one(Customer, found.customer_id))


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
    email, typed = str(form.email.data), str(form.password.data or "")
    if too_many := refused_for_now(service.Try("register", email, request.remote_addr or "")):
        page = render_template("accounts/register.html", form=form, error=TOO_MANY)
        return page, 429, too_many
    password_hash = hash_password(typed) if typed else None
    customer = Customer(email=email, name=form.name.data, password_hash=password_hash)
    service.register(db.session, customer, _confirmation())
    db.session.commit()
    return sent(FOR_THREE_DAYS if typed else FOR_A_WHILE)


@bp.get("/orders")
@customers_only
def orders() -> str:
    """List the customer's orders, newest first."""
    customer = signed_in()
    return render_template(
        "accounts/orders.html",
        customer=customer,
        page=of_customer(db.session, customer.id, page_number()),
    )


@bp.post("/orders/<number>/again")
@customers_only
def orders_again(number: str) -> ResponseReturnValue:
    """Put what an order had into the cart, as far as it can still be had, and say what cannot."""
    order = one_of_customer(db.session, signed_in().id, number) or abort(404)
    cart = cookie.current_or_new()
    found = again(db.session, order, cart, currency_of(cart, terms()))
    db.session.commit()
    for category, messages in (("note", found.added), ("error", found.missing)):
        for message in messages:
            flash(message, category)
    return redirect(url_for("accounts.orders", put="cart" if found.added else None), 303)


def refused_for_now(tried: service.Try) -> dict[str, str] | None:
    """Count a try; return the header that says when to come back where there were too many."""
    try:
        service.note_try(db.session, tried, settings().secret_key)
    except TooManyError as many:
        return {"Retry-After": str(many.retry_after_s)}
    finally:
        db.session.commit()  # the try counts, whatever comes of it
    return None


def let_in(customer: Customer) -> Response:
    """Sign a customer in who has proven that it is she, commit, and lead her on."""
    sign_in(customer)
    arrive(customer)
    db.session.commit()
    return onward()


def onward() -> Response:
    """Lead to where the form or the address says, within the shop; else to the orders."""
    return redirect(local_path(request.values.get("next")) or url_for("accounts.orders"), 303)


def sent(message: str) -> str:
    """Return the page that says that a mail was sent; the same whatever the address is."""
    title = gettext("Check your mail")
    return render_template("accounts/sent.html", title=title, message=message)


def _confirmation() -> service.Confirmation:
    return service.Confirmation(settings().secret_key, letters())


def _login_page(form: LoginForm, error: str | None = None) -> str:
    return render_template(
        "accounts/login.html",
        form=form,
        error=error,
        confirm=request.values.get("confirm", ""),
        onward=local_path(request.values.get("next")),
        question=passkeys().to_prove(),
    )
