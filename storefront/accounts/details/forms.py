"""What one types to change one's email address."""

from wtforms import SelectField
from wtforms.fields import Field
from wtforms.validators import ValidationError

from models.language import LANGUAGES
from storefront.accounts.forms import email_field
from storefront.forms import Form
from storefront.languages import gettext, lazy_gettext


class AddressForm(Form):
    """A new email address. present: the one that she has."""

    present = ""
    email = email_field("email", lazy_gettext("New email address"))

    def validate_email(self, field: Field) -> None:
        """Refuse the one that she has."""
        if field.data == self.present:
            message = gettext("This is your address already. Enter another one.")
            raise ValidationError(message)


class LanguageForm(Form):
    """In which language one is written to; each is called as its own speakers call it."""

    language = SelectField(
        lazy_gettext("Language of your mails"), choices=dict(LANGUAGES), validate_choice=False
    )

    def validate_language(self, field: Field) -> None:
        """Refuse one that the shop does not speak."""
        if field.data not in LANGUAGES:
            message = gettext("Choose a language from the list.")
            raise ValidationError(message)
