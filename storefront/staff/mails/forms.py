"""What the list of mails is narrowed by."""

from wtforms import SelectField, StringField
from wtforms.validators import Length

from storefront.forms import Form

LONG = Length(max=254, message="Enter at most 254 characters.")


class FilterForm(Form):
    """Which mails a list shows; all of it may be left empty."""

    kind = SelectField("Kind", validate_choice=False)
    to = StringField("To", [LONG], description="A whole email address.")
    order = StringField("Order", [LONG], description="A whole number, such as QL-1A2B3C4D.")
