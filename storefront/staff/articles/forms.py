"""What one types to edit an article."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict
from wtforms import SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from models import Article, Author
from storefront.staff import pictures
from storefront.staff.articles.service import Draft, draft_of
from storefront.staff.editing.forms import FEW, NAME, NewForm, TextForm, frame_of
from storefront.staff.typed import LinesField, LongTextField

LONGEST_TEXT = 200_000
MOST_TAGS = 20
LONGEST_TAG = 60
LISTS = ("tags", "tutorials", "products", "muscles", "references")
TAG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
NAMES: Any = {**NAME, "rows": 3}


class NewArticleForm(NewForm):
    """An article that does not exist yet."""

    blog = SelectField("Blog")


class ArticleForm(TextForm):
    """An article."""

    body = LongTextField(
        "Text",
        [
            DataRequired("Write something."),
            Length(max=LONGEST_TEXT, message=f"Enter at most {LONGEST_TEXT} characters."),
        ],
        description="Markdown. [^key] cites a reference, ![what it shows](figure:key) is a figure,"
        " ::: caution … ::: a warning, ## a section. All of it: docs/guides/write.md.",
        render_kw={"rows": 30},
    )
    author = SelectField("Author")
    canonical_url = StringField(
        "First published at",
        [Length(max=500, message="Enter at most 500 characters.")],
        description="Only where the same text stands elsewhere: its full address there.",
        render_kw={"inputmode": "url", "autocomplete": "off"},
    )
    tags = LinesField("Tags", description="One a line, such as referred-pain.", render_kw=NAMES)
    figure = SelectField("Figure")
    figure_alt = LongTextField(
        "What the figure shows",
        [Length(max=500, message="Enter at most 500 characters.")],
        description="For those who do not see it.",
        render_kw=FEW,
    )
    figure_caption = StringField(
        "Caption", [Length(max=500, message="Enter at most 500 characters.")]
    )
    tutorials = LinesField("Tutorials", description="Handles, one a line.", render_kw=NAMES)
    products = LinesField("Products", description="Handles, one a line.", render_kw=NAMES)
    muscles = LinesField("Muscles", description="Handles, one a line.", render_kw=NAMES)
    references = LinesField(
        "Further references",
        description="Keys, one a line. Those that the text cites come by themselves.",
        render_kw=NAMES,
    )

    def validate_canonical_url(self, field: Field) -> None:
        """Refuse what is no address of a page elsewhere."""
        if field.data and not is_address(field.data):
            message = "Enter a full address such as https://example.com/a-text."
            raise ValidationError(message)

    def validate_tags(self, field: Field) -> None:
        """Refuse what cannot stand in an address."""
        wrong = [tag for tag in self.tags.lines if not TAG.fullmatch(tag) or len(tag) > LONGEST_TAG]
        if wrong:
            message = "A tag has small letters, digits and hyphens: " + ", ".join(wrong)[:200]
            raise ValidationError(message)
        if len(self.tags.lines) > MOST_TAGS:
            message = f"Enter at most {MOST_TAGS} tags."
            raise ValidationError(message)
        del field

    def validate_figure_alt(self, field: Field) -> None:
        """Refuse a figure without words for those who do not see it."""
        if self.figure.data and not field.data:
            message = "Say what the figure shows."
            raise ValidationError(message)

    def draft(self) -> Draft:
        """Return what was typed."""
        return Draft(
            title=str(self.title.data),
            summary=" ".join((self.summary.data or "").split()),
            body=self.body.data or "",
            author=self.author.data or "",
            canonical_url=self.canonical_url.data or "",
            figure=self.figure.data or "",
            figure_alt=" ".join((self.figure_alt.data or "").split()),
            figure_caption=self.figure_caption.data or "",
            seo_title=self.seo_title.data or "",
            seo_description=" ".join((self.seo_description.data or "").split()),
            **{name: _lines(self[name]) for name in LISTS},
        )


def _lines(field: Field) -> list[str]:
    return field.lines if isinstance(field, LinesField) else []


def form_of(
    article: Article, authors: Sequence[Author], zone: str, sent: MultiDict[str, str] | None = None
) -> ArticleForm:
    """Return the form with what was sent, else filled with an article as it is."""
    form = ArticleForm(
        sent,
        data={
            **words_of(draft_of(article)),
            **frame_of(article, zone),
        },
    )
    form.author.choices = {"": "Nobody"} | {it.handle: it.name for it in authors}
    form.figure.choices = pictures.figures(article.figure)
    form.zone = zone
    return form


def words_of(draft: Draft) -> dict[str, str]:
    """Return a draft's fields as one types them, by their names."""
    return {
        name: "\n".join(value) if name in LISTS else value
        for name in draft.__slots__
        for value in [getattr(draft, name)]
    }


def is_address(typed: str) -> bool:
    """Say whether this is the full address of a page on the web."""
    try:
        parts = urlsplit(typed)
    except ValueError:
        return False
    has_space = any(sign.isspace() for sign in typed)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not has_space
