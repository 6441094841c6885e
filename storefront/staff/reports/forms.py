"""The period that a report is of: by a name, or from one day to another."""

from datetime import datetime
from zoneinfo import ZoneInfo

from wtforms import DateField
from wtforms.validators import InputRequired, ValidationError

from storefront.forms import Form
from storefront.staff.leads.forms import FIRST_YEAR, LAST_YEAR, WRONG, DayField
from storefront.staff.reports.periods import MOST_DAYS, Days, chosen

NAMES = {
    "today": "Today",
    "7": "7 days",
    "28": "28 days",
    "90": "90 days",
    "year": "This year",
}
DEFAULT = "28"


class PeriodForm(Form):
    """From which day to which, both included, in the shop's zone."""

    since = DayField("From", [InputRequired(WRONG)])
    until = DayField("To", [InputRequired(WRONG)])

    def validate_since(self, field: DateField) -> None:
        """Refuse a year that nothing was sold in."""
        _check_year(field)

    def validate_until(self, field: DateField) -> None:
        """Refuse an end before the beginning, and more than a year."""
        _check_year(field)
        if not (self.since.data and field.data):
            return
        if field.data < self.since.data:
            message = "Enter a day that is not before the first."
            raise ValidationError(message)
        if len(Days(self.since.data, field.data)) > MOST_DAYS:
            message = f"Choose at most {MOST_DAYS} days."
            raise ValidationError(message)

    @property
    def days(self) -> Days:
        """The days of a form that is valid."""
        first, last = self.since.data, self.until.data
        if first is None or last is None:
            message = "days are asked of a form that is not valid"
            raise ValueError(message)
        return Days(first, last)


def named(name: str, zone: str) -> Days | None:
    """Return the days of a name, as of now in a zone; None of a strange name."""
    return chosen(name, datetime.now(ZoneInfo(zone)).date())


def _check_year(field: DateField) -> None:
    if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(WRONG)
