"""What one types to find an order, and to ask something about it."""

import re
import secrets

from wtforms import HiddenField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from storefront.comments.forms import tidy
from storefront.comments.spam import MOST_LINKS, links_in
from storefront.forms import Form, email_address, shorter
from storefront.languages import gettext, lazy_gettext

LONGEST = 2_000
KEY = re.compile(r"[0-9a-f]{32}")


class FindForm(Form):
    """An order's number and its buyer's address."""

    number = StringField(
        lazy_gettext("Order number"),
        [
            DataRequired(lazy_gettext("Enter your order number. It is in our mail.")),
            Length(max=40, message=lazy_gettext("An order number has at most 11 characters.")),
        ],
        description=lazy_gettext("It begins with QL- and is in our mail."),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )
    email = StringField(
        lazy_gettext("Email"),
        [
            DataRequired(lazy_gettext("Enter the email address that you ordered with.")),
            email_address,
        ],
        render_kw={"autocomplete": "email", "inputmode": "email", "type": "email"},
    )


class QuestionForm(Form):
    """A question about an order. key: names this form, so that two clicks are one question."""

    key = HiddenField(default=lambda: secrets.token_hex(16))
    text = TextAreaField(
        lazy_gettext("Question"),
        [
            DataRequired(lazy_gettext("Write your question.")),
            shorter(LONGEST),
        ],
        render_kw={"rows": 4},
    )

    def filter_text(self, typed: str | None) -> str:
        """Keep the paragraphs of a text."""
        return tidy(typed)

    def validate_text(self, field: Field) -> None:
        """Refuse a heap of links, and a form that did not come whole."""
        if links_in(field.data or "") > MOST_LINKS:
            message = gettext("Use at most %(count)s links.", count=MOST_LINKS)
            raise ValidationError(message)
        if not KEY.fullmatch(self.key.data or ""):
            message = gettext("The form was not complete. Send it again.")
            raise ValidationError(message)
