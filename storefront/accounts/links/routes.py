"""The addresses of mailed links: to ask for one, and to use it.

A GET uses nothing up, so that programs that look through mails burn no link.
"""

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue

from models import Customer, LinkPurpose, MailedLink
from storefront.accounts import service
from storefront.accounts.access import to_sign_in
from storefront.accounts.details import changing
from storefront.accounts.forms import EmailForm, NewPassword
from storefront.accounts.links import service as links
from storefront.accounts.routes import FOR_A_WHILE, TOO_MANY, let_in, refused_for_now, sent
from storefront.browsers import end_sign_ins
from storefront.extensions import db, settings
from storefront.forms import local_path
from storefront.languages import lazy_gettext
from storefront.passwords import hash_password
from storefront.payments.access import letters
from storefront.signin import current_customer

bp = Blueprint("links", __name__)

FOR_A_CHOICE = lazy_gettext(
    "We have sent you a link. It works once, for fifteen minutes. Open it to choose a password."
)
NOT_HERS = lazy_gettext(
    "This link is for another account. Sign out, then open it again and sign in to that one."
)
BY_EMAIL = 10  # mails to one address in a window, whoever asks
PASSWORD_CHOSEN = lazy_gettext(
    "Your password was changed. Every other browser has been signed out."
)


@bp.after_request
def keep_private(response: Response) -> Response:
    """Keep the address of a link, which holds its secret, from other sites and search engines."""
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@bp.get("/link")
def show() -> str:
    """Show the form that asks for a link to sign in."""
    return _ask_page(EmailForm(data={"next": request.args.get("next", "")}))


@bp.post("/link")
def create() -> ResponseReturnValue:
    """Mail a link to sign in; the answer is the same whatever the address is."""
    return _asked(LinkPurpose.SIGN_IN, FOR_A_WHILE)


@bp.get("/forgotten")
def forgotten() -> str:
    """Show the form that asks for a link to choose a password."""
    return _ask_page(EmailForm(), LinkPurpose.RESET)


@bp.post("/forgotten")
def forgotten_create() -> ResponseReturnValue:
    """Mail a link to choose a password; the answer is the same whatever the address is."""
    return _asked(LinkPurpose.RESET, FOR_A_CHOICE)


@bp.get("/link/<token>")
def use(token: str) -> ResponseReturnValue:
    """Show the button, or the form, that uses a link."""
    found = links.find(db.session, token)
    if found is None:
        return _over()
    if found.purpose is LinkPurpose.ADDRESS and _asker(found) is None:
        return _not_hers()
    return _use_page(found, NewPassword())


@bp.post("/link/<token>")
def use_create(token: str) -> ResponseReturnValue:
    """Use a link up: sign in, choose a password, or take the new address."""
    address = request.remote_addr or ""
    tried = service.Try("customer-link", f"anybody at {address}", address)
    if too_many := refused_for_now(tried):
        return _over_page(TOO_MANY), 429, too_many
    found = links.find(db.session, token)
    if found is None:
        return _over()
    service.forgive_tries(db.session, tried, settings().secret_key)
    if found.purpose is LinkPurpose.ADDRESS:
        return _take_address(found, token)
    if found.purpose is LinkPurpose.RESET:
        return _choose_password(found, token)
    if links.use(db.session, token, LinkPurpose.SIGN_IN) is None:
        return _over()
    return let_in(service.enter(db.session, found.email))


def _choose_password(found: MailedLink, token: str) -> ResponseReturnValue:
    form = NewPassword(request.form)
    form.email = found.email
    if not form.validate():
        return _use_page(found, form), 422
    db.release()  # nobody waits for the database while a password is hashed
    password_hash = hash_password(str(form.password.data))
    if links.use(db.session, token, LinkPurpose.RESET) is None:
        return _over()
    customer = service.enter(db.session, found.email)
    is_change = customer.password_hash is not None
    customer.password_hash = password_hash
    end_sign_ins(db.session, customer)
    if is_change:
        letters().account_changed(db.session, customer.email, PASSWORD_CHOSEN)
    return let_in(customer)


def _take_address(found: MailedLink, token: str) -> ResponseReturnValue:
    customer = _asker(found)
    if customer is None:
        return _not_hers()
    if links.use(db.session, token, LinkPurpose.ADDRESS) is None:
        return _over()
    answer = changing.take(customer, found.email)
    db.session.commit()
    return answer


def _asker(found: MailedLink) -> Customer | None:
    """Return who is signed in, where it is she whose address the link changes."""
    customer = current_customer()
    return customer if customer is not None and customer.id == found.customer_id else None


def _not_hers() -> ResponseReturnValue:
    return abort(403, str(NOT_HERS)) if current_customer() else to_sign_in(request.path)


def _asked(purpose: LinkPurpose, said: str) -> ResponseReturnValue:
    form = EmailForm(request.form)
    if not form.validate():
        return _ask_page(form, purpose), 422
    email = str(form.email.data)
    tried = service.Try("mailed-link", email, request.remote_addr or "", BY_EMAIL)
    if too_many := refused_for_now(tried):
        return _ask_page(form, purpose, TOO_MANY), 429, too_many
    mailer = links.Links(letters())
    mailer.ask(db.session, purpose, email, onward=local_path(form.next.data) or "")
    db.session.commit()
    return sent(said)


def _ask_page(
    form: EmailForm, purpose: LinkPurpose = LinkPurpose.SIGN_IN, error: str | None = None
) -> str:
    return render_template("accounts/link_ask.html", form=form, purpose=purpose, error=error)


def _use_page(found: MailedLink, form: NewPassword) -> str:
    customer = service.customer_by_email(db.session, found.email)
    return render_template(
        "accounts/link_use.html",
        link=found,
        form=form,
        is_known=customer is not None and customer.verified_at is not None,
        onward=local_path(request.values.get("next")),
    )


def _over() -> ResponseReturnValue:
    db.session.rollback()
    return _over_page(), 410


def _over_page(error: str | None = None) -> str:
    return render_template("accounts/link_over.html", form=EmailForm(), error=error)
