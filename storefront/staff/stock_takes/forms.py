"""What one types and scans in a stock take."""

from collections.abc import Sequence

from wtforms import HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length

from models import Location
from storefront.forms import Form
from storefront.staff.typed import checked, count_from

_PLAIN = {"autocomplete": "off"}


class TakeForm(Form):
    """A new stock take."""

    title = StringField(
        "Title",
        [DataRequired("Enter a title."), Length(max=120, message="Enter at most 120 characters.")],
        description="Such as Year's end, shelf A.",
        render_kw=_PLAIN,
    )
    location = SelectField("Location")

    def offer(self, locations: Sequence[Location]) -> "TakeForm":
        """Let one choose among these locations."""
        self.location.choices = [(str(it.id), it.title) for it in locations]
        if self.location.data in {None, "None"}:
            self.location.data = self.location.choices[0][0]
        return self


class CountForm(Form):
    """One scan, which adds one; or a quantity that takes the place of what was counted."""

    code = StringField(
        "SKU or barcode",
        [
            DataRequired("Scan or type a SKU or a barcode."),
            Length(max=64, message="Enter at most 64 characters."),
        ],
        render_kw=_PLAIN | {"autofocus": True, "autocapitalize": "off", "spellcheck": "false"},
    )
    key = HiddenField(validators=[Length(max=64)])
    quantity = StringField(
        "Quantity",
        description="Empty: one more. Typed: that many in all.",
        render_kw=_PLAIN | {"inputmode": "numeric", "maxlength": "7"},
    )

    def validate_quantity(self, field: Field) -> None:
        """Refuse what is no number of units."""
        if field.data:
            checked(count_from, field.data)

    @property
    def adds(self) -> bool:
        """Whether it adds one to what was counted."""
        return not self.quantity.data

    @property
    def units(self) -> int:
        """How many."""
        return 1 if self.adds else count_from(self.quantity.data)


class BookForm(Form):
    """Why the differences are booked."""

    reason = StringField(
        "Reason",
        [Length(min=3, max=300, message="Give a reason of 3 to 300 characters.")],
        description="For the ledger.",
        default="Stock take",
        render_kw=_PLAIN,
    )
