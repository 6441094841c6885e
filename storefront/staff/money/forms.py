"""What one types to resolve a difference."""

from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from storefront.forms import Form


class ResolutionForm(Form):
    """Why a discrepancy is resolved. discrepancy: which one."""

    discrepancy = HiddenField()
    reason = StringField(
        "Reason",
        [
            DataRequired("Give a reason of 3 to 300 characters."),
            Length(3, 300, "Give a reason of 3 to 300 characters."),
        ],
        description="What you found, and what you did about it.",
    )
