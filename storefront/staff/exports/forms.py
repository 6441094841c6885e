"""What one asks for."""

from wtforms import DateField, SelectField
from wtforms.fields import Field
from wtforms.validators import Optional, ValidationError

from storefront.forms import Form
from storefront.staff.exports.table import Period


class ExportForm(Form):
    """A list and, where it has one, a period."""

    table = SelectField("List", choices=[])
    first = DateField("From", [Optional()], description="Optional; in UTC, for lists with a date.")
    last = DateField("To", [Optional()], description="Optional; this day included.")

    def validate_last(self, field: Field) -> None:
        """Refuse a period that ends before it begins."""
        if field.data and self.first.data and field.data < self.first.data:
            message = "This is before the first day."
            raise ValidationError(message)

    @property
    def period(self) -> Period:
        """The period that was asked for."""
        return Period(self.first.data, self.last.data)
