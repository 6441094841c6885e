"""What one types to answer a review."""

from wtforms import HiddenField, TextAreaField
from wtforms.validators import DataRequired, Length

from models import ReviewStatus
from storefront.comments.forms import tidy
from storefront.forms import Form

LONGEST_ANSWER = 5_000
ACTS = {"publish": ReviewStatus.PUBLISHED, "reject": ReviewStatus.REJECTED}


class AnswerForm(Form):
    """The shop's answer. seen: how the review was as the page was shown."""

    answer = TextAreaField(
        "Answer",
        [
            DataRequired("Write the answer."),
            Length(max=LONGEST_ANSWER, message=f"Enter at most {LONGEST_ANSWER:,} characters."),
        ],
        description="Plain text. It is shown below the review, and mailed to its writer once.",
        render_kw={"rows": 8},
    )
    seen = HiddenField()

    def filter_answer(self, typed: str | None) -> str:
        """Keep the paragraphs of a text."""
        return tidy(typed)
