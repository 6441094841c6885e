"""What one types to ask about a product, and to answer."""

from wtforms import EmailField, HiddenField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from storefront.comments.forms import LONGEST_NAME, LONGEST_TEXT, seconds_from, tidy, tidy_line
from storefront.comments.spam import MOST_LINKS, links_in
from storefront.forms import Form, email_address
from storefront.questions.service import Asked

LONGEST_QUESTION = 1_000
NAMED = [
    DataRequired("Enter a name. A first name is enough."),
    Length(max=LONGEST_NAME, message=f"Enter at most {LONGEST_NAME} characters."),
]


class QuestionForm(Form):
    """A question. homepage: a trap that people do not see; seconds: filled by the page's script."""

    question = TextAreaField(
        "Your question",
        [
            DataRequired("Write your question."),
            Length(
                max=LONGEST_QUESTION,
                message=f"Please shorten your question to {LONGEST_QUESTION:,} characters.",
            ),
        ],
        id="question-text",
        description=f"Plain text, at most {LONGEST_QUESTION:,} characters.",
        render_kw={"rows": 4},
    )
    name = StringField(
        "Name",
        NAMED,
        id="question-name",
        description="A first name is enough. It is shown with your question.",
        render_kw={"autocomplete": "given-name"},
    )
    email = EmailField(
        "Email",
        [Optional(), Length(max=254, message="Enter at most 254 characters."), email_address],
        id="question-email",
        description="If you like: we write to you once, when the first answer is published.",
        render_kw={"autocomplete": "email"},
    )
    homepage = StringField("Leave this field empty", id="question-homepage")
    seconds = HiddenField(id="question-seconds")

    def filter_name(self, typed: str | None) -> str:
        """Keep a name on one line."""
        return tidy_line(typed)

    def filter_question(self, typed: str | None) -> str:
        """Keep the paragraphs of a text."""
        return tidy(typed)

    def validate_question(self, field: Field) -> None:
        """Refuse a heap of links."""
        refuse_links(field)

    def asked(self) -> Asked:
        """Return what was typed."""
        return Asked(
            name=str(self.name.data),
            email=self.email.data or "",
            text=str(self.question.data),
            seconds=seconds_from(self.seconds.data),
            is_trapped=bool(self.homepage.data),
        )


class AnswerForm(Form):
    """A buyer's answer."""

    answer = TextAreaField(
        "Your answer",
        [
            DataRequired("Write your answer."),
            Length(
                max=LONGEST_TEXT,
                message=f"Please shorten your answer to {LONGEST_TEXT:,} characters.",
            ),
        ],
        id="answer-text",
        description=f"Plain text, at most {LONGEST_TEXT:,} characters.",
        render_kw={"rows": 6},
    )
    name = StringField(
        "Name",
        NAMED,
        id="answer-name",
        description="Shown with your answer. A first name is enough.",
        render_kw={"autocomplete": "given-name"},
    )

    def filter_name(self, typed: str | None) -> str:
        """Keep a name on one line."""
        return tidy_line(typed)

    def filter_answer(self, typed: str | None) -> str:
        """Keep the paragraphs of a text."""
        return tidy(typed)

    def validate_answer(self, field: Field) -> None:
        """Refuse a heap of links."""
        refuse_links(field)


def refuse_links(field: Field) -> None:
    """Raise ValidationError for a heap of links."""
    if links_in(field.data or "") > MOST_LINKS:
        message = f"Please leave at most {MOST_LINKS} links in it. They are shown as text."
        raise ValidationError(message)
