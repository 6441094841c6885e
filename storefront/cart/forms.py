"""What the cart page lets one type."""

import re

from wtforms import EmailField, HiddenField, StringField
from wtforms.fields import Field
from wtforms.validators import Length, Optional, ValidationError

from storefront.forms import Form, email_address

CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,39}")


class CheckoutForm(Form):
    """The step to payment. seen: the fingerprint of the cart as the page showed it."""

    email = EmailField(
        "Email",
        [Optional(), Length(max=254, message="Enter at most 254 characters."), email_address],
        render_kw={"autocomplete": "email"},
    )
    seen = HiddenField("seen")


class DiscountForm(Form):
    """A code that takes something off; an empty field takes it away again."""

    code = StringField(
        "Discount code",
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": "60"},
    )

    def validate_code(self, field: Field) -> None:
        """Refuse what no code looks like."""
        del field
        if self.typed and not CODE.fullmatch(self.typed):
            message = "A code has letters, digits and hyphens, at most 40."
            raise ValidationError(message)

    @property
    def typed(self) -> str:
        """The code in capitals, as it is kept."""
        return (self.code.data or "").upper()
