"""What one types of a source, an author, a word, a muscle, a region or a routine."""

import re
from typing import Any

from wtforms import HiddenField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Optional, Regexp, ValidationError

from storefront.forms import Form, local_path
from storefront.staff.articles.forms import is_address
from storefront.staff.editing.forms import FEW, NAME, at_most, check_handle
from storefront.staff.typed import LinesField, LongTextField

MARKDOWN = "Markdown. [^key] cites a reference."
LONG: Any = {"rows": 10}
_PART = re.compile(r"([a-z0-9-]{1,120})((?: [0-9]{1,3})*)")


class EntryForm(Form):
    """An entry. name: what it is known by, chosen once; seen: a digest of how it was saved."""

    name = StringField("Handle", [check_handle], description="Stays as it is.", render_kw=NAME)
    seen = HiddenField()


class ReferenceForm(EntryForm):
    """A source."""

    name = StringField(
        "Key", [check_handle], description="Texts cite it by this: [^key]. Stays.", render_kw=NAME
    )
    citation = LongTextField(
        "Citation", [DataRequired("Enter the citation."), at_most(2000)], render_kw=FEW
    )
    url = StringField("Page", [at_most(500)], render_kw={"inputmode": "url"})
    doi = StringField(
        "DOI",
        [Optional(), at_most(120), Regexp(r"10\.[0-9]{4,9}/\S+", message="Enter only 10.…/…")],
    )
    isbn = StringField(
        "ISBN", [Optional(), Regexp(r"[0-9][0-9-]{8,18}[0-9Xx]", message="Enter digits, hyphens.")]
    )

    def validate_url(self, field: Field) -> None:
        """Refuse what is no address of a page."""
        if field.data and not is_address(field.data):
            message = "Enter a full address such as https://example.com/a-text."
            raise ValidationError(message)


class AuthorForm(EntryForm):
    """Who writes."""

    person = StringField("Name", [DataRequired("Enter a name."), at_most(120)])
    credentials = StringField("What she has learned", [at_most(200)])
    about = LongTextField("About", [at_most(20_000)], description=MARKDOWN, render_kw=LONG)


class TermForm(EntryForm):
    """A word of the glossary."""

    term = StringField("Word", [DataRequired("Enter the word."), at_most(120)])
    also = LinesField("Other names", [at_most(2000)], description="One a line.", render_kw=FEW)
    definition = LongTextField(
        "What it means",
        [DataRequired("Say what it means."), at_most(20_000)],
        description=MARKDOWN,
        render_kw=LONG,
    )
    see = StringField(
        "Read on at", [at_most(300)], description="An address in the shop, such as /pages/safety."
    )

    def validate_see(self, field: Field) -> None:
        """Refuse what is no address in the shop."""
        if field.data and local_path(field.data) is None:
            message = "Enter an address in the shop, such as /pages/safety."
            raise ValidationError(message)


class MuscleForm(EntryForm):
    """A muscle's words."""

    muscle = StringField("Name", [DataRequired("Enter a name."), at_most(120)])
    latin = StringField("Latin name", [at_most(120)])
    location = LongTextField("Where it lies", [at_most(5000)], render_kw=FEW)
    action = LongTextField("What it does", [at_most(5000)], render_kw=FEW)
    referred_pain = LongTextField("Where its pain is felt", [at_most(5000)], render_kw=FEW)


class RegionForm(EntryForm):
    """A region's words."""

    region = StringField("Name", [DataRequired("Enter a name."), at_most(120)])
    summary = LongTextField("Summary", [at_most(500)], render_kw=FEW)
    body = LongTextField("Text", [at_most(50_000)], description=MARKDOWN, render_kw=LONG)


class RoutineForm(EntryForm):
    """A routine, and what it plays."""

    title = StringField("Title", [DataRequired("Enter a title."), at_most(200)])
    summary = LongTextField("Summary", [at_most(500)], render_kw=FEW)
    body = LongTextField("Text", [at_most(50_000)], description=MARKDOWN, render_kw=LONG)
    parts = LinesField(
        "What it plays",
        [DataRequired("Enter at least one tutorial."), at_most(5000)],
        description="A tutorial's handle a line, then the numbers of the steps that it takes:"
        " ql-release 1 2 4. Without numbers it takes them all.",
        render_kw={**NAME, "rows": 5},
    )

    def validate_parts(self, field: Field) -> None:
        """Refuse lines that are no part."""
        del field
        wrong = [line for line in self.parts.lines if not _PART.fullmatch(line)]
        if wrong:
            message = f"Enter a handle and numbers, not {wrong[0][:80]}."
            raise ValidationError(message)

    def chosen(self) -> list[tuple[str, list[int]]]:
        """Return each tutorial's handle with the positions of its steps, none for all."""
        found = [line.split() for line in self.parts.lines]
        return [(handle, [int(each) for each in steps]) for handle, *steps in found]
