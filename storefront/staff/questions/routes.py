"""The addresses of questions on products."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Product, Question
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.staff.access import needs
from storefront.staff.listing import sorting_asked, words_asked
from storefront.staff.onward import back_or
from storefront.staff.questions import forms, queries, service
from storefront.staff.questions.forms import EditForm
from storefront.staff.seen import ChangedMeanwhileError, differences

bp = Blueprint("questions", __name__, url_prefix="/questions")

INVALID = "Nothing was saved yet. Please correct what is marked below."
CHANGED = (
    "Somebody saved this question while you were editing. What you typed is still in the form, and"
    " what was saved meanwhile stands above it. Save again to replace that with yours."
)


@bp.get("")
@needs(Permission.MODERATE)
def index() -> str:
    """List the questions; ``?q=`` searches them and the titles of their products."""
    words, sorting = words_asked(), sorting_asked(queries.COLUMNS, "-written")
    return render_template(
        "staff/questions/index.html",
        page=queries.questions(db.session, words, sorting, page_number()),
        sorting=sorting,
        words=words,
    )


@bp.get("/<question_id>")
@needs(Permission.MODERATE)
def show(question_id: str) -> str:
    """Show a question to edit."""
    found = _found(question_id)
    return _page(found, forms.shown(found[0]))


@bp.post("/<question_id>")
@needs(Permission.MODERATE)
def update(question_id: str) -> ResponseReturnValue:
    """Save a question, shown on its product's page or not."""
    (question, _), form = _found(question_id, to_change=True), EditForm(request.form)
    if not form.validate():
        db.session.rollback()
        return _page(_found(question_id), form, error=INVALID), 422
    draft = form.draft()
    try:
        service.save(question, draft)
    except ChangedMeanwhileError:
        db.session.rollback()
        question, product = _found(question_id)
        theirs = differences(service.words_of(question), service.words_of(draft))
        form.seen.data = service.state_of(question)
        return _page((question, product), form, error=CHANGED, theirs=theirs), 409
    db.session.commit()
    flash("The question is saved, and " + ("shown." if draft.is_published else "not shown."))
    return back_or(url_for("staff.questions.index"))


def _found(typed: str, *, to_change: bool = False) -> tuple[Question, Product]:
    return queries.question(db.session, id_from(typed) or 0, to_change=to_change) or abort(404)


def _page(
    found: tuple[Question, Product],
    form: EditForm,
    *,
    error: str | None = None,
    theirs: Mapping[str, str] | None = None,
) -> str:
    question, product = found
    return render_template(
        "staff/questions/show.html",
        question=question,
        product=product,
        form=form,
        error=error,
        theirs=theirs or {},
    )
