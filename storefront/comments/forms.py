"""What one types to ask or tell something below a text."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import EmailField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from models import Region
from storefront.comments.service import Draft
from storefront.comments.spam import MOST_LINKS, links_in
from storefront.formatting import Thousands
from storefront.forms import Form, email_address
from storefront.languages import gettext, lazy_gettext

LONGEST_NAME = 120
LONGEST_TEXT = 5_000
# Signs that join take quadratic time to be put in order; what is longer is refused anyhow.
LONGEST_TIDIED = 3 * LONGEST_TEXT
# What turns the direction of the text around it, and what XML does not take; lone surrogates and
# NUL are refused with words instead.
_UNSEEN = re.compile("[\x01-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def tidy(typed: str | None) -> str:
    """Return a text with plain line ends, at most one empty line in a row, nothing unseen."""
    lines = (typed or "").replace("\r\n", "\n").replace("\r", "\n")
    if len(lines) <= LONGEST_TIDIED:
        lines = unicodedata.normalize("NFC", lines)
    clean = _UNSEEN.sub("", lines)
    # Line by line: a pattern for spaces before a line's end takes quadratic time where none comes.
    return re.sub(r"\n{3,}", "\n\n", "\n".join(it.rstrip(" \t") for it in clean.split("\n")))


def tidy_line(typed: str | None) -> str:
    """Return a text on one line, with nothing unseen."""
    return " ".join(tidy(typed).split())


def at_most(characters: int) -> str:
    """Return what is said of a line that is too long."""
    return lazy_gettext("Enter at most %(most)s characters.", most=characters)


def plain_text_of(characters: int) -> str:
    """Return the hint of a field for a text of at most so many characters."""
    return lazy_gettext("Plain text, at most %(most)s characters.", most=Thousands(characters))


def too_many_links() -> str:
    """Return what is said of a heap of links."""
    return gettext("Use at most %(most)s links. They are shown as text.", most=MOST_LINKS)


class CommentForm(Form):
    """A comment. homepage: a trap that people do not see; seconds: filled by the page's script."""

    name = StringField(
        lazy_gettext("Name"),
        [
            DataRequired(lazy_gettext("Enter a name. A first name is enough.")),
            Length(max=LONGEST_NAME, message=at_most(LONGEST_NAME)),
        ],
        id="comment-name",
        description=lazy_gettext("Shown with your comment. A first name is enough."),
        render_kw={"autocomplete": "name"},
    )
    email = EmailField(
        lazy_gettext("Email"),
        [
            InputRequired(lazy_gettext("Enter your email address.")),
            Length(max=254, message=at_most(254)),
            email_address,
        ],
        id="comment-email",
        description=lazy_gettext(
            "Never shown. It is for one thing: we tell you when your comment is published or"
            " answered."
        ),
        render_kw={"autocomplete": "email"},
    )
    region = SelectField(
        lazy_gettext("Where does it hurt?"),
        id="comment-region",
        description=lazy_gettext("If you like: it is shown with your comment."),
        validate_choice=False,
    )
    comment = TextAreaField(
        lazy_gettext("Comment"),
        [
            DataRequired(lazy_gettext("Write your comment.")),
            Length(
                max=LONGEST_TEXT,
                message=lazy_gettext(
                    "Shorten your comment to %(most)s characters.",
                    most=Thousands(LONGEST_TEXT),
                ),
            ),
        ],
        id="comment-text",
        description=plain_text_of(LONGEST_TEXT),
        render_kw={"rows": 7},
    )
    homepage = StringField(lazy_gettext("Leave this field empty"), id="comment-homepage")
    seconds = HiddenField(id="comment-seconds")

    def filter_name(self, typed: str | None) -> str:
        """Keep a name on one line."""
        return tidy_line(typed)

    def filter_comment(self, typed: str | None) -> str:
        """Keep the paragraphs of a text."""
        return tidy(typed)

    def validate_region(self, field: SelectField) -> None:
        """Refuse what cannot be chosen."""
        if field.data not in (field.choices or ()):
            raise ValidationError(gettext("Choose a region from the list."))

    def validate_comment(self, field: Field) -> None:
        """Refuse a heap of links."""
        if links_in(field.data or "") > MOST_LINKS:
            raise ValidationError(too_many_links())

    def draft(self) -> Draft:
        """Return what was typed."""
        return Draft(
            name=str(self.name.data),
            email=str(self.email.data),
            text=str(self.comment.data),
            region_id=int(self.region.data) if self.region.data else None,
            seconds=seconds_from(self.seconds.data),
            is_trapped=bool(self.homepage.data),
        )


def comment_form(regions: Sequence[Region], sent: MultiDict[str, str] | None = None) -> CommentForm:
    """Return the form with what was sent, else empty; regions: where it can hurt."""
    form = CommentForm(sent)
    choices: dict[Any, str] = {"": gettext("I would rather not say")}
    form.region.choices = choices | {str(it.id): it.name for it in regions}
    form.region.data = form.region.data or ""
    return form


def seconds_from(typed: str | None) -> float | None:
    """Return the seconds that a page's script counted, or None where it counted none."""
    text = typed or ""
    return float(text) if re.fullmatch(r"\d{1,7}(\.\d{1,3})?", text, re.ASCII) else None
