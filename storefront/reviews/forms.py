"""What a buyer types to say what she thinks."""

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from models import Region, Review
from models.review import MOST_STARS, MOST_WEEKS
from storefront.comments.forms import at_most, plain_text_of, tidy, tidy_line, too_many_links
from storefront.comments.spam import MOST_LINKS, links_in
from storefront.formatting import Thousands
from storefront.forms import Form, quantity_from
from storefront.languages import gettext, lazy_gettext, ngettext
from storefront.reviews.service import Draft

LONGEST_TEXT = 5_000
STARS = tuple(str(number) for number in range(MOST_STARS, 0, -1))


class ReviewForm(Form):
    """A review."""

    stars = RadioField(lazy_gettext("Stars"), validate_choice=False)
    title = StringField(
        lazy_gettext("Title"),
        [Length(max=120, message=at_most(120))],
        description=lazy_gettext("Optional: the review in a few words."),
        render_kw={"autocomplete": "off"},
    )
    text = TextAreaField(
        lazy_gettext("Review"),
        [
            DataRequired(lazy_gettext("Write your review.")),
            Length(
                max=LONGEST_TEXT,
                message=lazy_gettext(
                    "Shorten your review to %(most)s characters.",
                    most=Thousands(LONGEST_TEXT),
                ),
            ),
        ],
        description=plain_text_of(LONGEST_TEXT),
        render_kw={"rows": 7},
    )
    region = SelectField(
        lazy_gettext("Where does it hurt?"),
        description=lazy_gettext("If you like: others with pain there find your review by it."),
        validate_choice=False,
    )
    weeks = StringField(
        lazy_gettext("Weeks of use"),
        description=lazy_gettext("If you like: how long you have used it."),
        render_kw={"autocomplete": "off", "inputmode": "numeric", "maxlength": "4"},
    )
    name = StringField(
        lazy_gettext("Name"),
        [
            DataRequired(lazy_gettext("Enter a name. A first name is enough.")),
            Length(max=120, message=at_most(120)),
        ],
        description=lazy_gettext("Shown with your review. A first name is enough."),
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
            raise ValidationError(gettext("Choose 1 to %(most)s stars.", most=MOST_STARS))

    def validate_text(self, field: Field) -> None:
        """Refuse a heap of links."""
        if links_in(field.data or "") > MOST_LINKS:
            raise ValidationError(too_many_links())

    def validate_region(self, field: SelectField) -> None:
        """Refuse what cannot be chosen."""
        if field.data not in (field.choices or ()):
            raise ValidationError(gettext("Choose a region from the list."))

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
    form.stars.choices = {
        it: ngettext("%(count)s star", "%(count)s stars", int(it)) for it in STARS
    }
    choices: dict[Any, str] = {"": gettext("I would rather not say")}
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
