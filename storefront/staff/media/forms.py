"""What one types of a picture, and reading the files that are sent with a form."""

from collections.abc import Sequence

from werkzeug.datastructures import FileStorage
from wtforms import HiddenField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length

from models import Picture
from storefront.forms import Form, quantity_from
from storefront.media.reading import MOST_BYTES, RefusedError, read
from storefront.staff.media.service import Arrival, plain_name, words_of
from storefront.staff.seen import seen_of
from storefront.staff.typed import checked

MOST_FILES = 20
ALT = [
    DataRequired("Say in words what is on the picture, for who cannot see it."),
    Length(max=300, message="Enter at most 300 characters."),
]
ALT_HINT = "What is on it, in one sentence. Screen readers and search engines read it."
_PERCENT = {"inputmode": "numeric", "autocomplete": "off", "size": "4"}


class UploadForm(Form):
    """Pictures to bring in, and what is on them."""

    alt = StringField("Alternative text", ALT, description=ALT_HINT)


class PictureForm(Form):
    """What is said of a picture. seen: a digest of it as the page was shown."""

    alt = StringField("Alternative text", ALT, description=ALT_HINT)
    focal_x = StringField("Center, percent from the left", render_kw=_PERCENT)
    focal_y = StringField("Center, percent from the top", render_kw=_PERCENT)
    seen = HiddenField()

    def validate_focal_x(self, field: Field) -> None:
        """Refuse what is no percentage."""
        checked(percent, field.data)

    validate_focal_y = validate_focal_x

    @property
    def focus(self) -> tuple[int, int]:
        """Where crops are centred."""
        return percent(self.focal_x.data), percent(self.focal_y.data)


def shown(picture: Picture) -> PictureForm:
    """Return the form filled with a picture as it is."""
    return PictureForm(
        data={
            "alt": picture.alt,
            "focal_x": str(picture.focal_x),
            "focal_y": str(picture.focal_y),
            "seen": seen_of(words_of(picture)),
        }
    )


def percent(text: str | None) -> int:
    """Return a whole percentage, or raise ValueError with a message for people."""
    return quantity_from(text, smallest=0, largest=100)


def arrivals_from(files: Sequence[FileStorage]) -> tuple[list[Arrival], list[str]]:
    """Return the pictures that were sent, and why the others are none, for people.

    Reads and decodes: not inside a transaction.
    """
    sent = [file for file in files if file.filename]
    if not sent:
        return [], ["Choose a picture."]
    if len(sent) > MOST_FILES:
        return [], [f"Send at most {MOST_FILES} pictures at once."]
    found, refused = [], []
    for file in sent:
        name, content = plain_name(file.filename or ""), file.stream.read(MOST_BYTES + 1)
        try:
            found.append(Arrival(name, content, read(content, name, file.mimetype or "")))
        except RefusedError as wrong:
            refused.append(f"{name or 'A file'}: {wrong}")
    return found, refused
