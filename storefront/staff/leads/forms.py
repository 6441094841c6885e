"""The period that staff look at."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wtforms import DateField
from wtforms.validators import InputRequired, ValidationError

from storefront.forms import Form
from storefront.staff.leads.queries import Period

DAYS = 30
WRONG = "Enter a day, such as 2026-12-24."
FIRST_YEAR, LAST_YEAR = 2000, 2100


class DayField(DateField):
    """A day; one that is none is refused in the shop's words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed."""
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(WRONG) from None


class PeriodForm(Form):
    """From which day to which, both included, in the shop's zone."""

    since = DayField("From", [InputRequired(WRONG)])
    until = DayField("To", [InputRequired(WRONG)])

    def validate_since(self, field: DateField) -> None:
        """Refuse a year that no order was paid in."""
        _in_range(field)

    def validate_until(self, field: DateField) -> None:
        """Refuse an end before the beginning."""
        _in_range(field)
        if self.since.data and field.data and field.data < self.since.data:
            message = "Enter a day that is not before the first."
            raise ValidationError(message)

    def period(self, zone: str) -> Period:
        """Return the moments between which something falls into it."""
        since, until = self.since.data, self.until.data
        if since is None or until is None:
            message = "a period is asked of a form that is not valid"
            raise ValueError(message)
        return Period(_begin(since, zone), _begin(until + timedelta(days=1), zone))


def last_days(zone: str) -> dict[str, str]:
    """Return the days of the last 30, today included, as they would be typed."""
    today = datetime.now(ZoneInfo(zone)).date()
    since = today - timedelta(days=DAYS - 1)
    return {"since": since.isoformat(), "until": today.isoformat()}


def _in_range(field: DateField) -> None:
    if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(WRONG)


def _begin(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)
