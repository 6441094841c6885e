"""The addresses of sequences and their mails."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Sequence, SequenceMail
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import id_from
from storefront.newsletter.mails import Wording, source_of, wording
from storefront.newsletter.routes import mails
from storefront.staff.access import needs, signed_in
from storefront.staff.mails.frame import framed
from storefront.staff.seen import ChangedMeanwhileError, differences, seen_of
from storefront.staff.sequences import forms, queries, service
from storefront.staff.sequences.forms import MailForm, NewSequenceForm, SequenceForm
from storefront.staff.sequences.service import mail_words, sequence_words
from storefront.text import render

bp = Blueprint("sequences", __name__, url_prefix="/newsletter/sequences")

INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody saved this while you were editing. What you typed is still in the form, and what was"
    " saved meanwhile stands above it. Save again to replace that with yours."
)
TAKEN = "Another sequence has this handle. Choose another one."


@bp.get("")
@needs(Permission.SEND_MAILS)
def index() -> str:
    """List the sequences."""
    return render_template("staff/sequences/index.html", lines=queries.sequences(db.session))


@bp.get("/new")
@needs(Permission.SEND_MAILS)
def new() -> str:
    """Show an empty sequence."""
    return _sequence_page(None, NewSequenceForm())


@bp.post("/new")
@needs(Permission.SEND_MAILS)
def create() -> ResponseReturnValue:
    """Write a new sequence, still without mails."""
    form = NewSequenceForm(request.form)
    if not form.validate():
        return _sequence_page(None, form, error=INVALID), 422
    try:
        sequence = service.create(db.session, str(form.handle.data), form.draft())
    except service.HandleTakenError:
        db.session.rollback()
        form.handle.errors = [TAKEN]
        return _sequence_page(None, form, error=INVALID), 422
    db.session.commit()
    flash(f"{sequence.title} is saved. Add its first mail.")
    return redirect(url_for(".show", sequence_id=sequence.id), 303)


@bp.get("/<sequence_id>")
@needs(Permission.SEND_MAILS)
def show(sequence_id: str) -> str:
    """Show a sequence to edit, its mails, and what they led to."""
    sequence = _found(sequence_id)
    return _sequence_page(sequence, forms.sequence_form(None, sequence))


@bp.post("/<sequence_id>")
@needs(Permission.SEND_MAILS)
def update(sequence_id: str) -> ResponseReturnValue:
    """Save a sequence."""
    sequence = _found(sequence_id, to_change=True)
    form = forms.sequence_form(request.form, sequence)
    if not form.validate():
        db.session.rollback()
        return _sequence_page(_found(sequence_id), form, error=INVALID), 422
    draft = form.draft()
    try:
        service.save(sequence, draft, form.seen.data or "")
    except ChangedMeanwhileError:
        db.session.rollback()
        sequence = _found(sequence_id)
        saved = sequence_words(sequence)
        form.seen.data = seen_of(saved)
        theirs = differences(saved, sequence_words(draft))
        return _sequence_page(sequence, form, error=CHANGED, theirs=theirs), 409
    db.session.commit()
    flash(f"{draft.title} is saved.")
    return redirect(url_for(".show", sequence_id=sequence.id), 303)


@bp.get("/<sequence_id>/mails/new")
@needs(Permission.SEND_MAILS)
def new_mail(sequence_id: str) -> str:
    """Show an empty mail."""
    return _mail_page(_found(sequence_id), None, forms.mail_form(None, None))


@bp.post("/<sequence_id>/mails/new")
@needs(Permission.SEND_MAILS)
def create_mail(sequence_id: str) -> ResponseReturnValue:
    """Write a new mail at the end of a sequence."""
    sequence, form = _found(sequence_id, to_change=True), MailForm(request.form)
    if not form.validate():
        db.session.rollback()
        return _mail_page(_found(sequence_id), None, form, error=INVALID), 422
    mail = service.add_mail(sequence, form.draft())
    db.session.commit()
    flash(f"{mail.subject} is saved.")
    return redirect(url_for(".show", sequence_id=sequence.id), 303)


@bp.get("/<sequence_id>/mails/<mail_id>")
@needs(Permission.SEND_MAILS)
def show_mail(sequence_id: str, mail_id: str) -> str:
    """Show a mail to edit."""
    sequence = _found(sequence_id)
    mail = _mail(sequence, mail_id)
    return _mail_page(sequence, mail, forms.mail_form(None, mail))


@bp.post("/<sequence_id>/mails/<mail_id>")
@needs(Permission.SEND_MAILS)
def update_mail(sequence_id: str, mail_id: str) -> ResponseReturnValue:
    """Save a mail."""
    sequence = _found(sequence_id, to_change=True)
    mail = _mail(sequence, mail_id)
    form = forms.mail_form(request.form, mail)
    if not form.validate():
        db.session.rollback()
        sequence = _found(sequence_id)
        return _mail_page(sequence, _mail(sequence, mail_id), form, error=INVALID), 422
    draft = form.draft()
    try:
        service.save_mail(mail, draft, form.seen.data or "")
    except ChangedMeanwhileError:
        db.session.rollback()
        sequence = _found(sequence_id)
        saved = mail_words(_mail(sequence, mail_id))
        form.seen.data, theirs = seen_of(saved), differences(saved, mail_words(draft))
        page = _mail_page(sequence, _mail(sequence, mail_id), form, error=CHANGED, theirs=theirs)
        return page, 409
    db.session.commit()
    flash(f"{draft.subject} is saved.")
    return redirect(url_for(".show_mail", sequence_id=sequence.id, mail_id=mail.id), 303)


@bp.post("/<sequence_id>/mails/<mail_id>/preview")
@needs(Permission.SEND_MAILS)
def preview(sequence_id: str, mail_id: str) -> ResponseReturnValue:
    """Show what is typed as a mail, as HTML and as text; nothing is saved."""
    sequence = _found(sequence_id)
    mail = _mail(sequence, mail_id) if mail_id != "new" else None
    form = forms.mail_form(request.form, mail)
    if not form.validate():
        return _mail_page(sequence, mail, form, error=INVALID), 422
    draft, position = form.draft(), mail.position if mail else len(sequence.mails) + 1
    words = Wording(draft.subject, render(draft.body), source_of(sequence.handle, position))
    shown = (mails().body(words), mails().preview(words))
    return _mail_page(sequence, mail, form, shown=shown)


@bp.get("/<sequence_id>/mails/<mail_id>/html")
@needs(Permission.SEND_MAILS)
def mail_html(sequence_id: str, mail_id: str) -> Response:
    """Show a saved mail as a mail program does, without scripts."""
    sequence = _found(sequence_id)
    return framed(mails().preview(wording(sequence, _mail(sequence, mail_id))).html)


@bp.post("/<sequence_id>/mails/<mail_id>/test")
@needs(Permission.SEND_MAILS)
def send_test(sequence_id: str, mail_id: str) -> ResponseReturnValue:
    """Send a saved mail to who is signed in."""
    sequence = _found(sequence_id)
    mail = _mail(sequence, mail_id)
    mails().test(db.session, wording(sequence, mail), signed_in().email)
    db.session.commit()
    flash(f"It is on its way to {signed_in().email}.")
    return redirect(url_for(".show_mail", sequence_id=sequence.id, mail_id=mail.id), 303)


@bp.post("/<sequence_id>/mails/<mail_id>/raise")
@needs(Permission.SEND_MAILS)
def raise_mail(sequence_id: str, mail_id: str) -> ResponseReturnValue:
    """Let a mail change places with the one before it."""
    sequence = _found(sequence_id, to_change=True)
    mail = _mail(sequence, mail_id)
    service.raise_mail(db.session, sequence, mail)
    db.session.commit()
    flash(f"{mail.subject} comes earlier now.")
    return redirect(url_for(".show", sequence_id=sequence.id), 303)


@bp.post("/<sequence_id>/mails/<mail_id>/remove")
@needs(Permission.SEND_MAILS)
def remove_mail(sequence_id: str, mail_id: str) -> ResponseReturnValue:
    """Take a mail out of its sequence."""
    sequence = _found(sequence_id, to_change=True)
    mail = _mail(sequence, mail_id)
    service.remove_mail(sequence, mail)
    db.session.commit()
    flash(f"{mail.subject} is removed.")
    return redirect(url_for(".show", sequence_id=sequence.id), 303)


def _found(typed: str, *, to_change: bool = False) -> Sequence:
    found = queries.sequence(db.session, id_from(typed) or 0, to_change=to_change)
    return found or abort(404)


def _mail(sequence: Sequence, typed: str) -> SequenceMail:
    return queries.mail_of(sequence, id_from(typed) or 0) or abort(404)


def _sequence_page(
    sequence: Sequence | None,
    form: SequenceForm,
    *,
    error: str | None = None,
    theirs: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "staff/sequences/show.html",
        sequence=sequence,
        figures=queries.figures(db.session, sequence) if sequence else {},
        form=form,
        error=error,
        theirs=theirs or {},
    )


def _mail_page(
    sequence: Sequence,
    mail: SequenceMail | None,
    form: MailForm,
    **more: object,
) -> str:
    return render_template(
        "staff/sequences/mail.html", sequence=sequence, mail=mail, form=form, **more
    )
