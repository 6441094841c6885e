"""What one types to write a claim, and to note a review of one."""

import re
from datetime import date, timedelta
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from models import Claim
from storefront.forms import Form
from storefront.staff.claims.service import Draft
from storefront.staff.seen import seen_of
from storefront.staff.typed import LinesField, LongTextField, checked

A_YEAR = timedelta(days=365)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
DAY: Any = {"type": "date", "autocomplete": "off"}


class ClaimForm(Form):
    """A claim. seen: a digest of how it was saved as the page was shown."""

    text_of = SelectField("Stands in")
    text = LongTextField(
        "Claim",
        [
            DataRequired("Enter what is claimed."),
            Length(max=2000, message="Enter at most 2000 characters."),
        ],
        description="One statement about the body, as the text makes it.",
        render_kw={"rows": 4},
    )
    references = LinesField(
        "Sources",
        description="Keys of references, one a line.",
        render_kw={"rows": 4, "spellcheck": "false"},
    )
    review_by = StringField("Review by", render_kw=DAY)
    seen = HiddenField()

    def validate_review_by(self, field: Field) -> None:
        """Refuse what is no day."""
        checked(day_from, field.data)

    def draft(self) -> Draft:
        """Return what was typed."""
        return Draft(
            text_of=str(self.text_of.data),
            text=" ".join((self.text.data or "").split()),
            references=self.references.lines,
            review_by=day_from(self.review_by.data),
        )


class ReviewForm(Form):
    """That somebody held a claim against its sources."""

    reviewer = StringField(
        "Reviewer",
        [
            DataRequired("Enter who reviewed it."),
            Length(max=120, message="Enter at most 120 characters."),
        ],
        description="Name and profession, as readers are to see it.",
    )
    reviewed_on = StringField("Reviewed on", render_kw=DAY)
    next_review = StringField("Review again by", render_kw=DAY)
    today = date.max  # set for each form

    def validate_reviewed_on(self, field: Field) -> None:
        """Refuse what is no day, and one that has not come."""
        if checked(day_from, field.data) > self.today:
            message = "Enter today or an earlier day."
            raise ValidationError(message)

    def validate_next_review(self, field: Field) -> None:
        """Refuse what is no day, and one that does not come after the review."""
        following = checked(day_from, field.data)
        try:
            reviewed = day_from(self.reviewed_on.data)
        except ValueError:  # it has its own message
            return
        if following <= reviewed:
            message = "Enter a day after the review."
            raise ValidationError(message)


def claim_form(
    texts: dict[str, str], claim: Claim | None, today: date, sent: MultiDict[str, str] | None = None
) -> ClaimForm:
    """Return the form with what was sent, else with a claim as it is, else empty."""
    empty = {"review_by": (today + A_YEAR).isoformat()}
    words = words_of(claim) if claim else empty
    form = ClaimForm(sent, data={**words, "seen": seen_of(words)})
    form.text_of.choices = texts
    return form


def review_form(today: date, sent: MultiDict[str, str] | None = None) -> ReviewForm:
    """Return the form of a review, of today where nothing was sent."""
    data = {"reviewed_on": today.isoformat(), "next_review": (today + A_YEAR).isoformat()}
    form = ReviewForm(sent, data=data)
    form.today = today
    return form


def words_of(claim: Claim) -> dict[str, str]:
    """Return a claim's fields as one types them."""
    return {
        "text_of": f"article-{claim.article_id}" if claim.article_id else f"page-{claim.page_id}",
        "text": claim.text,
        "references": "\n".join(it.key for it in claim.references),
        "review_by": claim.review_by.isoformat(),
    }


def day_from(typed: str | None) -> date:
    """Return a day, or raise ValueError with a message for people."""
    message = "Enter a day such as 2027-05-01."
    if not _DAY.fullmatch(typed or ""):
        raise ValueError(message)
    try:
        return date.fromisoformat(typed or "")
    except ValueError:
        raise ValueError(message) from None
