"""What the cart page lets one type."""

from wtforms import EmailField, HiddenField
from wtforms.validators import Length, Optional

from storefront.forms import Form, email_address


class CheckoutForm(Form):
    """The step to payment. seen: the fingerprint of the cart as the page showed it."""

    email = EmailField(
        "Email",
        [Optional(), Length(max=254, message="Enter at most 254 characters."), email_address],
        render_kw={"autocomplete": "email"},
    )
    seen = HiddenField("seen")
