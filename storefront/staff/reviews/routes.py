"""The addresses of reviews in the back office."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Review, ReviewStatus
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.payments.access import letters
from storefront.sent_pictures import service as sent_pictures
from storefront.sent_pictures.answer import answer as picture_answer
from storefront.staff.access import needs, signed_in
from storefront.staff.comments.forms import AnswerForm
from storefront.staff.listing import sorting_asked, words_asked
from storefront.staff.onward import back_or
from storefront.staff.reviews import queries, service
from storefront.staff.seen import ChangedMeanwhileError

bp = Blueprint("reviews", __name__, url_prefix="/reviews")

ACTS = {"publish": ReviewStatus.PUBLISHED, "reject": ReviewStatus.REJECTED}
DONE = {"publish": "published", "reject": "rejected"}
NO_ACT = "Nothing was done: press one of the buttons."
MEANWHILE = (
    "Nothing was done: somebody else has decided on this review or answered it, or its writer"
    " changed it, while you were reading. Here is how it is now."
)


@bp.get("")
@needs(Permission.MODERATE)
def index() -> str:
    """List reviews: those that wait, ``?status=`` others; ``?q=`` searches them."""
    asked = request.args.get("status") or ReviewStatus.WAITING.value
    if asked not in {"all", *ReviewStatus}:
        abort(404)
    words, sorting = words_asked(), sorting_asked(queries.COLUMNS, "-written")
    status = None if asked == "all" else ReviewStatus(asked)
    return render_template(
        "staff/reviews/index.html",
        page=queries.reviews(db.session, status, words, sorting, page_number()),
        counts=queries.counts(db.session),
        asked=asked,
        sorting=sorting,
        words=words,
    )


@bp.get("/<review_id>")
@needs(Permission.MODERATE)
def show(review_id: str) -> str:
    """Show a review with its order, to decide on it and to answer it."""
    return _page(_found(review_id))


@bp.get("/<review_id>/pictures/<key>-<size>.webp")
@needs(Permission.MODERATE)
def picture(review_id: str, key: str, size: str) -> ResponseReturnValue:
    """Give a picture that came with a review."""
    review, found = _found(review_id), sent_pictures.by_key(db.session, key)
    return picture_answer(found if found and found.review_id == review.id else None, size)


@bp.post("/<review_id>")
@needs(Permission.MODERATE)
def decide(review_id: str) -> ResponseReturnValue:
    """Publish a review, or reject it."""
    review, act = _found(review_id, to_change=True), request.form.get("act", "")
    if act not in ACTS:
        db.session.rollback()
        return _page(_found(review_id), error=NO_ACT), 422
    seen = request.form.get("seen", "")

    def doing() -> None:
        service.decide(db.session, review, ACTS[act], seen=seen, letters=letters())

    return _done(review_id, doing, f"The review is {DONE[act]}.")


@bp.post("/<review_id>/answer")
@needs(Permission.MODERATE)
def answer(review_id: str) -> ResponseReturnValue:
    """Answer a review in the shop's name; one that waits is published with it."""
    review, form = _found(review_id, to_change=True), AnswerForm(request.form)
    if not form.validate():
        db.session.rollback()
        return _page(_found(review_id), form), 422
    text, seen = str(form.answer.data), form.seen.data or ""

    def doing() -> None:
        service.answer(db.session, review, text, signed_in(), seen=seen, letters=letters())

    return _done(review_id, doing, "The answer is published.", form)


@bp.post("/<review_id>/answer/delete")
@needs(Permission.MODERATE)
def take_back(review_id: str) -> ResponseReturnValue:
    """Take the shop's answer back."""
    review, seen = _found(review_id, to_change=True), request.form.get("seen", "")
    return _done(
        review_id, lambda: service.take_back(review, seen=seen), "The answer is taken back."
    )


def _done(
    review_id: str, doing: Callable[[], None], told: str, form: AnswerForm | None = None
) -> ResponseReturnValue:
    try:
        doing()
    except ChangedMeanwhileError:
        db.session.rollback()
        if form is not None:
            form.seen.data = None  # the page says how it is now
        return _page(_found(review_id), form, error=MEANWHILE), 409
    db.session.commit()
    flash(told)
    if request.args.get("next"):
        return back_or(url_for("staff.reviews.index"))
    return redirect(url_for("staff.reviews.show", review_id=review_id), 303)


def _found(typed: str, *, to_change: bool = False) -> Review:
    return queries.review(db.session, id_from(typed) or 0, to_change=to_change) or abort(404)


def _page(review: Review, form: AnswerForm | None = None, *, error: str | None = None) -> str:
    form = form or AnswerForm(data={"answer": review.answer})
    form.seen.data = form.seen.data or service.state_of(review)
    return render_template(
        "staff/reviews/show.html",
        review=review,
        pictures=sent_pictures.of_review(db.session, review.id),
        picture_url=lambda it, size: url_for(
            "staff.reviews.picture", review_id=review.id, key=it.key, size=size
        ),
        state=service.state_of(review),
        form=form,
        error=error,
    )
