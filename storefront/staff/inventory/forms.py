"""What one types to change stock."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from wtforms import HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, StopValidation, ValidationError

from models import Location, ProductStatus
from models.inventory import MovementKind
from storefront.forms import Form, id_from
from storefront.staff.inventory.acts import ADJUST, TRANSFER, Act
from storefront.staff.inventory.ledger import WantedLines
from storefront.staff.inventory.service import Change
from storefront.staff.orders.asked import begin, day_from
from storefront.staff.typed import change_from, checked, count_from, units_from

REASON = "Give a reason of 3 to 300 characters."
EITHER = "Give a reason of 3 to 300 characters, or a reference."


class MovementForm(Form):
    """A change of stock. act: what its button does; seen: the newest movement of the page."""

    location = SelectField("Location", description="Where.")
    quantity = StringField(
        "Quantity",
        [DataRequired("Enter how many units.")],
        description="Whole units.",
        render_kw={"autocomplete": "off", "maxlength": "8", "inputmode": "text"},
    )
    reason = StringField(
        "Reason",
        description="Why, for the ledger.",
        render_kw={"autocomplete": "off"},
    )
    reference = StringField(
        "Reference",
        [Length(max=120, message="Enter at most 120 characters.")],
        description="Optional: a delivery note, a case, a date of counting.",
        render_kw={"autocomplete": "off"},
    )
    to = SelectField("Transfer to", description="Only for a transfer.")
    seen = HiddenField()
    act: Act = ADJUST
    titles: Mapping[str, str]  # of the locations that can be chosen, by what stands in the form

    def offer(self, locations: Sequence[Location]) -> "MovementForm":
        """Let one choose among these locations; the first is chosen where none was."""
        self.titles = {str(it.id): it.title for it in locations}
        choices = list(self.titles.items())
        for field, default in ((self.location, choices[:1]), (self.to, choices[1:2])):
            field.choices = choices
            if field.data in {None, "None"}:
                field.data = default[0][0] if default else ""
        self.to.validate_choice = len(choices) > 1
        return self

    def validate_to(self, field: Field) -> None:
        """Refuse a transfer to where the units are."""
        if self.act is TRANSFER and field.data in {"", self.location.data}:
            message = "Choose another location than where they are."
            raise ValidationError(message)

    def validate_quantity(self, field: Field) -> None:
        """Refuse what the act cannot be done with."""
        del field
        try:
            _ = self.units
        except ValueError as wrong:
            raise ValidationError(str(wrong)) from None

    def validate_reason(self, field: Field) -> None:
        """Ask for a reason; a reference is one for what comes from outside."""
        typed = field.data or ""
        if not typed and not self.act.needs_reason:
            if self.act.needs_words and not self.reference.data:
                raise StopValidation(EITHER)
        elif not 3 <= len(typed) <= 300:  # noqa: PLR2004 (as the message says)
            raise StopValidation(REASON)

    @property
    def units(self) -> int:
        """The quantity, or raise ValueError with a message for people."""
        typed = self.quantity.data
        if self.act.kind is None:
            return count_from(typed)
        return change_from(typed) if self.act.is_signed else units_from(typed)

    def change(self, actor: str) -> Change:
        """Return the change that was typed."""
        return Change(
            kind=self.act.kind,
            quantity=self.units,
            reason=self.reason.data or "",
            reference=self.reference.data or "",
            actor=actor,
            location_id=int(self.location.data),
            to=int(self.to.data) if self.act is TRANSFER else None,
            seen=0 if self.seen.data == "0" else id_from(self.seen.data),
        )


class MarkForm(Form):
    """At how many available units staff are told."""

    low_at = StringField(
        "Low at",
        description="Staff get a mail when no more than this can be sold. Empty: never.",
        render_kw={"autocomplete": "off", "maxlength": "7", "inputmode": "numeric"},
    )

    def validate_low_at(self, field: Field) -> None:
        """Refuse what is no number of units."""
        if field.data:
            checked(count_from, field.data)

    @property
    def mark(self) -> int | None:
        """What was typed; None of nothing."""
        return count_from(self.low_at.data) if self.low_at.data else None


class FilterForm(Form):
    """What the list of stock can be narrowed to."""

    location = SelectField("Location")
    status = SelectField("Product")

    def offer(self, locations: Sequence[Location]) -> "FilterForm":
        """Let one choose among these locations."""
        self.location.choices = [("", "Any"), *((str(it.id), it.title) for it in locations)]
        self.status.choices = [("", "Any"), *((it.value, it.capitalize()) for it in ProductStatus)]
        for field in (self.location, self.status):
            field.data = "" if field.data in {None, "None"} else field.data
        return self


class LedgerForm(Form):
    """What a variant's ledger can be narrowed to."""

    kind = SelectField("Kind")
    at = SelectField("At")
    actor = StringField("By", render_kw={"maxlength": "254", "autocapitalize": "none"})
    order = StringField("Order", render_kw={"maxlength": "40"})
    since = StringField("From", render_kw={"type": "date"})
    until = StringField("To", render_kw={"type": "date"})

    def offer(self, locations: Sequence[Location]) -> "LedgerForm":
        """Let one choose among these locations."""
        self.kind.choices = [("", "Any"), *((it.value, it.capitalize()) for it in MovementKind)]
        self.at.choices = [("", "Any"), *((str(it.id), it.title) for it in locations)]
        for field in (self.kind, self.at):
            field.data = "" if field.data in {None, "None"} else field.data
        return self

    def validate_since(self, field: Field) -> None:
        """Refuse what is no day."""
        checked(day_from, field.data)

    def validate_until(self, field: Field) -> None:
        """Refuse what is no day."""
        checked(day_from, field.data)

    def wanted(self, zone: str) -> WantedLines:
        """Return which lines are asked for, once the form is valid; days in this zone."""
        since, until = day_from(self.since.data), day_from(self.until.data)
        return WantedLines(
            kind=MovementKind(self.kind.data) if self.kind.data else None,
            actor=self.actor.data or "",
            location_id=int(self.at.data) if self.at.data else None,
            order=self.order.data or "",
            since=begin(since, zone),
            until=begin(until + timedelta(days=1), zone) if until else None,
        )
