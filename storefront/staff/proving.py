"""Ask again who it is before an act that matters, and lose nothing of what was typed.

The answer to a request that lacks proof is a page with a form. A POST's form goes to the same
address and carries what was posted, so the act is done once it is proven; the form of a GET goes to
``/staff/me/proof``, which leads on.
"""

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Staff
from models.audit_log import append
from storefront.accounts.routes import refused_for_now
from storefront.accounts.service import Try, forgive_tries
from storefront.extensions import db, settings
from storefront.passwords import LONGEST, matches
from storefront.signin import is_proven, note_proof, sign_in_id
from storefront.staff.audit.noting import act_of
from storefront.staff.own import bound, factors
from storefront.staff.own.factors import Factors

PREFIX = "proof-"  # of the names of what proves, in the form
PASSWORD = f"{PREFIX}password"
WRONG_PASSWORD = "That is not your password. Try again."  # noqa: S105 (words)
WRONG_CODE = "That proves nothing: it is wrong, was used before, or came too late. Try again."
TOO_MANY = "Too many tries. Wait a quarter of an hour, then try again."


def ask(person: Staff, *, without_factor: bool) -> ResponseReturnValue | None:
    """Return None where the person of this request is proven, or the page that asks for proof."""
    if request.method == "OPTIONS":
        return None
    if settings().needs_second_factor and not without_factor:
        had = factors.of(db.session, person.id)
        if not had.is_any:
            return page(person, had, lacks_factor=True), 403
    if is_proven():
        return None
    if request.method == "POST" and any(name.startswith(PREFIX) for name in request.form):
        return refusal(person)
    return page(person, factors.of(db.session, person.id)), 403


def refusal(person: Staff) -> ResponseReturnValue | None:
    """Check the proof that was posted; return None where it holds, or the page that asks again."""
    had = factors.of(db.session, person.id)
    db.release()  # nobody waits for the database while a password is checked
    tried = Try("staff-proof", person.email, request.remote_addr or "")
    if too_many := refused_for_now(tried):
        return page(person, had, TOO_MANY), 429, too_many
    if not had.is_any and not _is_password(person):
        return page(person, had, WRONG_PASSWORD), 422
    with db.sessions.write.begin() as session:
        is_proof = not had.is_any or bound.check().take(session, person, bound.answer())
        if is_proof:
            note_proof(session, sign_in_id())
            append(session, act_of(person, "proved", "staff.proof"))
            forgive_tries(session, tried, settings().secret_key)
    return None if is_proof else (page(person, had, WRONG_CODE), 422)


def page(
    person: Staff, had: Factors, error: str | None = None, *, lacks_factor: bool = False
) -> str:
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
        factors=had,
        question=bound.passkeys().to_prove(had.passkeys) if had.passkeys else None,
        lacks_factor=lacks_factor,
        error=error,
    )


def _is_password(person: Staff) -> bool:
    typed = request.form.get(PASSWORD, "")
    return len(typed) <= LONGEST and matches(person.password_hash, typed)
