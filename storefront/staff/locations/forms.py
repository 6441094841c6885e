"""What one types of a location."""

from wtforms import BooleanField, HiddenField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length

from storefront.forms import Form
from storefront.staff.locations.service import LocationDraft
from storefront.staff.typed import LongTextField, checked, count_from


class LocationForm(Form):
    """A place where stock lies. seen: a digest of it as the page showed it."""

    title = StringField(
        "Title",
        [DataRequired("Enter a title."), Length(max=120, message="Enter at most 120 characters.")],
        description="Such as Main, or Shop in Denver.",
    )
    address = LongTextField(
        "Address",
        [Length(max=1000, message="Enter at most 1,000 characters.")],
        description="Optional; for you and for suppliers.",
        render_kw={"rows": 4},
    )
    position = StringField(
        "Order",
        description="Orders are served from the lowest number that has the units.",
        default="0",
        render_kw={"inputmode": "numeric", "autocomplete": "off", "maxlength": "7"},
    )
    is_active = BooleanField("In use", default=True)
    seen = HiddenField()

    def validate_position(self, field: Field) -> None:
        """Refuse what is no number."""
        checked(count_from, field.data)

    def draft(self) -> LocationDraft:
        """Return what was typed."""
        return LocationDraft(
            title=str(self.title.data),
            address=self.address.data or "",
            position=count_from(self.position.data),
            is_active=bool(self.is_active.data),
        )
