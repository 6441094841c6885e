"""What one types to be mailed of something once."""

from wtforms import BooleanField, EmailField, StringField
from wtforms.validators import InputRequired

from storefront.forms import Form, email_address


class AskForm(Form):
    """Ask to be told when a variant is back. website: for robots; no person sees it."""

    email = EmailField(
        "Email",
        [InputRequired("Enter your e-mail address."), email_address],
        render_kw={"autocomplete": "email"},
    )
    website = StringField("Leave this empty")


class RemindForm(AskForm):
    """Ask to be reminded of a cart."""

    wants = BooleanField(
        "Yes, remind me of this cart by mail, twice at most",
        [InputRequired("Tick this first: without your yes we send nothing.")],
    )
