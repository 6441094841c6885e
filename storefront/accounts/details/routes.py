"""The addresses of a customer's name and email address."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Customer, LinkPurpose
from storefront.accounts.access import customers_only, signed_in
from storefront.accounts.details.forms import AddressForm, LanguageForm
from storefront.accounts.details.service import speak
from storefront.accounts.forms import NameForm
from storefront.accounts.links.routes import BY_EMAIL
from storefront.accounts.links.service import Links
from storefront.accounts.proving import needs_proof
from storefront.accounts.routes import TOO_MANY, refused_for_now
from storefront.accounts.service import Try
from storefront.extensions import db
from storefront.languages import gettext, lazy_gettext
from storefront.payments.access import letters

bp = Blueprint("details", __name__, url_prefix="/details")

SENT = lazy_gettext(
    "We have sent a link to the new address. It works once, for fifteen minutes, in this browser."
    " Until you open it, your address stays as it is."
)


@bp.get("")
@customers_only
def show() -> str:
    """Show the name and the address."""
    return _page()


@bp.post("")
@customers_only
def update() -> ResponseReturnValue:
    """Save the name."""
    form = NameForm(request.form)
    if not form.validate():
        return _page(name=form), 422
    db.session.get_one(Customer, signed_in().id).name = str(form.name.data)
    db.session.commit()
    flash(gettext("Your name is saved."))
    return redirect(url_for(".show"), 303)


@bp.post("/language")
@customers_only
def language_update() -> ResponseReturnValue:
    """Save in which language she is written to."""
    form = LanguageForm(request.form)
    if not form.validate():
        return _page(language=form), 422
    speak(db.session, db.session.get_one(Customer, signed_in().id), str(form.language.data))
    db.session.commit()
    flash(gettext("The language of your mails is saved."))
    return redirect(url_for(".show"), 303)


@bp.post("/email")
@needs_proof
def email_create() -> ResponseReturnValue:
    """Mail a link to a new address; the answer is the same whether it has an account."""
    customer, form = signed_in(), AddressForm(request.form)
    form.present = customer.email
    if not form.validate():
        return _page(address=form), 422
    email = str(form.email.data)
    tried = Try("mailed-link", email, request.remote_addr or "", BY_EMAIL)
    if too_many := refused_for_now(tried):
        return _page(address=form, error=TOO_MANY), 429, too_many
    mailer = Links(letters())
    mailer.ask(db.session, LinkPurpose.ADDRESS, email, customer_id=customer.id)
    db.session.commit()
    flash(str(SENT))
    return redirect(url_for(".show"), 303)


def _page(
    *,
    name: NameForm | None = None,
    language: LanguageForm | None = None,
    address: AddressForm | None = None,
    error: str | None = None,
) -> str:
    customer = signed_in()
    return render_template(
        "accounts/details.html",
        customer=customer,
        name_form=name or NameForm(obj=customer),
        language_form=language or LanguageForm(obj=customer),
        address_form=address or AddressForm(),
        error=error,
    )
