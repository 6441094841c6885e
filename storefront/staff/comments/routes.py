"""The addresses of comments in the back office."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Comment, CommentStatus
from models.staff import Permission
from storefront.comments.queries import address_of, text_of
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.payments.access import letters
from storefront.staff.access import needs, signed_in
from storefront.staff.comments import queries, service
from storefront.staff.comments.forms import ACTS, AnswerForm, picked_from, question_form
from storefront.staff.listing import sorting_asked, words_asked
from storefront.staff.onward import back_or
from storefront.staff.seen import ChangedMeanwhileError

bp = Blueprint("comments", __name__, url_prefix="/comments")

DONE = {"publish": "published", "reject": "rejected", "spam": "marked as spam"}
NOTHING = "Nothing was done: pick at least one comment, then a button."
LEFT = (
    "left as it was: somebody else has decided on it meanwhile, its author withdrew it, or it was"
    " so already."
)
MEANWHILE = (
    "Nothing was done: somebody else has decided on this comment or answered it, or its author"
    " withdrew it, while you were reading. Here is how it is now."
)
NO_ANSWER = "It has no answer yet: write one first."


@bp.get("")
@needs(Permission.MODERATE)
def index() -> str:
    """List comments: those that wait, ``?status=`` others; ``?q=`` searches them."""
    return _index()


@bp.post("")
@needs(Permission.MODERATE)
def decide_many() -> ResponseReturnValue:
    """Decide on the comments that were picked, each as it was seen."""
    picked, act = picked_from(request.form.getlist("picked")), request.form.get("act", "")
    if not picked or act not in ACTS:
        return _index(error=NOTHING), 422
    done = service.decide(db.session, picked, ACTS[act], _post())
    db.session.commit()
    left = sum(len(ids) for ids in picked.values()) - len(done)
    flash(f"{len(done)} {DONE[act]}." + (f" {left} {LEFT}" if left else ""))
    return redirect(url_for("staff.comments.index", status=request.args.get("status")), 303)


@bp.get("/<comment_id>")
@needs(Permission.MODERATE)
def show(comment_id: str) -> str:
    """Show a comment with its context, to decide on it and to answer it."""
    return _page(_found(comment_id))


@bp.post("/<comment_id>")
@needs(Permission.MODERATE)
def decide(comment_id: str) -> ResponseReturnValue:
    """Publish a comment or an answer, reject it, or mark it as spam."""
    comment = _found(comment_id)
    act = request.form.get("act", "")
    if act not in ACTS:
        return _page(comment, error="Nothing was done: press one of the buttons."), 422
    picked = picked_from([f"{comment.id} {request.form.get('seen', '')}"])
    if not service.decide(db.session, picked, ACTS[act], _post()):
        db.session.rollback()
        return _page(_found(comment_id), error=MEANWHILE), 409
    db.session.commit()
    flash(f"The {'answer' if comment.is_staff else 'comment'} is {DONE[act]}.")
    if comment.parent_id:
        return redirect(url_for("staff.comments.show", comment_id=comment.parent_id), 303)
    return back_or(url_for("staff.comments.index"))


@bp.post("/<comment_id>/answer")
@needs(Permission.MODERATE)
def answer(comment_id: str) -> ResponseReturnValue:
    """Answer a comment in the shop's name; one that waits is published with it."""
    comment, form = _found(comment_id, to_change=True), AnswerForm(request.form)
    if not form.validate():
        db.session.rollback()
        return _page(_found(comment_id), form), 422
    reply = service.Reply(str(form.answer.data), form.seen.data or "")
    try:
        service.answer(db.session, comment, reply, signed_in(), _post())
    except ChangedMeanwhileError:
        db.session.rollback()
        form.seen.data = None  # the page says how it is now
        return _page(_found(comment_id), form, error=MEANWHILE), 409
    db.session.commit()
    flash("The answer is published" + (", and mailed to who asked." if comment.email else "."))
    return back_or(url_for("staff.comments.show", comment_id=comment_id))


@bp.post("/<comment_id>/question")
@needs(Permission.MODERATE)
def question(comment_id: str) -> ResponseReturnValue:
    """Put a published comment with its newest answer on a product's page, once."""
    comment = _found(comment_id, to_change=True)
    shown = [
        it for it in queries.answers(db.session, comment.id) if it.status is CommentStatus.PUBLISHED
    ]
    form = question_form(queries.products(db.session, comment), request.form)
    if comment.status is not CommentStatus.PUBLISHED or not shown:
        db.session.rollback()
        return _page(_found(comment_id), error=NO_ANSWER), 409
    if form.product.data not in (form.product.choices or {}):
        db.session.rollback()
        return _page(_found(comment_id), error="Choose a product from the list."), 422
    made, is_new = service.make_question(
        db.session, comment, shown[-1], int(str(form.product.data))
    )
    db.session.commit()
    flash("It stands on the product's page." if is_new else "It is a question already.")
    return redirect(url_for("staff.questions.show", question_id=made.id), 303)


def _post() -> service.Post:
    return service.Post(letters(), settings().secret_key)


def _found(typed: str, *, to_change: bool = False) -> Comment:
    return queries.comment(db.session, id_from(typed) or 0, to_change=to_change) or abort(404)


def _index(error: str | None = None) -> str:
    asked = request.args.get("status") or CommentStatus.WAITING.value
    if asked not in {"all", *(it.value for it in CommentStatus)}:
        abort(404)
    status = None if asked == "all" else CommentStatus(asked)
    words, sorting = words_asked(), sorting_asked(queries.COLUMNS, "-written")
    return render_template(
        "staff/comments/index.html",
        page=queries.comments(db.session, status, words, sorting, page_number()),
        counts=queries.counts(db.session),
        asked=asked,
        sorting=sorting,
        words=words,
        error=error,
        text_of=text_of,
    )


def _page(comment: Comment, form: AnswerForm | None = None, *, error: str | None = None) -> str:
    answers = queries.answers(db.session, comment.id)
    form = form or AnswerForm()
    form.seen.data = form.seen.data or service.state_of(comment, answers)
    text = text_of(comment)
    return render_template(
        "staff/comments/show.html",
        comment=comment,
        text=text,
        address=address_of(text),
        answers=answers,
        question=queries.question(db.session, comment.id),
        question_form=question_form(queries.products(db.session, comment)),
        may_answer=service.may_answer(comment),
        form=form,
        error=error,
    )
