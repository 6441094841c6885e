"""The addresses of what texts say in other languages."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.language import LANGUAGES, OTHERS
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.search.anew import index_row_anew
from storefront.staff.access import needs, signed_in
from storefront.staff.listing import words_asked
from storefront.staff.seen import ChangedMeanwhileError
from storefront.staff.shop.routes import present
from storefront.staff.translations import forms, queries, service
from storefront.staff.translations.forms import TextsForm
from storefront.staff.translations.queries import Line
from storefront.translations.sources import KINDS, Source, of_shop, sources

bp = Blueprint("translations", __name__, url_prefix="/translations")

INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody changed these texts while you were writing. What you typed is still in the form; look"
    " at what the texts say now, and save again."
)
OF_SHOP = "shop"


@bp.get("")
@needs(Permission.EDIT_CONTENT)
def index() -> ResponseReturnValue:
    """Lead to the first language."""
    return redirect(url_for(".kind", code=OTHERS[0], kind="tutorials"))


@bp.get("/<code>/<kind>")
@needs(Permission.EDIT_CONTENT)
def kind(code: str, kind: str) -> str:
    """List the things of a kind, and how many of their texts are said."""
    chosen = KINDS.get(kind) or abort(404)
    _known(code)
    words = words_asked()
    return render_template(
        "staff/translations/index.html",
        page=queries.subjects(db.session, chosen, code, words, page_number()),
        kinds=KINDS,
        kind=kind,
        code=code,
        languages={it: LANGUAGES[it] for it in OTHERS},
        words=words,
    )


@bp.get("/<code>/shop")
@needs(Permission.EDIT_CONTENT)
def shop(code: str) -> str:
    """Show what the shop says of itself."""
    lines = _lines_of_shop(code)
    return _page(code, None, lines, forms.texts_form(lines))


@bp.post("/<code>/shop")
@needs(Permission.EDIT_CONTENT)
def shop_update(code: str) -> ResponseReturnValue:
    """Save what the shop says of itself in a language."""
    return _save(code, None, _lines_of_shop(code))


@bp.get("/<code>/<kind>/<row_id>")
@needs(Permission.EDIT_CONTENT)
def show(code: str, kind: str, row_id: str) -> str:
    """Show the texts of a thing, each beside what it says in a language."""
    subject, lines = _found(code, kind, row_id)
    return _page(code, (kind, subject), lines, forms.texts_form(lines))


@bp.post("/<code>/<kind>/<row_id>")
@needs(Permission.EDIT_CONTENT)
def update(code: str, kind: str, row_id: str) -> ResponseReturnValue:
    """Save what the texts of a thing say in a language."""
    subject, lines = _found(code, kind, row_id)
    return _save(code, (kind, subject), lines)


def _save(code: str, subject: tuple[str, Any] | None, lines: list[Line]) -> ResponseReturnValue:
    form = forms.texts_form(lines, request.form)
    if not form.fields_right(lines):
        return _page(code, subject, lines, form, INVALID), 422
    if form.seen.data != forms.seen_by(lines):
        form.seen.data = forms.seen_by(lines)
        return _page(code, subject, lines, form, CHANGED), 409
    try:
        service.save(db.session, code, form.typed(lines), actor=signed_in().email)
        if subject:
            index_row_anew(db.session, subject[1])
    except ChangedMeanwhileError:
        db.session.rollback()
        return _page(code, subject, lines, form, CHANGED), 409
    db.session.commit()
    flash(f"Saved: the shop says it in {LANGUAGES[code]} from now on.")
    return redirect(request.path, 303)


def _known(code: str) -> None:
    if code not in OTHERS:
        abort(404)


def _found(code: str, kind: str, row_id: str) -> tuple[Any, list[Line]]:
    _known(code)
    chosen = KINDS.get(kind) or abort(404)
    subject = queries.subject(db.session, chosen, id_from(row_id) or 0) or abort(404)
    return subject, _lines(code, sources(chosen, subject))


def _lines_of_shop(code: str) -> list[Line]:
    _known(code)
    return _lines(code, of_shop(present().now()))


def _lines(code: str, texts: Sequence[Source]) -> list[Line]:
    return queries.lines(db.session, code, texts)


def _page(
    code: str,
    subject: tuple[str, Any] | None,
    lines: list[Line],
    form: TextsForm,
    error: str | None = None,
) -> str:
    kind, row = subject or (OF_SHOP, None)
    return render_template(
        "staff/translations/show.html",
        code=code,
        language_name=LANGUAGES[code],
        kind=kind,
        kind_title=KINDS[kind].title if row else "The shop",
        name=getattr(row, KINDS[kind].name) if row else "The shop",
        lines=lines,
        rows_of=forms.rows_of,
        form=form,
        error=error,
    )
