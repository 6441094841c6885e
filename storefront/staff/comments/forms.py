"""What one types to answer a comment, and picks to decide on several."""

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from models import CommentStatus, Product
from storefront.comments.forms import tidy
from storefront.forms import Form, id_from

LONGEST_ANSWER = 5_000
ACTS = {
    "publish": CommentStatus.PUBLISHED,
    "reject": CommentStatus.REJECTED,
    "spam": CommentStatus.SPAM,
}


class AnswerForm(Form):
    """An answer. seen: how the comment and its answers were as the page was shown."""

    answer = TextAreaField(
        "Answer",
        [
            DataRequired("Write the answer."),
            Length(max=LONGEST_ANSWER, message=f"Enter at most {LONGEST_ANSWER:,} characters."),
        ],
        description="Plain text. It is shown under your name, and mailed to who asked.",
        render_kw={"rows": 8},
    )
    seen = HiddenField()

    def filter_answer(self, typed: str | None) -> str:
        """Keep the paragraphs of a text."""
        return tidy(typed)


class QuestionForm(Form):
    """On which product's page a comment becomes a question."""

    product = SelectField("Product", validate_choice=False)


def question_form(
    products: Sequence[Product], sent: MultiDict[str, str] | None = None
) -> QuestionForm:
    """Return the choice of products; the first is chosen."""
    form = QuestionForm(sent)
    form.product.choices = {str(it.id): it.title for it in products}
    return form


def picked_from(values: Sequence[str]) -> dict[CommentStatus, list[int]]:
    """Return the ids of ``<id> <state>`` by the state that each comment was seen in.

    What can be neither is passed over.
    """
    found: dict[CommentStatus, list[int]] = {}
    for value in values:
        number, _, state = value.partition(" ")
        comment_id = id_from(number)
        if comment_id and state in {it.value for it in CommentStatus}:
            found.setdefault(CommentStatus(state), []).append(comment_id)
    return found
