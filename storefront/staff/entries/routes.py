"""The addresses of what texts lean on: the same for each kind."""

from functools import wraps
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from models.staff import Permission
from storefront.extensions import db
from storefront.paging import page_number
from storefront.staff.access import needs
from storefront.staff.citations import UnknownReferenceError
from storefront.staff.editing.service import HandleTakenError
from storefront.staff.entries.forms import EntryForm, RoutineForm
from storefront.staff.entries.kinds import KINDS, Kind
from storefront.staff.links import UnknownNamesError
from storefront.staff.listing import has_words, page_of, words_asked
from storefront.staff.seen import differences, seen_of
from storefront.staff.typed import LinesField

INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody saved this while you were editing. What you typed is still in the form, and what was"
    " saved meanwhile stands above it. Save again to replace that with yours."
)


class Entries:
    """The pages of one kind of entry."""

    def __init__(self, kind: Kind) -> None:
        """Remember the kind."""
        self.kind = kind
        self.known_by, self.listed_by = (getattr(kind.table, it) for it in (kind.key, kind.label))

    def index(self) -> str:
        """List the entries; ``?q=`` searches their names."""
        words = words_asked()
        wanted = select(self.known_by, self.listed_by).order_by(self.listed_by, self.kind.table.id)
        if words:
            wanted = wanted.where(has_words(words, self.known_by, self.listed_by))
        page = page_of(db.session, wanted, page_number())
        return render_template("staff/entries/index.html", kind=self.kind, page=page, words=words)

    def new(self) -> str:
        """Show the form of a new entry."""
        return self._page(None, self._form(None))

    def create(self) -> ResponseReturnValue:
        """Add an entry."""
        return self._save(self.kind.table(), None, self._form(None, sent=True))

    def show(self, handle: str) -> str:
        """Show an entry to edit."""
        row = self._found(handle)
        return self._page(handle, self._form(row))

    def update(self, handle: str) -> ResponseReturnValue:
        """Save an entry."""
        row = self._found(handle, to_change=True)
        form, saved = self._form(row, sent=True), self.kind.typed(row)
        if form.validate() and form.seen.data != seen_of(saved):
            form.seen.data = seen_of(saved)
            labels = {str(it.label.text): it for it in form if it.name in saved}
            theirs = differences(
                {label: saved[it.name] for label, it in labels.items()},
                {label: it.data or "" for label, it in labels.items()},
            )
            return self._page(handle, form, error=CHANGED, theirs=theirs), 409
        return self._save(row, handle, form)

    def _save(self, row: Any, handle: str | None, form: EntryForm) -> ResponseReturnValue:
        if not form.validate():
            return self._page(handle, form, error=INVALID), 422
        setattr(row, self.kind.key, handle or form.name.data)
        try:
            self.kind.write(db.session, row, _words(form))
        except (UnknownReferenceError, UnknownNamesError, HandleTakenError) as wrong:
            db.session.rollback()
            field = "name" if isinstance(wrong, HandleTakenError) else getattr(wrong, "field", None)
            target = form[field] if field else next(it for it in form if "[^key]" in it.description)
            target.errors = [str(wrong)]
            return self._page(handle, form, error=INVALID), 422
        label = str(getattr(row, self.kind.label))
        db.session.commit()
        flash(f"{label[:80]} is saved.")
        return redirect(url_for(f"staff.{self.kind.plural}.index"), 303)

    def _found(self, handle: str, *, to_change: bool = False) -> Any:
        wanted = select(self.kind.table).where(self.known_by == handle).options(*self.kind.loaded)
        if to_change:
            wanted = wanted.with_for_update(of=self.kind.table)
        return db.session.scalars(wanted).one_or_none() or abort(404)

    def _form(self, row: Any, *, sent: bool = False) -> EntryForm:
        words = self.kind.typed(row) if row else {}
        data = {**words, "seen": seen_of(words)}
        form = self.kind.form(request.form if sent else None, data=data)
        if row is not None:
            form.name.data = getattr(row, self.kind.key)
        return form

    def _page(self, handle: str | None, form: EntryForm, **shown: Any) -> str:
        return render_template(
            "staff/entries/show.html",
            kind=self.kind,
            handle=handle,
            form=form,
            **{"error": None, "theirs": {}, **shown},
        )


def _words(form: EntryForm) -> dict[str, Any]:
    words = {it.name: it.lines if isinstance(it, LinesField) else it.data or "" for it in form}
    return words | ({"chosen": form.chosen()} if isinstance(form, RoutineForm) else {})


def _blueprint(kind: Kind) -> Blueprint:
    bp, entries = Blueprint(kind.plural, __name__, url_prefix=f"/{kind.plural}"), Entries(kind)
    views = {"index": ("GET", ""), "show": ("GET", "/<handle>"), "update": ("POST", "/<handle>")}
    if not kind.is_fixed:
        views |= {"new": ("GET", "/new"), "create": ("POST", "/new")}
    for name, (method, rule) in views.items():
        bp.add_url_rule(rule, name, _view(getattr(entries, name)), methods=[method])
    return bp


def _view(act: Any) -> Any:
    @needs(Permission.EDIT_CONTENT)
    @wraps(act)
    def view(**asked: str) -> ResponseReturnValue:
        answer: ResponseReturnValue = act(**asked)
        return answer

    return view


BLUEPRINTS = tuple(_blueprint(kind) for kind in KINDS)
