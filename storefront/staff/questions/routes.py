"""The addresses of questions on products."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import AnswerStatus, Product, Question, QuestionStatus
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.payments.access import letters
from storefront.staff.access import needs, signed_in
from storefront.staff.listing import sorting_asked, words_asked
from storefront.staff.onward import back_or
from storefront.staff.questions import forms, queries, service
from storefront.staff.questions.forms import EditForm
from storefront.staff.seen import ChangedMeanwhileError, differences

bp = Blueprint("questions", __name__, url_prefix="/questions")

INVALID = "Nothing was saved yet. Correct what is marked below."
ACTS = {"publish": AnswerStatus.PUBLISHED, "reject": AnswerStatus.REJECTED}
DONE = {"publish": "published", "reject": "rejected"}
NO_ACT = "Nothing was done: press one of the buttons."
MEANWHILE = (
    "Nothing was done: somebody else has decided on this answer, or its writer changed it, while"
    " you were reading. Here is how it is now."
)
CHANGED = (
    "Somebody saved this question while you were editing. What you typed is still in the form, and"
    " what was saved meanwhile stands above it. Save again to replace that with yours."
)


@bp.get("")
@needs(Permission.MODERATE)
def index() -> str:
    """List the questions; ``?status=`` some, ``?q=`` searches them and their products' titles."""
    asked = request.args.get("status") or "all"
    if asked not in {"all", *QuestionStatus}:
        abort(404)
    words, sorting = words_asked(), sorting_asked(queries.COLUMNS, "-written")
    status = None if asked == "all" else QuestionStatus(asked)
    return render_template(
        "staff/questions/index.html",
        page=queries.questions(db.session, status, words, sorting, page_number()),
        counts=queries.counts(db.session),
        asked=asked,
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
    (question, product), form = _found(question_id, to_change=True), EditForm(request.form)
    if not form.validate():
        db.session.rollback()
        return _page(_found(question_id), form, error=INVALID), 422
    draft = form.draft()
    try:
        service.save(db.session, question, product, draft, person=signed_in(), letters=letters())
    except ChangedMeanwhileError:
        db.session.rollback()
        question, product = _found(question_id)
        theirs = differences(service.words_of(question), service.words_of(draft))
        form.seen.data = service.state_of(question)
        return _page((question, product), form, error=CHANGED, theirs=theirs), 409
    db.session.commit()
    flash("The question is saved, and " + ("shown." if draft.is_published else "not shown."))
    return back_or(url_for("staff.questions.index"))


@bp.post("/<question_id>/answers/<answer_id>")
@needs(Permission.MODERATE)
def decide(question_id: str, answer_id: str) -> ResponseReturnValue:
    """Publish what a buyer answers, or reject it."""
    question, product = _found(question_id, to_change=True)
    answer = next((it for it in question.answers if it.id == id_from(answer_id)), None)
    act, seen = request.form.get("act", ""), request.form.get("seen", "")
    if answer is None:
        abort(404)
    if act not in ACTS:
        return _refused(question_id, NO_ACT), 422
    try:
        service.decide(db.session, answer, product, ACTS[act], seen=seen, letters=letters())
    except ChangedMeanwhileError:
        return _refused(question_id, MEANWHILE), 409
    db.session.commit()
    flash(f"The answer is {DONE[act]}.")
    return redirect(url_for("staff.questions.show", question_id=question_id), 303)


def _refused(question_id: str, error: str) -> str:
    db.session.rollback()
    found = _found(question_id)
    return _page(found, forms.shown(found[0]), error=error)


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
        answers=[(it, service.answer_state_of(it)) for it in question.answers],
        form=form,
        error=error,
        theirs=theirs or {},
    )
