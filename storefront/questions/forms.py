"""What one types to ask about a product, and to answer."""

from wtforms import EmailField, HiddenField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from storefront.comments.forms import (
    LONGEST_NAME,
    LONGEST_TEXT,
    at_most,
    plain_text_of,
    seconds_from,
    tidy,
    tidy_line,
    too_many_links,
)
from storefront.comments.spam import MOST_LINKS, links_in
from storefront.formatting import Thousands
from storefront.forms import Form, email_address
from storefront.languages import lazy_gettext
from storefront.questions.service import Asked

LONGEST_QUESTION = 1_000
NAMED = [
    DataRequired(lazy_gettext("Enter a name. A first name is enough.")),
    Length(max=LONGEST_NAME, message=at_most(LONGEST_NAME)),
]


class QuestionForm(Form):
    """A question. homepage: a trap that people do not see; seconds: filled by the page's script."""

    question = TextAreaField(
        lazy_gettext("Your question"),
        [
            DataRequired(lazy_gettext("Write your question.")),
            Length(
                max=LONGEST_QUESTION,
                message=lazy_gettext(
                    "Shorten your question to %(most)s characters.",
                    most=Thousands(LONGEST_QUESTION),
                ),
            ),
        ],
        id="question-text",
        description=plain_text_of(LONGEST_QUESTION),
        render_kw={"rows": 4},
    )
    name = StringField(
        lazy_gettext("Name"),
        NAMED,
        id="question-name",
        description=lazy_gettext("A first name is enough. It is shown with your question."),
        render_kw={"autocomplete": "given-name"},
    )
    email = EmailField(
        lazy_gettext("Email"),
        [Optional(), Length(max=254, message=at_most(254)), email_address],
        id="question-email",
        description=lazy_gettext(
            "If you like: we write to you once, when the first answer is published."
        ),
        render_kw={"autocomplete": "email"},
    )
    homepage = StringField(lazy_gettext("Leave this field empty"), id="question-homepage")
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
        lazy_gettext("Your answer"),
        [
            DataRequired(lazy_gettext("Write your answer.")),
            Length(
                max=LONGEST_TEXT,
                message=lazy_gettext(
                    "Shorten your answer to %(most)s characters.",
                    most=Thousands(LONGEST_TEXT),
                ),
            ),
        ],
        id="answer-text",
        description=plain_text_of(LONGEST_TEXT),
        render_kw={"rows": 6},
    )
    name = StringField(
        lazy_gettext("Name"),
        NAMED,
        id="answer-name",
        description=lazy_gettext("Shown with your answer. A first name is enough."),
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
        raise ValidationError(too_many_links())
