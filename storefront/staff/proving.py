"""Ask again who it is before an act that matters, and lose nothing of what was typed.

The answer to a request that lacks proof is a page with a form. A POST's form goes to the same
address and carries what was posted, so the act is done once it is proven; the form of a GET goes to
``/staff/me/proof``, which leads on.
"""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Staff
from storefront.accounts.routes import refused_for_now
from storefront.accounts.service import Try, forgive_tries
from storefront.extensions import db, settings
from storefront.passwords import LONGEST, matches
from storefront.signin import is_proven, note_proof, sign_in_id

PREFIX = "proof-"  # of the names of what proves, in the form
PASSWORD = f"{PREFIX}password"
WRONG = "That is not your password. Please try again."
TOO_MANY = "Too many tries. Please wait a quarter of an hour."


def ask(person: Staff, *, without_factor: bool) -> ResponseReturnValue | None:
    """Return None where the person of this request is proven, or the page that asks for proof."""
    del without_factor
    if is_proven() or request.method == "OPTIONS":
        return None
    if request.method != "POST" or not any(name.startswith(PREFIX) for name in request.form):
        return page(person), 403
    return refusal(person)


def refusal(person: Staff) -> ResponseReturnValue | None:
    """Check the proof that was posted; return None where it holds, or the page that asks again."""
    db.release()  # nobody waits for the database while a password is checked
    tried = Try("staff-proof", person.email, request.remote_addr or "")
    if too_many := refused_for_now(tried):
        return page(person, TOO_MANY), 429, too_many
    typed = request.form.get(PASSWORD, "")
    if len(typed) > LONGEST or not matches(person.password_hash, typed):
        return page(person, WRONG), 422
    with db.sessions.write.begin() as session:
        note_proof(session, sign_in_id())
        forgive_tries(session, tried, settings().secret_key)
    return None


def page(person: Staff, error: str | None = None) -> str:
    """Return the page that asks for proof; it carries everything that was posted but files."""
    posts = request.method == "POST"
    carried = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if not name.startswith(PREFIX)
    ]
    return render_template(
        "staff/proof/show.html",
        person=person,
        action=request.full_path.rstrip("?") if posts else url_for("staff.own.prove"),
        carried=carried if posts else [("next", request.full_path.rstrip("?"))],
        has_files=bool(request.files),
        error=error,
    )
