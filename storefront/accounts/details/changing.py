"""Taking a new email address, once it is proven; in the present app."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from models import Customer
from storefront.accounts.arriving import arrive
from storefront.accounts.details.service import AddressTakenError, change_address
from storefront.browsers import end_sign_ins
from storefront.extensions import db
from storefront.languages import gettext
from storefront.payments.access import letters
from storefront.signin import sign_in_id


def take(customer: Customer, email: str) -> ResponseReturnValue:
    """Let a customer have an address that she has just proven; the old one is told.

    The caller commits. 409, and nothing has changed, where the address has an account of its own.
    """
    hers = db.session.get_one(Customer, customer.id)
    try:
        change_address(db.session, hers, email, letters())
    except AddressTakenError:
        db.session.rollback()
        return render_template("accounts/address_taken.html", email=email), 409
    end_sign_ins(db.session, hers, but=sign_in_id())
    arrive(hers)
    flash(gettext("Your address is changed. Every other browser is signed out."))
    return redirect(url_for("accounts.details.show"), 303)
