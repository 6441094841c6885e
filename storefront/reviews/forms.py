"""What a buyer types to say what she thinks."""

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from models import Region, Review
from models.review import MOST_STARS, MOST_WEEKS
from storefront.comments.forms import tidy, tidy_line
from storefront.comments.spam import MOST_LINKS, links_in
from storefront.forms import Form, quantity_from
from storefront.reviews.service import Draft

LONGEST_TEXT = 5_000
STARS = {str(n): f"{n} star{'s' if n > 1 else ''}" for n in range(MOST_STARS, 0, -1)}


class ReviewForm(Form):
    """A review."""

    stars = RadioField("Stars", choices=STARS, validate_choice=False)
    title = StringField(
        "Title",
        [Length(max=120, message="Enter at most 120 characters.")],
        description="Optional: the review in a few words.",
        render_kw={"autocomplete": "off"},
    )
    text = TextAreaField(
        "Review",
        [
            DataRequired("Write your review."),
            Length(
                max=LONGEST_TEXT,
                message=f"Please shorten your review to {LONGEST_TEXT:,} characters.",
            ),
        ],
        description=f"Plain text, at most {LONGEST_TEXT:,} characters.",
        render_kw={"rows": 7},
    )
    region = SelectField(
        "Where does it hurt?",
        description="If you like: others with pain there find your review by it.",
        validate_choice=False,
    )
    weeks = StringField(
        "Weeks of use",
        description="If you like: how long you have used it.",
        render_kw={"autocomplete": "off", "inputmode": "numeric", "maxlength": "4"},
    )
    name = StringField(
        "Name",
        [
            DataRequired("Enter a name. A first name is enough."),
            Length(max=120, message="Enter at most 120 characters."),
        ],
        description="Shown with your review. A first name is enough.",
        render_kw={"autocomplete": "given-name"},
    )

    def filter_title(self, typed: str | None) -> str:
        """Keep a title on one line."""
        return tidy_line(typed)

    def filter_name(self, typed: str | None) -> str:
        """Keep a name on one line."""
        return tidy_line(typed)

    def filter_text(self, typed: str | None) -> str:
        """Keep the paragraphs of a text."""
        return tidy(typed)

    def validate_stars(self, field: Field) -> None:
        """Ask for 1 to 5."""
        if field.data not in STARS:
            message = f"Choose 1 to {MOST_STARS} stars."
            raise ValidationError(message)

    def validate_text(self, field: Field) -> None:
        """Refuse a heap of links."""
        if links_in(field.data or "") > MOST_LINKS:
            message = f"Please leave at most {MOST_LINKS} links in it. They are shown as text."
            raise ValidationError(message)

    def validate_region(self, field: SelectField) -> None:
        """Refuse what cannot be chosen."""
        if field.data not in (field.choices or ()):
            message = "Choose a region from the list."
            raise ValidationError(message)

    def validate_weeks(self, field: Field) -> None:
        """Refuse what is no number of weeks."""
        if field.data:
            try:
                weeks_from(field.data)
            except ValueError as wrong:
                raise ValidationError(str(wrong)) from None

    def draft(self) -> Draft:
        """Return what was typed."""
        return Draft(
            stars=int(self.stars.data),
            title=str(self.title.data),
            text=str(self.text.data),
            name=str(self.name.data),
            region_id=int(self.region.data) if self.region.data else None,
            weeks=weeks_from(self.weeks.data) if self.weeks.data else None,
        )


def weeks_from(typed: str) -> int:
    """Return a number of weeks, or raise ValueError with a message for people."""
    return quantity_from(typed, smallest=0, largest=MOST_WEEKS)


def review_form(
    regions: Sequence[Region],
    sent: MultiDict[str, str] | None = None,
    said: Mapping[str, str] | None = None,
) -> ReviewForm:
    """Return the form with what was sent, else with what was said; regions: where it can hurt."""
    form = ReviewForm(sent, data=dict(said or {}))
    choices: dict[Any, str] = {"": "I would rather not say"}
    form.region.choices = choices | {str(it.id): it.name for it in regions}
    form.region.data = form.region.data or ""
    return form


def said_in(review: Review) -> dict[str, str]:
    """Return what a review says, by the names of the fields."""
    return {
        "stars": str(review.stars),
        "title": review.title,
        "text": review.text,
        "region": str(review.region_id or ""),
        "weeks": "" if review.weeks is None else str(review.weeks),
        "name": review.name,
    }
