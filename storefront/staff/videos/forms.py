"""What one types to add a film, or to edit one."""

import re
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from models import Video
from storefront.forms import Form, quantity_from
from storefront.learn import vtt
from storefront.learn.videos import link_from
from storefront.staff import pictures
from storefront.staff.seen import seen_of
from storefront.staff.typed import LongTextField, checked
from storefront.staff.videos.service import Draft

LONGEST_TRANSCRIPT = 60_000
_LENGTH = re.compile(r"(?:([0-9]{1,2}):)?([0-5]?[0-9]):([0-5][0-9])")
VTT: Any = {"rows": 8, "spellcheck": "false"}


class VideoForm(Form):
    """A film. seen: a digest of how it was saved as the page was shown."""

    title = StringField(
        "Title",
        [DataRequired("Enter a title."), Length(max=200, message="Enter at most 200 characters.")],
    )
    link = StringField(
        "Link",
        description="The film's page at YouTube or Vimeo. Empty where it is a file.",
        render_kw={"inputmode": "url", "autocomplete": "off"},
    )
    file_key = SelectField("File")
    poster_key = SelectField("Poster")
    length = StringField(
        "Length",
        [DataRequired("Enter how long it is.")],
        description="Minutes and seconds, such as 1:05.",
        render_kw={"autocomplete": "off"},
    )
    position = StringField(
        "Place",
        description="0 stands first, where a text has several films.",
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    captions = LongTextField(
        "Captions", description="WebVTT: what is said, or is to be read.", render_kw=VTT
    )
    chapters = LongTextField("Chapters", description="WebVTT: each part's title.", render_kw=VTT)
    transcript = LongTextField(
        "Transcript",
        [Length(max=LONGEST_TRANSCRIPT, message=f"Enter at most {LONGEST_TRANSCRIPT} characters.")],
        description="Markdown: what is said and shown, for those who do not see or hear it.",
        render_kw={"rows": 10},
    )
    seen = HiddenField()

    def validate_link(self, field: Field) -> None:
        """Refuse an address of no known host, and a film that is both, or neither."""
        if field.data:
            checked(link_from, field.data)
        if bool(field.data) == bool(self.file_key.data):
            message = "Enter a link, or choose a file: one of the two."
            raise ValidationError(message)

    def validate_length(self, field: Field) -> None:
        """Refuse what is no length."""
        checked(length_from, field.data)

    def validate_position(self, field: Field) -> None:
        """Refuse what is no place."""
        checked(_place_from, field.data)

    def validate_captions(self, field: Field) -> None:
        """Refuse what is no WebVTT."""
        if field.data:
            checked(vtt.parse, field.data)

    validate_chapters = validate_captions

    def draft(self) -> Draft:
        """Return what was typed; a link in its one form."""
        return Draft(
            title=str(self.title.data),
            link=link_from(self.link.data).page if self.link.data else "",
            file_key=self.file_key.data or "",
            poster_key=self.poster_key.data or "",
            duration_s=length_from(self.length.data),
            position=_place_from(self.position.data),
            captions=self.captions.data or "",
            chapters=self.chapters.data or "",
            transcript=self.transcript.data or "",
        )


def form_of(video: Video | None, sent: MultiDict[str, str] | None = None) -> VideoForm:
    """Return the form with what was sent, else with a film as it is, else empty."""
    words = words_of(video) if video else {"position": "0"}
    form = VideoForm(sent, data={**words, "seen": seen_of(words)})
    form.file_key.choices = pictures.films(video.file_key if video else None)
    form.poster_key.choices = pictures.posters(video.poster_key if video else None)
    return form


def words_of(video: Video) -> dict[str, str]:
    """Return a film's fields as one types them."""
    return {
        "title": video.title,
        "link": video.link or "",
        "file_key": video.file_key or "",
        "poster_key": video.poster_key or "",
        "length": vtt.clock(video.duration_s),
        "position": str(video.position),
        "captions": video.captions_vtt,
        "chapters": video.chapters_vtt,
        "transcript": video.transcript_markdown,
    }


def length_from(typed: str | None) -> int:
    """Return a length in seconds, 1 to a day, or raise ValueError with a message for people."""
    found = _LENGTH.fullmatch((typed or "").strip())
    seconds = (
        sum(int(part or 0) * by for part, by in zip(found.groups(), (3600, 60, 1), strict=True))
        if found
        else 0
    )
    if not seconds:
        message = "Enter minutes and seconds, such as 1:05."
        raise ValueError(message)
    return seconds


def _place_from(typed: str | None) -> int:
    return quantity_from(typed or "0", smallest=0)
