"""What one types to issue, disable or send a gift card."""

from datetime import date, datetime

from wtforms import EmailField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from models import Money, now
from models.gift_card import LONGEST_MESSAGE
from storefront.forms import Form, email_address
from storefront.gift_cards.service import FURTHEST, Gift, mailed_on
from storefront.staff.typed import LongTextField, checked, price_from

REASON = "Give a reason of 3 to 300 characters."
EMAIL = [
    DataRequired("Enter the address that the code is mailed to."),
    Length(max=254, message="Enter at most 254 characters."),
    email_address,
]
WHY = [DataRequired(REASON), Length(3, 300, REASON)]


class IssueForm(Form):
    """A card that nobody bought. today: in the shop's zone, as the day that is typed."""

    amount = StringField("Amount", render_kw={"inputmode": "decimal", "autocomplete": "off"})
    currency = SelectField("Currency")
    recipient_name = StringField(
        "Name of the recipient", [Length(max=120, message="Enter at most 120 characters.")]
    )
    recipient_email = EmailField("Email of the recipient", EMAIL)
    message = LongTextField(
        "Message",
        [Length(max=LONGEST_MESSAGE, message="Enter at most 300 characters.")],
        render_kw={"rows": 3},
    )
    send_on = StringField("Mail it on", render_kw={"type": "date"})
    reason = StringField(
        "Reason", WHY, description="For the ledger. The recipient does not see it."
    )
    today, zone = date(1970, 1, 1), "UTC"  # set for each form

    def validate_amount(self, field: Field) -> None:
        """Refuse what is no amount of the currency, or nothing."""
        found: Money = checked(price_from, field.data, self.currency.data or "")
        if not found.minor:
            message = "Enter an amount above 0."
            raise ValidationError(message)

    def validate_send_on(self, field: Field) -> None:
        """Refuse what is no day, is past, or is more than a year ahead."""
        if field.data and not self.today <= _day(field.data) <= self.today + FURTHEST:
            message = "Enter a day from today on, at most a year ahead."
            raise ValidationError(message)

    @property
    def money(self) -> Money:
        """The amount; after ``validate``."""
        return price_from(self.amount.data, self.currency.data or "")

    @property
    def gift(self) -> Gift:
        """Whom it is for; after ``validate``."""
        return Gift(
            recipient_name=self.recipient_name.data or "",
            recipient_email=str(self.recipient_email.data),
            sender_name="",
            message=self.message.data or "",
            send_at=self._moment(),
        )

    def _moment(self) -> datetime:
        if not self.send_on.data:
            return now()
        return max(now(), mailed_on(_day(self.send_on.data), self.zone))


class ReasonForm(Form):
    """Why a card is disabled, or can be used again."""

    reason = StringField("Reason", WHY, description="For the ledger.")


class SendForm(Form):
    """Where a new code is mailed."""

    email = EmailField("Email", EMAIL)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        message = "Enter a day, such as 2026-12-24."
        raise ValidationError(message) from None
