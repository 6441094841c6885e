"""The address of a question about an order."""

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms.validators import DataRequired, Length

from models import OrderQuestion
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import Form
from storefront.orders import questions
from storefront.payments.access import letters
from storefront.staff.access import needs, signed_in
from storefront.staff.onward import back_or
from storefront.staff.typed import LongTextField

bp = Blueprint("order_questions", __name__, url_prefix="/order-questions")

MEANWHILE = "Somebody has answered it meanwhile: the answer stands below. Yours was not sent."


class AnswerForm(Form):
    """The answer to a question."""

    answer = LongTextField(
        "Answer",
        [
            DataRequired("Write the answer."),
            Length(max=4000, message="Enter at most 4,000 characters."),
        ],
        render_kw={"rows": 8},
    )


@bp.get("/<int:question_id>")
@needs(Permission.EDIT_ORDERS)
def show(question_id: int) -> str:
    """Show a question and the form to answer it."""
    return _page(_found(question_id), AnswerForm())


@bp.post("/<int:question_id>")
@needs(Permission.EDIT_ORDERS)
def create(question_id: int) -> ResponseReturnValue:
    """Answer a question, once."""
    question, form = _found(question_id), AnswerForm(request.form)
    if not form.validate():
        return _page(question, form), 422
    try:
        questions.answer(
            db.session, question, str(form.answer.data), letters(), actor=signed_in().email
        )
    except questions.AnsweredMeanwhileError:
        db.session.rollback()
        return _page(_found(question_id), form, error=MEANWHILE), 409
    db.session.commit()
    flash("The answer is sent. It stands on the order's page too.")
    return back_or(url_for("staff.messages.index"))


def _found(question_id: int) -> OrderQuestion:
    return questions.by_id(db.session, question_id) or abort(404)


def _page(question: OrderQuestion, form: AnswerForm, error: str = "") -> str:
    return render_template(
        "staff/order_questions/show.html", question=question, form=form, error=error
    )
