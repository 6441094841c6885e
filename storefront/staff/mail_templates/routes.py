"""The addresses of the letters that staff word: saved, looked at, tried, and given back."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.staff import Permission
from storefront.extensions import db
from storefront.mail.kinds import ALWAYS, KINDS, Kind
from storefront.mail.outbox import Composed, Letter
from storefront.mail.wording import Wording
from storefront.payments.access import letters
from storefront.staff.access import needs, signed_in
from storefront.staff.mail_templates import samples, service
from storefront.staff.mail_templates.forms import WordingForm
from storefront.staff.mails.frame import framed
from storefront.staff.seen import ChangedMeanwhileError, differences

bp = Blueprint("mail_templates", __name__, url_prefix="/mails/templates")

INVALID = "Nothing was saved yet. Please correct what is marked below."
CHANGED = (
    "Somebody saved this mail while you were editing. What you typed is still in the form, and what"
    " was saved meanwhile stands above it. Save again to replace that with yours."
)
NO_ORDER = "There is no such order with an e-mail address. Choose another one."


@bp.get("")
@needs(Permission.EDIT_ORDERS)
def index() -> str:
    """List every letter with when it goes, and whether it is worded here."""
    return render_template(
        "staff/mails/templates.html", kinds=KINDS.values(), saved=service.saved(db.session)
    )


@bp.get("/<name>")
@needs(Permission.EDIT_ORDERS)
def show(name: str) -> str:
    """Show a letter to word."""
    kind = _kind(name)
    return _page(kind, _form(kind))


@bp.post("/<name>")
@needs(Permission.EDIT_ORDERS)
def update(name: str) -> ResponseReturnValue:
    """Save a letter; what lies in the outbox already stays as it is."""
    kind, form = _kind(name), WordingForm(request.form)
    if not form.suits(kind):
        return _page(kind, form, error=INVALID), 422
    words = form.wording()
    try:
        service.save(db.session, kind, words, form.seen.data or "", actor=signed_in().email)
    except ChangedMeanwhileError:
        db.session.rollback()
        saved = service.found(db.session, kind)
        form.seen.data = service.state_of(kind, saved)
        theirs = differences(service.words_of(service.shown(kind, saved)), service.words_of(words))
        return _page(kind, form, error=CHANGED, theirs=theirs), 409
    db.session.commit()
    flash(f"{kind.title} is saved: the next one goes out like this.")
    return redirect(url_for(".show", name=name), 303)


@bp.post("/<name>/preview")
@needs(Permission.EDIT_ORDERS)
def preview(name: str) -> ResponseReturnValue:
    """Show what is typed as a mail about a real order; nothing is saved or sent."""
    kind, form = _kind(name), WordingForm(request.form)
    if not form.suits(kind):
        return _page(kind, form, error=INVALID), 422
    letter = _sample(kind)
    if letter is None:
        return _page(kind, form, error=NO_ORDER), 422
    return _page(kind, form, previewed=service.composed(letter, form.wording()))


@bp.get("/<name>/html")
@needs(Permission.EDIT_ORDERS)
def html(name: str) -> Response:
    """Show a letter as it is saved, as a mail program does; ``?order=`` says about which."""
    kind = _kind(name)
    letter = _sample(kind) or abort(404)
    return framed(service.composed(letter, _saved(kind)).html)


@bp.post("/<name>/test")
@needs(Permission.EDIT_ORDERS)
def test(name: str) -> ResponseReturnValue:
    """Mail a letter as it is saved to who is signed in."""
    kind = _kind(name)
    letter = _sample(kind)
    if letter is None:
        return _page(kind, _form(kind), error=NO_ORDER), 422
    service.send_test(db.session, letter, _saved(kind), signed_in().email)
    db.session.commit()
    flash(f"It is on its way to {signed_in().email}.")
    return redirect(url_for(".show", name=name), 303)


@bp.post("/<name>/ours")
@needs(Permission.EDIT_ORDERS)
def ours(name: str) -> ResponseReturnValue:
    """Let a letter be as the shop came."""
    kind = _kind(name)
    was_worded = service.give_back(db.session, kind)
    db.session.commit()
    flash(f"{kind.title} is ours again." if was_worded else "It was ours already.")
    return redirect(url_for(".show", name=name), 303)


def _kind(name: str) -> Kind:
    return KINDS.get(name) or abort(404)


def _form(kind: Kind) -> WordingForm:
    template = service.found(db.session, kind)
    words = service.shown(kind, template)
    seen = service.state_of(kind, template)
    return WordingForm(data={"subject": words.subject, "body": words.body, "seen": seen})


def _saved(kind: Kind) -> Wording | None:
    template = service.found(db.session, kind)
    return service.shown(kind, template) if template else None


def _sample(kind: Kind) -> Letter | None:
    typed = request.values.get("order", "").strip().upper()
    if "\0" in typed or not typed.isascii():
        return None
    number = typed or samples.newest(db.session)
    return samples.sample(db.session, kind, letters(), number)


def _page(
    kind: Kind,
    form: WordingForm,
    *,
    error: str = "",
    theirs: Mapping[str, str] | None = None,
    previewed: Composed | None = None,
) -> str:
    return render_template(
        "staff/mails/template.html",
        kind=kind,
        words=(*kind.words, *ALWAYS),
        form=form,
        saved=service.found(db.session, kind),
        order=request.values.get("order", "").strip()[:40],
        no_order=NO_ORDER,
        error=error,
        theirs=theirs or {},
        previewed=previewed,
    )
