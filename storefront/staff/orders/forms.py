"""What one types to ship an order, and to say that it was looked at."""

from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from models import Fulfilment
from storefront.forms import Form


class FulfilmentForm(Form):
    """A parcel that leaves."""

    carrier = StringField(
        "Carrier",
        [Length(max=80, message="Enter at most 80 characters.")],
        description="Optional, such as UPS.",
    )
    tracking_number = StringField(
        "Tracking number",
        [
            DataRequired("Enter the tracking number."),
            Length(max=80, message="Enter at most 80 characters."),
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def fulfilment(self, actor: str) -> Fulfilment:
        """Return the parcel that was typed."""
        return Fulfilment(
            carrier=self.carrier.data or "",
            tracking_number=self.tracking_number.data or "",
            actor=actor,
        )


class AttentionForm(Form):
    """Somebody looked at an order. seen: what the page said was the matter with it."""

    note = StringField(
        "Note",
        [
            DataRequired("Write what you found."),
            Length(3, 500, "Write 3 to 500 characters."),
        ],
        description="What you found, and what you did about it.",
    )
    seen = HiddenField()
