"""The addresses of tutorials."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Tutorial
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import id_from
from storefront.learn import videos
from storefront.staff import revisions
from storefront.staff.access import needs, signed_in
from storefront.staff.citations import UnknownReferenceError
from storefront.staff.links import UnknownNamesError
from storefront.staff.seen import ChangedMeanwhileError
from storefront.staff.tutorials import forms, queries, service
from storefront.staff.tutorials.forms import Edit

bp = Blueprint("tutorials", __name__, url_prefix="/tutorials")

INVALID = "Nothing was saved yet. Please correct what is marked below."
CHANGED = (
    "Somebody saved this tutorial while you were editing. What you typed is still in the form, and"
    " what was saved meanwhile stands above it. Save again to replace that with yours."
)
ARRANGED = "The steps are as you want them, but not saved yet."


@bp.get("")
@needs(Permission.EDIT_CONTENT)
def index() -> str:
    """List the tutorials."""
    return render_template("staff/tutorials/index.html", rows=queries.tutorials(db.session))


@bp.get("/<handle>")
@needs(Permission.EDIT_CONTENT)
def show(handle: str) -> str:
    """Show a tutorial to edit."""
    tutorial = _found(handle)
    return _page(tutorial, forms.edit_of(tutorial))


@bp.post("/<handle>")
@needs(Permission.EDIT_CONTENT)
def update(handle: str) -> ResponseReturnValue:
    """Save a tutorial with its steps."""
    tutorial = _found(handle, to_change=True)
    edit = forms.edit_of(tutorial, request.form)
    if not edit.validate():
        db.session.rollback()
        return _page(_found(handle), edit, error=INVALID), 422
    draft, seen = edit.draft(), edit.form.seen.data or ""
    try:
        service.save(db.session, tutorial, draft, seen=seen, actor=signed_in().email)
    except (UnknownReferenceError, UnknownNamesError) as wrong:
        db.session.rollback()
        edit.form[getattr(wrong, "field", "body")].errors = [str(wrong)]
        return _page(_found(handle), edit, error=INVALID), 422
    except ChangedMeanwhileError:
        return _conflict(handle, edit, draft)
    db.session.commit()
    flash(f"{draft.title} is saved.")
    return redirect(url_for("staff.tutorials.show", handle=handle), 303)


@bp.post("/<handle>/arrange")
@needs(Permission.EDIT_CONTENT)
def arrange(handle: str) -> str:
    """Show the form with a step added, moved or removed; saves nothing."""
    tutorial = _found(handle)
    edit = forms.edit_of(tutorial, request.form)
    edit.arrange(request.form.get("act", ""))
    return _page(tutorial, edit, arranged=True)


@bp.get("/<handle>/revisions/<number>")
@needs(Permission.EDIT_CONTENT)
def revision(handle: str, number: str) -> str:
    """Show a tutorial as it was once saved."""
    return _revision_page(_found(handle), number)


@bp.post("/<handle>/revisions/<number>/restore")
@needs(Permission.EDIT_CONTENT)
def restore(handle: str, number: str) -> ResponseReturnValue:
    """Make a revision the tutorial again, as a new revision."""
    tutorial = _found(handle, to_change=True)
    found = revisions.numbered(db.session, tutorial, id_from(number) or 0)
    if found is None:
        abort(404)
    draft, seen = service.revised(found), tutorial.updated_at.isoformat()
    try:
        service.save(db.session, tutorial, draft, seen=seen, actor=signed_in().email)
    except (UnknownReferenceError, UnknownNamesError) as wrong:
        db.session.rollback()
        return _revision_page(_found(handle), number, error=str(wrong)), 409
    db.session.commit()
    flash(f"{draft.title} is again as in revision {found.number}.")
    return redirect(url_for("staff.tutorials.show", handle=handle), 303)


def _conflict(handle: str, edit: Edit, draft: service.Draft) -> ResponseReturnValue:
    """Undo, and show what was typed beside what was saved meanwhile."""
    db.session.rollback()
    tutorial = _found(handle)
    edit.form.seen.data = tutorial.updated_at.isoformat()
    theirs = forms.differences(tutorial, draft)
    return _page(tutorial, edit, error=CHANGED, theirs=theirs), 409


def _found(handle: str, *, to_change: bool = False) -> Tutorial:
    tutorial = queries.tutorial(db.session, handle, to_change=to_change)
    if tutorial is None:
        abort(404)
    return tutorial


def _page(
    tutorial: Tutorial,
    edit: Edit,
    *,
    error: str | None = None,
    theirs: Mapping[str, str] | None = None,
    arranged: bool = False,
) -> str:
    return render_template(
        "staff/tutorials/show.html",
        tutorial=tutorial,
        form=edit.form,
        steps=edit.steps,
        error=error,
        theirs=theirs or {},
        arranged=ARRANGED if arranged else "",
        names=queries.names(db.session),
        revisions=revisions.listed(db.session, tutorial),
        videos=videos.views(db.session, tutorial),
    )


def _revision_page(tutorial: Tutorial, number: str, error: str | None = None) -> str:
    found = revisions.numbered(db.session, tutorial, id_from(number) or 0)
    if found is None:
        abort(404)
    draft = service.revised(found)
    return render_template(
        "staff/revisions/show.html",
        text=tutorial,
        revision=found,
        words=forms.labelled(draft),
        changed=forms.differences(tutorial, draft),
        back=url_for("staff.tutorials.show", handle=tutorial.handle),
        restore=url_for("staff.tutorials.restore", handle=tutorial.handle, number=number),
        error=error,
    )
