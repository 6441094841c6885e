"""What one types to edit a question on a product's page."""

from typing import Any

from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length

from models import Question, QuestionStatus
from storefront.comments.forms import LONGEST_TEXT, tidy
from storefront.forms import Form
from storefront.staff.questions.service import Draft, state_of
from storefront.staff.typed import checked, count_from

LONG = Length(max=LONGEST_TEXT, message=f"Enter at most {LONGEST_TEXT:,} characters.")
SHOWN_BY_SAVING = (QuestionStatus.PUBLISHED, QuestionStatus.WAITING)
FIGURE: Any = {"inputmode": "numeric", "autocomplete": "off"}


class EditForm(Form):
    """A question with its answer. seen: how it was as the page was shown."""

    question = TextAreaField(
        "Question",
        [DataRequired("Enter the question."), LONG],
        description="Shorten it as you like: the comment below the text stays as it was written.",
        render_kw={"rows": 5},
    )
    answer = TextAreaField(
        "Answer",
        [LONG],
        description="Leave it empty to let buyers answer first.",
        render_kw={"rows": 8},
    )
    position = StringField(
        "Position", description="Small numbers come first.", render_kw=FIGURE, default="0"
    )
    is_published = BooleanField("Shown in the shop")
    seen = HiddenField()

    def filter_question(self, typed: str | None) -> str:
        """Keep the paragraphs of a text."""
        return tidy(typed)

    filter_answer = filter_question

    def validate_position(self, field: Field) -> None:
        """Refuse what is no number."""
        checked(count_from, field.data)

    def draft(self) -> Draft:
        """Return what was typed."""
        return Draft(
            question=str(self.question.data),
            answer=str(self.answer.data),
            position=count_from(self.position.data),
            is_published=bool(self.is_published.data),
            seen=self.seen.data or "",
        )


def shown(it: Question) -> EditForm:
    """Return the form filled with a question as it is."""
    return EditForm(
        data={
            "question": it.question,
            "answer": it.answer,
            "position": str(it.position),
            "is_published": it.status in SHOWN_BY_SAVING,
            "seen": state_of(it),
        }
    )
