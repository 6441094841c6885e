"""What one types about people: which ones to list, a note, a segment's name, a last question."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict
from wtforms import RadioField, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from models import Money
from storefront.forms import Form
from storefront.staff.customers.everybody import Wanted
from storefront.staff.typed import LongTextField, amount_from, checked, count_from

EITHER = {"": "Either", "yes": "Yes", "no": "No"}
CODE = 2  # letters of a country's code in ISO 3166


class WantedForm(Form):
    """Which people a list shows; all of it may be left empty."""

    account = RadioField("Has an account", choices=EITHER, default="")
    newsletter = RadioField("Gets the newsletter", choices=EITHER, default="")
    orders_from = StringField("Paid orders, from")
    orders_to = StringField("Paid orders, to")
    spent_from = StringField("Spent, from")
    spent_to = StringField("Spent, to")
    last_from = StringField("Last order, from", render_kw={"type": "date"})
    last_to = StringField("Last order, to", render_kw={"type": "date"})
    country = StringField("Ordered to", description="A country's two letters, such as US.")
    sku = StringField("Paid for SKU", [Length(max=64, message="Enter at most 64 characters.")])

    def __init__(self, args: MultiDict[str, str], currency: str, zone: str) -> None:
        """Take what stands in the address; amounts are of the currency, days of the zone."""
        super().__init__(args)
        self._currency, self._zone = currency, zone

    def validate_orders_from(self, field: StringField) -> None:
        """Take a number of orders."""
        self._check(field, count_from)

    validate_orders_to = validate_orders_from

    def validate_spent_from(self, field: StringField) -> None:
        """Take an amount; nothing spent is 0."""
        self._check(field, self._minor)

    validate_spent_to = validate_spent_from

    def validate_last_from(self, field: StringField) -> None:
        """Take a day."""
        self._check(field, _day_from)

    validate_last_to = validate_last_from

    def validate_country(self, field: StringField) -> None:
        """Take a country's code."""
        if field.data and not (len(field.data) == CODE and field.data.isascii()):
            message = "Enter two letters, such as US."
            raise ValidationError(message)

    def wanted(self, words: str) -> Wanted:
        """Return what was chosen; for a valid form."""
        day_after = _day_from(self.last_to.data) + timedelta(days=1) if self.last_to.data else None
        return Wanted(
            words=words,
            has_account=_said(self.account.data),
            is_subscribed=_said(self.newsletter.data),
            orders_from=count_from(self.orders_from.data) if self.orders_from.data else None,
            orders_to=count_from(self.orders_to.data) if self.orders_to.data else None,
            spent_from_minor=self._minor(self.spent_from.data) if self.spent_from.data else None,
            spent_to_minor=self._minor(self.spent_to.data) if self.spent_to.data else None,
            last_from=self._begin(_day_from(self.last_from.data)) if self.last_from.data else None,
            last_to=self._begin(day_after) if day_after else None,
            country=(self.country.data or "").upper(),
            sku=self.sku.data or "",
        )

    @property
    def rule(self) -> dict[str, str]:
        """What narrows the list, by its names in the address."""
        return {field.name: str(field.data) for field in self if field.data}

    def _check(self, field: StringField, parse: Callable[[str | None], object]) -> None:
        if field.data:
            checked(parse, field.data)

    def _minor(self, typed: str | None) -> int:
        if (typed or "").strip() in {"0", "0.00"}:
            return 0
        found: Money = amount_from(typed, self._currency)
        return found.minor

    def _begin(self, day: date) -> datetime:
        return datetime.combine(day, time.min, ZoneInfo(self._zone)).astimezone(UTC)


def _said(typed: str | None) -> bool | None:
    return {"yes": True, "no": False}.get(typed or "")


def _day_from(typed: str | None) -> date:
    """Return a day, or raise ValueError with a message for people."""
    message = "Enter a day such as 2026-11-26."
    try:
        found = date.fromisoformat((typed or "").strip())
    except ValueError:
        raise ValueError(message) from None
    if not 2000 <= found.year < 2200:  # noqa: PLR2004 (so that no sum of days overflows)
        raise ValueError(message)
    return found


class NoteForm(Form):
    """Something to remember of a person."""

    text = LongTextField(
        "Note",
        [
            DataRequired("Write the note."),
            Length(max=2000, message="Write at most 2000 characters."),
        ],
        description="She gets to read it if she asks what the shop knows of her.",
    )


class SegmentForm(Form):
    """A name for the list as it is."""

    title = StringField(
        "Name of the segment",
        [DataRequired("Enter a name."), Length(max=120, message="Enter at most 120 characters.")],
    )


class ForgetForm(Form):
    """The last question before what cannot be undone. email: whose it must be."""

    typed = StringField(
        "Her email address",
        [DataRequired("Type her email address.")],
        description="Type it, so that the wrong person is not erased.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def is_of(self, email: str) -> bool:
        """Say whether the address is hers; write down what is wrong where not."""
        if (self.typed.data or "").lower() == email:
            return True
        self.typed.errors = ["This is not the address of this person."]
        return False
