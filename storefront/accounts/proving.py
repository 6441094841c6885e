"""Ask a customer again who it is before an act that matters, and lose nothing of what was typed.

The answer to a request that lacks proof is a page with a form. A POST's form goes to the same
address and carries what was posted, so the act is done once it is proven; the form of a GET goes to
``/account/proof``, which leads on. Who has neither password nor passkey is mailed a link.
"""

from functools import wraps

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from models import Customer
from models.factor import Passkey
from storefront.accounts.access import P, View, customers_only, signed_in, way_back
from storefront.accounts.bound import passkeys
from storefront.accounts.routes import TOO_MANY, refused_for_now
from storefront.accounts.service import Try, forgive_tries
from storefront.extensions import db, settings
from storefront.languages import lazy_gettext
from storefront.passkeys import BadPasskeyError
from storefront.passwords import LONGEST, matches
from storefront.signin import is_proven, note_proof, sign_in_id

PREFIX = "proof-"  # of the names of what proves, in the form
WRONG = lazy_gettext("That did not prove it. Try again, or have a link mailed to you.")


def needs_proof(view: View[P]) -> View[P]:
    """Let a view be used only by a customer who proved lately that it is she; 403 with the form."""

    @customers_only
    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        asked = ask(signed_in())
        return view(*args, **kwargs) if asked is None else asked

    return guarded


def ask(customer: Customer) -> ResponseReturnValue | None:
    """Return None where the customer of this request is proven, or the page that asks for proof."""
    if is_proven():
        return None
    if request.method == "POST" and any(name.startswith(PREFIX) for name in request.form):
        return refusal(customer)
    return page(customer), 403


def refusal(customer: Customer) -> ResponseReturnValue | None:
    """Check the proof that was posted; return None where it holds, or the page that asks again."""
    db.release()  # nobody waits for the database while a password is checked
    tried = Try("customer-proof", customer.email, request.remote_addr or "")
    if too_many := refused_for_now(tried):
        return page(customer, TOO_MANY), 429, too_many
    answer = request.form.get("proof-passkey", "")
    is_right = False if answer else _is_password(customer)
    with db.sessions.write.begin() as session:
        if answer:
            try:
                challenge = request.form.get("proof-challenge", "")
                found = passkeys().prove(session, answer, challenge, Customer)
                is_right = found.customer_id == customer.id
            except BadPasskeyError:
                is_right = False  # a challenge is answered once, rightly or not
        if is_right:
            note_proof(session, sign_in_id())
            forgive_tries(session, tried, settings().secret_key)
    return None if is_right else (page(customer, WRONG), 422)


def page(customer: Customer, error: str | None = None) -> str:
    """Return the page that asks for proof; it carries everything that was posted."""
    posts = request.method == "POST"
    carried = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not name.startswith(PREFIX)
    ]
    keys = db.session.scalars(select(Passkey).where(Passkey.customer_id == customer.id)).all()
    return render_template(
        "accounts/proof.html",
        customer=customer,
        action=request.full_path.rstrip("?") if posts else url_for("accounts.security.prove"),
        carried=carried if posts else [("next", request.full_path.rstrip("?"))],
        question=passkeys().to_prove(keys) if keys else None,
        room=way_back(),
        error=error,
    )


def _is_password(customer: Customer) -> bool:
    typed = request.form.get("proof-password", "")
    return len(typed) <= LONGEST and matches(customer.password_hash, typed)
