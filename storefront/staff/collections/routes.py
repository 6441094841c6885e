"""The addresses of collections."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField

from models import Collection
from models.staff import Permission
from storefront.catalog import rules
from storefront.extensions import db, settings
from storefront.forms import Form
from storefront.paging import page_number
from storefront.staff.access import needs, signed_in
from storefront.staff.collections import forms, queries, service
from storefront.staff.collections.forms import CollectionForm
from storefront.staff.handles import HandleTakenError
from storefront.staff.links import UnknownNamesError
from storefront.staff.listing import sorting_asked, words_asked
from storefront.staff.ordering import BadPlaceError, arranged
from storefront.staff.seen import ChangedMeanwhileError, differences
from storefront.staff.typed import LinesField

bp = Blueprint("collections", __name__, url_prefix="/collections")

INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody saved this collection while you were editing. What you typed is still in the form,"
    " and what was saved meanwhile stands above it. Save again to replace that with yours."
)
TAKEN = "Another collection has this handle. Choose another one."
RULED = "A rule fills this collection: change the rule, or choose by hand first."


class ChosenForm(Form):
    """Products to add by hand. seen: a digest of those that were shown.

    typed: all that was sent, with the places of those that are there; misplaced: what is wrong
    with a place, by its field's name.
    """

    added = LinesField(
        "Add products",
        description="Handles, one a line.",
        render_kw={"rows": 3, "spellcheck": "false"},
    )
    seen = HiddenField()
    typed: Mapping[str, str] = MappingProxyType({})
    misplaced: Mapping[str, str] = MappingProxyType({})

    def arranged(self, ids: Sequence[int]) -> list[int]:
        """Return the products that are to stay, in the order that was typed.

        Raises BadPlaceError.
        """
        try:
            return arranged([it for it in ids if f"remove-{it}" not in self.typed], self.typed)
        except BadPlaceError as wrong:
            self.misplaced = {f"place-{wrong.row_id}": str(wrong)}
            raise


@bp.get("")
@needs(Permission.EDIT_CATALOG)
def index() -> str:
    """List the collections; ``?q=`` searches title and handle."""
    words, sorting = words_asked(), sorting_asked(queries.COLUMNS, "title")
    return render_template(
        "staff/collections/index.html",
        page=queries.collections(db.session, words, sorting, page_number()),
        sorting=sorting,
        words=words,
    )


@bp.get("/new")
@needs(Permission.EDIT_CATALOG)
def new() -> str:
    """Show an empty collection."""
    return _page(None, _form(None))


@bp.post("/new")
@needs(Permission.EDIT_CATALOG)
def create() -> ResponseReturnValue:
    """Write a new collection; *Preview* only says what its rule finds."""
    form = _form(None, sent=True)
    if not form.validate():
        return _page(None, form, error=INVALID), 422
    if request.form.get("act") == "preview":
        return _page(None, form)
    try:
        collection = service.create(db.session, form.draft())
    except HandleTakenError:
        db.session.rollback()
        form.handle.errors = [TAKEN]
        return _page(None, form, error=INVALID), 422
    db.session.commit()
    flash(f"{collection.title} is saved.")
    return redirect(url_for(".show", handle=collection.handle), 303)


@bp.get("/<handle>")
@needs(Permission.EDIT_CATALOG)
def show(handle: str) -> str:
    """Show a collection to edit."""
    collection = _found(handle)
    return _page(collection, _form(collection))


@bp.post("/<handle>")
@needs(Permission.EDIT_CATALOG)
def update(handle: str) -> ResponseReturnValue:
    """Save a collection; *Preview* only says what its rule finds."""
    collection = _found(handle, to_change=True)
    form = _form(collection, sent=True)
    if not form.validate():
        db.session.rollback()
        return _page(_found(handle), form, error=INVALID), 422
    if request.form.get("act") == "preview":
        db.session.rollback()
        return _page(_found(handle), form)
    draft, seen = form.draft(), form.seen.data or ""
    try:
        service.save(db.session, collection, draft, seen=seen, actor=signed_in().email)
    except HandleTakenError:
        db.session.rollback()
        form.handle.errors = [TAKEN]
        return _page(_found(handle), form, error=INVALID), 422
    except ChangedMeanwhileError:
        return _conflict(handle, form, draft)
    db.session.commit()
    flash(f"{draft.title} is saved.")
    return redirect(url_for(".show", handle=draft.handle), 303)


@bp.post("/<handle>/products")
@needs(Permission.EDIT_CATALOG)
def choose(handle: str) -> ResponseReturnValue:
    """Save which products a collection has by hand, and in what order."""
    collection, chosen = _found(handle, to_change=True), ChosenForm(request.form)
    chosen.typed = request.form.to_dict()
    if collection.rule is not None:
        db.session.rollback()
        found = _found(handle)
        return _page(found, _form(found), error=RULED), 409
    there = [it.id for it in queries.members(db.session, collection)]
    error, status = INVALID, 422
    try:
        order = chosen.arranged(there)
        if chosen.validate():
            lines, seen = chosen.added.lines, chosen.seen.data or ""
            service.choose(db.session, collection, order, lines, seen=seen)
            db.session.commit()
            flash("The products are saved.")
            return redirect(url_for(".show", handle=handle), 303)
    except BadPlaceError:
        pass  # it is said beside the place
    except UnknownNamesError as wrong:
        chosen.added.errors = [str(wrong)]
    except ChangedMeanwhileError:
        error, status = CHANGED, 409
    db.session.rollback()
    found = _found(handle)
    chosen.seen.data = service.members_seen(db.session, found)
    return _page(found, _form(found), chosen=chosen, error=error), status


def _conflict(handle: str, form: CollectionForm, draft: service.Draft) -> ResponseReturnValue:
    """Undo, and show what was typed beside what was saved meanwhile."""
    db.session.rollback()
    collection = _found(handle)
    typed = Collection()
    service.fill_words(typed, draft)
    form.seen.data = _form(collection).seen.data
    theirs = differences(service.words_of(collection), service.words_of(typed))
    return _page(collection, form, error=CHANGED, theirs=theirs), 409


def _found(handle: str, *, to_change: bool = False) -> Collection:
    collection = queries.collection(db.session, handle, to_change=to_change)
    if collection is None:
        abort(404)
    return collection


def _form(collection: Collection | None, *, sent: bool = False) -> CollectionForm:
    return forms.form_of(collection, settings().currency, request.form if sent else None)


def _page(
    collection: Collection | None,
    form: CollectionForm,
    *,
    chosen: ChosenForm | None = None,
    error: str | None = None,
    theirs: Mapping[str, str] | None = None,
) -> str:
    is_wrong = form.errors or any(it.errors for it in form.conditions)
    rule = None if is_wrong else form.rule
    if chosen is None:
        chosen = ChosenForm()
        if collection is not None:
            chosen.seen.data = service.members_seen(db.session, collection)
    return render_template(
        "staff/collections/show.html",
        collection=collection,
        form=form,
        chosen=chosen,
        members=queries.members(db.session, collection) if collection else [],
        matches=rules.count(db.session, rule) if rule else None,
        examples=queries.examples(db.session, rule) if rule else [],
        names=queries.names(db.session),
        error=error,
        theirs=theirs or {},
    )
