"""What staff type to word a letter."""

from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from storefront.forms import Form
from storefront.mail.kinds import Kind
from storefront.mail.wording import Wording, mistakes
from storefront.staff.typed import LongTextField


class WordingForm(Form):
    """A letter in the words of staff."""

    seen = HiddenField()
    subject = StringField(
        "Subject",
        [
            DataRequired("Write a subject."),
            Length(max=200, message="Write at most 200 characters."),
        ],
        description="Placeholders of words may stand in it.",
    )
    body = LongTextField(
        "Text",
        [
            DataRequired("Write the mail."),
            Length(max=20_000, message="Write at most 20000 characters."),
        ],
        description="Markdown, with the placeholders that are listed below.",
        render_kw={"rows": "16"},
    )

    def wording(self) -> Wording:
        """Return what was typed."""
        return Wording(str(self.subject.data or ""), str(self.body.data or ""))

    def suits(self, kind: Kind) -> bool:
        """Say whether what was typed can be sent as this letter; mark what is wrong."""
        if not self.validate():
            return False
        found = mistakes(kind, self.wording())
        for name, text in found.items():
            self[name].errors = [text]
        return not found
