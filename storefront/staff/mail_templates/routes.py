"""The addresses of the letters that staff word: saved, looked at, tried, and given back."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.language import LANGUAGES, OWN, speaking
from models.staff import Permission
from storefront.extensions import db
from storefront.mail.kinds import ALWAYS, KINDS
from storefront.mail.outbox import Composed, Letter
from storefront.mail.wording import Wording
from storefront.payments.access import letters
from storefront.staff.access import needs, signed_in
from storefront.staff.mail_templates import samples, service
from storefront.staff.mail_templates.forms import WordingForm
from storefront.staff.mail_templates.service import Chosen
from storefront.staff.mails.frame import framed
from storefront.staff.seen import ChangedMeanwhileError, differences

bp = Blueprint("mail_templates", __name__, url_prefix="/mails/templates")

INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody saved this mail while you were editing. What you typed is still in the form, and what"
    " was saved meanwhile stands above it. Save again to replace that with yours."
)
NO_ORDER = "There is no such order with an email address. Choose another one."


@bp.get("")
@needs(Permission.EDIT_ORDERS)
def index() -> str:
    """List every letter with when it goes, and whether it is worded here."""
    return render_template(
        "staff/mails/templates.html",
        kinds=KINDS.values(),
        saved=service.saved(db.session),
        names=LANGUAGES,
    )


@bp.get("/<name>")
@needs(Permission.EDIT_ORDERS)
def show(name: str) -> str:
    """Show a letter to word; ``?language=`` says in which."""
    chosen = _chosen(name)
    return _page(chosen, _form(chosen))


@bp.post("/<name>")
@needs(Permission.EDIT_ORDERS)
def update(name: str) -> ResponseReturnValue:
    """Save a letter; what lies in the outbox already stays as it is."""
    chosen, form = _chosen(name), WordingForm(request.form)
    if not form.suits(chosen.kind):
        return _page(chosen, form, error=INVALID), 422
    words = form.wording()
    try:
        service.save(db.session, chosen, words, form.seen.data or "", actor=signed_in().email)
    except ChangedMeanwhileError:
        db.session.rollback()
        saved = service.found(db.session, chosen)
        form.seen.data = service.state_of(chosen, saved)
        now = service.words_of(service.shown(chosen, saved))
        theirs = differences(now, service.words_of(words))
        return _page(chosen, form, error=CHANGED, theirs=theirs), 409
    db.session.commit()
    flash(f"{chosen.title} is saved: the next one goes out like this.")
    return _back(chosen)


@bp.post("/<name>/preview")
@needs(Permission.EDIT_ORDERS)
def preview(name: str) -> ResponseReturnValue:
    """Show what is typed as a mail about a real order; nothing is saved or sent."""
    chosen, form = _chosen(name), WordingForm(request.form)
    if not form.suits(chosen.kind):
        return _page(chosen, form, error=INVALID), 422
    letter = _sample(chosen)
    if letter is None:
        return _page(chosen, form, error=NO_ORDER), 422
    previewed = service.composed(letter, form.wording(), chosen.code)
    return _page(chosen, form, previewed=previewed)


@bp.get("/<name>/html")
@needs(Permission.EDIT_ORDERS)
def html(name: str) -> Response:
    """Show a letter as it is saved, as a mail program does; ``?order=`` says about which."""
    chosen = _chosen(name)
    letter = _sample(chosen) or abort(404)
    return framed(service.composed(letter, _saved(chosen), chosen.code).html)


@bp.post("/<name>/test")
@needs(Permission.EDIT_ORDERS)
def test(name: str) -> ResponseReturnValue:
    """Mail a letter as it is saved to who is signed in."""
    chosen, to = _chosen(name), signed_in().email
    letter = _sample(chosen)
    if letter is None:
        return _page(chosen, _form(chosen), error=NO_ORDER), 422
    service.send_test(db.session, letter, _saved(chosen), chosen.code, to)
    db.session.commit()
    flash(f"It is on its way to {to}.")
    return _back(chosen)


@bp.post("/<name>/ours")
@needs(Permission.EDIT_ORDERS)
def ours(name: str) -> ResponseReturnValue:
    """Let a letter be as the shop came."""
    chosen = _chosen(name)
    was_worded = service.give_back(db.session, chosen)
    db.session.commit()
    flash(f"{chosen.title} is ours again." if was_worded else "It was ours already.")
    return _back(chosen)


def _chosen(name: str) -> Chosen:
    kind = KINDS.get(name) or abort(404)
    code = request.args.get("language", OWN)
    return Chosen(kind, code) if code in kind.languages else abort(404)


def _back(chosen: Chosen) -> ResponseReturnValue:
    return redirect(url_for(".show", name=chosen.kind.name, language=_query(chosen)), 303)


def _query(chosen: Chosen) -> str | None:
    return None if chosen.code == OWN else chosen.code


def _form(chosen: Chosen) -> WordingForm:
    template = service.found(db.session, chosen)
    words = service.shown(chosen, template)
    seen = service.state_of(chosen, template)
    return WordingForm(data={"subject": words.subject, "body": words.body, "seen": seen})


def _saved(chosen: Chosen) -> Wording | None:
    template = service.found(db.session, chosen)
    return service.shown(chosen, template) if template else None


def _sample(chosen: Chosen) -> Letter | None:
    typed = request.values.get("order", "").strip().upper()
    if "\0" in typed or not typed.isascii():
        return None
    number = typed or samples.newest(db.session)
    with speaking(chosen.code):
        return samples.sample(db.session, chosen.kind, letters(), number)


def _page(
    chosen: Chosen,
    form: WordingForm,
    *,
    error: str = "",
    theirs: Mapping[str, str] | None = None,
    previewed: Composed | None = None,
) -> str:
    return render_template(
        "staff/mails/template.html",
        kind=chosen.kind,
        chosen=chosen,
        query=_query(chosen),
        names=LANGUAGES,
        words=(*chosen.kind.words, *ALWAYS),
        form=form,
        saved=service.found(db.session, chosen),
        order=request.values.get("order", ""),
        no_order=NO_ORDER,
        error=error,
        theirs=theirs or {},
        previewed=previewed,
    )
