"""What one types to correct stock."""

from wtforms import HiddenField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from storefront.forms import Form, id_from
from storefront.staff.inventory.service import Adjustment
from storefront.staff.typed import change_from

REASON = Length(3, 300, "Give a reason of 3 to 300 characters.")


class MovementForm(Form):
    """A change of what is on hand. seen: the newest movement that the page showed."""

    quantity = StringField(
        "Quantity",
        [DataRequired("Enter how many units more, or less.")],
        description="How many units to add. A negative number, such as -2, takes away.",
        render_kw={"autocomplete": "off", "maxlength": "8"},
    )
    reason = StringField(
        "Reason",
        [DataRequired("Give a reason of 3 to 300 characters."), REASON],
        description="Why, for the ledger.",
    )
    seen = HiddenField()

    def validate_quantity(self, field: Field) -> None:
        """Refuse what is no change in whole units."""
        try:
            change_from(field.data)
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from None

    def adjustment(self, actor: str) -> Adjustment:
        """Return the change that was typed."""
        return Adjustment(
            change=change_from(self.quantity.data),
            reason=str(self.reason.data),
            actor=actor,
            seen=0 if self.seen.data == "0" else id_from(self.seen.data),
        )
