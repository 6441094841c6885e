"""The form for what the texts of one thing say in another language."""

from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.validators import Length

from models.translation import digest_of
from storefront.forms import Form
from storefront.staff.seen import seen_of
from storefront.staff.translations.queries import Line, State
from storefront.staff.typed import LongTextField
from storefront.text import cited
from storefront.translations.sources import Source

MOST = 100_000
ROW = 70  # about how many characters stand in a row of the box
STILL = "It says what the text says now"


class TextsForm(Form):
    """What each text says, and whether what was said before an edit still holds."""

    seen = HiddenField()

    def box(self, source: Source) -> Any:
        """Return the field of a text."""
        return self[f"text-{_key(source)}"]

    def still(self, source: Source) -> Any:
        """Return the box to tick for a text that was changed."""
        return self[f"still-{_key(source)}"]

    def fields_right(self, lines: Sequence[Line]) -> bool:
        """Check every field; what was said before must be looked at, sources must be the same."""
        is_right = self.validate()
        for line in lines:
            box, wrong = self.box(line.source), ""
            if strange := set(cited(box.data or "")) - set(cited(line.source.text)):
                wrong = f"The text has no source {', '.join(sorted(strange))}."
            elif line.source.is_list and box.data and _count(box.data) != _count(line.source.text):
                wrong = f"Enter one line for each of the {_count(line.source.text)} above."
            if wrong:
                box.errors, is_right = [*box.errors, wrong], False
        return is_right

    def typed(self, lines: Sequence[Line]) -> dict[Source, str]:
        """Return what is to be kept of each text; of a changed one only what was looked at."""
        return {
            it.source: str(self.box(it.source).data or "")
            for it in lines
            if it.state is not State.CHANGED
            or self.still(it.source).data
            or self.box(it.source).data != it.text
        }


def texts_form(lines: Sequence[Line], sent: Mapping[str, Any] | None = None) -> TextsForm:
    """Return the form with what the texts say, or with what was sent."""
    fields: dict[str, Any] = {}
    for line in lines:
        source = line.source
        most = source.most or MOST
        limit = Length(max=most, message=f"Enter at most {most} characters.")
        key = _key(source)
        fields[f"text-{key}"] = LongTextField(source.name, [limit], default=line.text)
        fields[f"still-{key}"] = BooleanField(STILL)
    form: TextsForm = type("TextsOfOneThing", (TextsForm,), fields)(sent)
    if sent is None:
        form.seen.data = seen_by(lines)
    return form


def seen_by(lines: Sequence[Line]) -> str:
    """Return by what another state of these texts is known."""
    return seen_of({it.source.place: f"{it.source.text}\0{it.state}\0{it.text}" for it in lines})


def rows_of(source: Source) -> int:
    """Return how high the box of a text is."""
    return min(30, sum(1 + len(line) // ROW for line in source.text.split("\n")))


def _key(source: Source) -> str:
    return digest_of(source.text)[:16]


def _count(text: str) -> int:
    return len([line for line in text.split("\n") if line.strip()])
