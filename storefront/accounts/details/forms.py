"""What one types to change one's e-mail address."""

from wtforms.fields import Field
from wtforms.validators import ValidationError

from storefront.accounts.forms import email_field
from storefront.forms import Form


class AddressForm(Form):
    """A new e-mail address. present: the one that she has."""

    present = ""
    email = email_field("email", "New e-mail address")

    def validate_email(self, field: Field) -> None:
        """Refuse the one that she has."""
        if field.data == self.present:
            message = "This is your address already."
            raise ValidationError(message)
