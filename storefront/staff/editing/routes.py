"""The addresses that every kind of text has: write, look at it, save, go back."""

from collections.abc import Mapping
from dataclasses import replace
from functools import wraps
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from models import now
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.learn import previews
from storefront.learn.pages import framed_page
from storefront.staff import revisions
from storefront.staff.access import needs, signed_in
from storefront.staff.citations import UnknownReferenceError
from storefront.staff.claims.queries import of_text as claims_of
from storefront.staff.editing import autosaves
from storefront.staff.editing.compare import compared
from storefront.staff.editing.forms import Edit, NewForm
from storefront.staff.editing.kind import Kind
from storefront.staff.editing.service import HandleTakenError, Saving, name_of, path_of, state_of
from storefront.staff.links import UnknownNamesError
from storefront.staff.seen import ChangedMeanwhileError

INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody saved this {} while you were editing. What you typed is still in the form, and what"
    " was saved meanwhile stands above it. Save again to replace that with yours."
)
REFUSALS = (UnknownReferenceError, UnknownNamesError, HandleTakenError)


class Editor:
    """The pages of one kind of text."""

    def __init__(self, kind: Kind) -> None:
        """Remember the kind."""
        self.kind = kind

    def new(self) -> str:
        """Ask what a new text is called."""
        return self._new_page(self.kind.new_form())

    def create(self) -> ResponseReturnValue:
        """Add a text as a draft, and lead to its form."""
        form = self.kind.new_form(request.form)
        if not form.validate():
            return self._new_page(form, error=INVALID), 422
        try:
            text = self.kind.create(form)
        except HandleTakenError as wrong:
            db.session.rollback()
            form.handle.errors = [str(wrong)]
            return self._new_page(form, error=INVALID), 422
        handle, title = text.handle, text.title
        db.session.commit()
        flash(f"{title} is there as a draft: only staff see it.")
        return redirect(self._at(handle), 303)

    def duplicate(self, handle: str) -> ResponseReturnValue:
        """Add a draft that says the same, and lead to its form."""
        text = self._found(handle)
        draft, title = self.kind.draft_of(text), f"Copy of {text.title}"[:200]
        try:
            new = self.kind.beside(text, title)
        except HandleTakenError:
            abort(409, "There are many copies of this text already. Rename one of them first.")
        copy = self._found(new, to_change=True)
        self.kind.save(copy, replace(draft, title=title), _as_it_is(copy))
        db.session.commit()
        flash(f"{title} is there as a draft: only staff see it.")
        return redirect(self._at(new), 303)

    def show(self, handle: str) -> str:
        """Show a text to edit; ``?autosaved=1`` with what was typed last and not saved."""
        text = self._found(handle)
        kept = autosaves.own(db.session, signed_in(), name_of(text))
        is_asked = kept is not None and "autosaved" in request.args
        typed = MultiDict(kept.fields) if kept and is_asked else None
        edit = self.kind.edit(text, typed)
        return self._page(text, edit, kept=None if is_asked else kept)

    def autosave(self, handle: str) -> ResponseReturnValue:
        """Keep what was typed for whom typed it; it is not saved."""
        text = self._found(handle)
        autosaves.keep(db.session, signed_in(), name_of(text), request.form)
        db.session.commit()
        return "", 204

    def drop(self, handle: str) -> ResponseReturnValue:
        """Forget what was typed and not saved."""
        text = self._found(handle)
        autosaves.drop(db.session, signed_in(), name_of(text))
        db.session.commit()
        flash("It is dropped. This is the text as it was saved.")
        return redirect(self._at(handle), 303)

    def take_back(self, handle: str) -> ResponseReturnValue:
        """Let no preview link that was given so far show anything any more, of any text."""
        self._found(handle)
        previews.take_back(db.session, signed_in().email)
        db.session.commit()
        flash("The preview links that were given so far are taken back. There is a new one below.")
        return redirect(self._at(handle), 303)

    def update(self, handle: str) -> ResponseReturnValue:
        """Save a text; *Publish* and *Unpublish* also change who sees it."""
        text = self._found(handle, to_change=True)
        edit = self.kind.edit(text, request.form)
        if not edit.validate():
            db.session.rollback()
            return self._page(self._found(handle), edit, error=INVALID), 422
        draft = edit.draft()
        saving = edit.form.saving(text, request.form.get("act", ""), signed_in().email)
        try:
            self.kind.save(text, draft, saving)
        except REFUSALS as wrong:
            return self._refused(handle, edit, wrong), 422
        except ChangedMeanwhileError:
            return self._conflict(handle, edit, draft), 409
        autosaves.drop(db.session, signed_in(), name_of(text))
        state = state_of(text)
        db.session.commit()
        flash(f"{draft.title} is saved, and {state}.")
        return redirect(self._at(saving.handle), 303)

    def preview(self, handle: str) -> ResponseReturnValue:
        """Show what was typed as the shop would show it: saved, shown, and undone."""
        text = self._found(handle, to_change=True)
        edit = self.kind.edit(text, request.form)
        is_live = request.headers.get("X-Requested-With") == "preview"
        if not edit.validate():
            db.session.rollback()
            if is_live:
                return "It is shown again when nothing in the form is missing or wrong.", 422
            return self._page(self._found(handle), edit, error=INVALID), 422
        try:
            self.kind.save(text, edit.draft(), _as_it_is(text))
            html = framed_page(text)
        except REFUSALS as wrong:
            answer = self._refused(handle, edit, wrong)
            return str(wrong) if is_live else answer, 422
        db.session.rollback()
        return html if is_live else self._page(self._found(handle), edit, preview=html)

    def revision(self, handle: str, number: str) -> str:
        """Show a text as it was once saved."""
        return self._revision_page(self._found(handle), number)

    def restore(self, handle: str, number: str) -> ResponseReturnValue:
        """Make a revision the text again, as a new revision; who sees it stays as it is."""
        text = self._found(handle, to_change=True)
        found = revisions.numbered(db.session, text, id_from(number) or 0)
        if found is None:
            abort(404)
        draft = self.kind.revised(found)
        try:
            self.kind.save(text, draft, _as_it_is(text))
        except REFUSALS as wrong:
            db.session.rollback()
            return self._revision_page(self._found(handle), number, error=str(wrong)), 409
        db.session.commit()
        flash(f"{draft.title} is again as in revision {found.number}.")
        return redirect(self._at(handle), 303)

    def compare(self, handle: str) -> str:
        """Compare two revisions, ``?from=1&to=2``, word by word."""
        text = self._found(handle)
        numbers = [id_from(request.args.get(name)) or 0 for name in ("from", "to")]
        old, new = (revisions.numbered(db.session, text, it) or abort(404) for it in numbers)
        said = [self.kind.labelled(self.kind.revised(it)) for it in (old, new)]
        changed = compared(*said)
        return render_template(
            "staff/revisions/compare.html",
            kind=self.kind,
            text=text,
            old=old,
            new=new,
            changed=changed,
            revisions=revisions.listed(db.session, text),
        )

    def _refused(self, handle: str, edit: Edit, wrong: Exception) -> str:
        db.session.rollback()
        edit.form[getattr(wrong, "field", "body")].errors = [str(wrong)]
        return self._page(self._found(handle), edit, error=INVALID)

    def _conflict(self, handle: str, edit: Edit, draft: Any) -> str:
        """Undo, and show what was typed beside what was saved meanwhile."""
        db.session.rollback()
        text = self._found(handle)
        edit.form.seen.data = text.updated_at.isoformat()
        edit.rebase()
        theirs = self.kind.differences(text, draft)
        return self._page(text, edit, error=CHANGED.format(self.kind.name), theirs=theirs)

    def _at(self, handle: str) -> str:
        return url_for(f"{self.kind.endpoint}.show", handle=handle)

    def _found(self, handle: str, *, to_change: bool = False) -> Any:
        text = self.kind.find(handle, to_change=to_change)
        if text is None:
            abort(404)
        return text

    def _page(self, text: Any, edit: Edit, **shown: Any) -> str:
        return render_template(
            self.kind.template,
            kind=self.kind,
            text=text,
            path=path_of(text),
            form=edit.form,
            steps=edit.steps,
            revisions=revisions.listed(db.session, text),
            now=now(),
            name=name_of(text),
            claims=claims_of(db.session, text),
            others=autosaves.others(db.session, signed_in(), name_of(text)),
            preview_link=self._preview_link(text),
            **{
                "error": None,
                "theirs": {},
                "preview": None,
                "kept": None,
                **self.kind.shown(text),
                **shown,
            },
        )

    def _preview_link(self, text: Any) -> str:
        token = previews.Links(settings().secret_key).token(db.session, text)
        return settings().site_url + url_for("learn.preview", token=token)

    def _new_page(self, form: NewForm, error: str | None = None) -> str:
        return render_template("staff/editing/new.html", kind=self.kind, form=form, error=error)

    def _revision_page(self, text: Any, number: str, error: str | None = None) -> str:
        found = revisions.numbered(db.session, text, id_from(number) or 0)
        if found is None:
            abort(404)
        draft = self.kind.revised(found)
        return render_template(
            "staff/revisions/show.html",
            kind=self.kind,
            text=text,
            revision=found,
            words=self.kind.labelled(draft),
            changed=self.kind.differences(text, draft),
            error=error,
        )


VIEWS: Mapping[str, tuple[str, str]] = {
    "new": ("GET", "/new"),
    "create": ("POST", "/new"),
    "show": ("GET", "/<handle>"),
    "update": ("POST", "/<handle>"),
    "duplicate": ("POST", "/<handle>/duplicate"),
    "preview": ("POST", "/<handle>/preview"),
    "autosave": ("POST", "/<handle>/autosave"),
    "drop": ("POST", "/<handle>/autosave/drop"),
    "take_back": ("POST", "/<handle>/preview-links/take-back"),
    "compare": ("GET", "/<handle>/compare"),
    "revision": ("GET", "/<handle>/revisions/<number>"),
    "restore": ("POST", "/<handle>/revisions/<number>/restore"),
}


def add_editor(bp: Blueprint, editor: Editor) -> None:
    """Give a blueprint the addresses of an editor."""
    for name, (method, rule) in VIEWS.items():
        bp.add_url_rule(rule, name, _view(editor, name), methods=[method])


def _view(editor: Editor, name: str) -> Any:
    act = getattr(editor, name)

    @needs(Permission.EDIT_CONTENT)
    @wraps(act)
    def view(**asked: str) -> ResponseReturnValue:
        answer: ResponseReturnValue = act(**asked)
        return answer

    return view


def _as_it_is(text: Any) -> Saving:
    """Return a saving that leaves address and moment as they are."""
    seen = text.updated_at.isoformat()
    return Saving(seen, text.handle, text.published_at, signed_in().email)
