"""What the cart page lets one type."""

import re
from datetime import date

from wtforms import EmailField, HiddenField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import Length, Optional, ValidationError

from models.gift_card import LONGEST_MESSAGE
from storefront.forms import Form, email_address
from storefront.gift_cards.service import FURTHEST
from storefront.languages import gettext, lazy_gettext

CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,39}")


class CheckoutForm(Form):
    """The step to payment. seen: the fingerprint of the cart as the page showed it."""

    email = EmailField(
        lazy_gettext("Email"),
        [
            Optional(),
            Length(max=254, message=lazy_gettext("Enter at most 254 characters.")),
            email_address,
        ],
        render_kw={"autocomplete": "email"},
    )
    seen = HiddenField("seen")


class GiftForm(Form):
    """Whom a gift card is for; all of it may be left empty. today: in the shop's zone."""

    recipient_name = StringField(
        lazy_gettext("Name of the recipient"),
        [Length(max=120, message=lazy_gettext("Enter at most 120 characters."))],
        render_kw={"autocomplete": "off", "maxlength": "120"},
    )
    recipient_email = EmailField(
        lazy_gettext("Email of the recipient"),
        [Length(max=254, message=lazy_gettext("Enter at most 254 characters."))],
        render_kw={"autocomplete": "off"},
    )
    gift_text = TextAreaField(
        lazy_gettext("Message"),
        [Length(max=LONGEST_MESSAGE, message=lazy_gettext("Enter at most 300 characters."))],
        render_kw={"rows": 3, "maxlength": "300"},
    )
    send_on = StringField(
        lazy_gettext("Mail it on"), render_kw={"type": "date", "autocomplete": "off"}
    )
    today = date(1970, 1, 1)  # set for each form

    def validate_recipient_email(self, field: Field) -> None:
        """Check the address, and ask for it where a name is given: somebody must get the code."""
        if field.data:
            email_address(self, field)
        elif self.recipient_name.data:
            message = gettext(
                "Enter the address that the code is mailed to, or leave the name empty too."
            )
            raise ValidationError(message)

    def validate_send_on(self, field: Field) -> None:
        """Refuse what is no day, is past, or is more than a year ahead."""
        if not field.data:
            return
        message = gettext("Enter a day from today on, at most a year ahead.")
        try:
            day = date.fromisoformat(field.data)
        except ValueError:
            raise ValidationError(message) from None
        if not self.today <= day <= self.today + FURTHEST:
            raise ValidationError(message)
        field.data = day.isoformat()

    @property
    def gift(self) -> dict[str, str]:
        """What was typed, as the cart keeps it; after ``validate``."""
        found = {
            "name": self.recipient_name.data,
            "email": self.recipient_email.data,
            "message": self.gift_text.data,
            "day": self.send_on.data,
        }
        return {name: str(text) for name, text in found.items() if text}


class CardForm(Form):
    """The code of a gift card that is to pay."""

    gift_code = StringField(
        lazy_gettext("Gift card code"),
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": "60"},
    )


class MessageForm(Form):
    """What is printed on the packing slip for who gets the parcel."""

    gift_message = TextAreaField(
        lazy_gettext("Gift message"),
        [Length(max=LONGEST_MESSAGE, message=lazy_gettext("Enter at most 300 characters."))],
        render_kw={"rows": 3, "maxlength": "300"},
    )


class DiscountForm(Form):
    """A code that takes something off; an empty field takes it away again."""

    code = StringField(
        lazy_gettext("Discount code"),
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": "60"},
    )

    def validate_code(self, field: Field) -> None:
        """Refuse what no code looks like."""
        del field
        if self.typed and not CODE.fullmatch(self.typed):
            message = gettext("A code has letters, digits and hyphens, at most 40.")
            raise ValidationError(message)

    @property
    def typed(self) -> str:
        """The code in capitals, as it is kept."""
        return (self.code.data or "").upper()
