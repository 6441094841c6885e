"""What one types to ship an order, and to say that it was looked at."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, NoneOf, ValidationError

from models import Fulfilment, Order, OrderLine
from models.fulfilment import BY_MAIL
from storefront.forms import Form, normal_email, quantity_from
from storefront.staff.orders.tags import tags_from
from storefront.staff.typed import LongTextField, checked

_URL = re.compile(r"https?://[!-~]+", re.IGNORECASE)
NOTHING_CHOSEN = "Choose at least one unit to ship. Nothing was changed."


def web_address(form: Form, field: Field) -> None:
    """Check that a field holds an address of the web, or nothing."""
    del form
    if field.data and not _URL.fullmatch(field.data):
        message = "Enter an address that begins with https://, without spaces."
        raise ValidationError(message)


class FulfilmentForm(Form):
    """A parcel that leaves."""

    carrier = StringField(
        "Carrier",
        [
            Length(max=80, message="Enter at most 80 characters."),
            NoneOf([BY_MAIL], "Gift cards alone go by email: enter who carries the parcel."),
        ],
        description="Optional, such as UPS.",
    )
    tracking_number = StringField(
        "Tracking number",
        [
            DataRequired("Enter the tracking number."),
            Length(max=80, message="Enter at most 80 characters."),
        ],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    tracking_url = StringField(
        "Tracking link",
        [Length(max=500, message="Enter at most 500 characters."), web_address],
        description="Optional: where the buyer can follow it.",
        render_kw={"autocomplete": "off", "inputmode": "url", "spellcheck": "false"},
    )

    def fulfilment(self, actor: str) -> Fulfilment:
        """Return the parcel that was typed."""
        return Fulfilment(
            carrier=self.carrier.data or "",
            tracking_number=self.tracking_number.data or "",
            tracking_url=self.tracking_url.data or "",
            actor=actor,
        )


class CorrectionForm(FulfilmentForm):
    """A parcel that left, to be corrected. seen: digest of what the page showed of it."""

    seen = HiddenField()


class PackedForm(Form):
    """How many units of one line go into the parcel."""

    units = StringField("Units", render_kw={"autocomplete": "off", "inputmode": "numeric"})


@dataclass
class Shipping:
    """The form of a parcel with a field for each line of which something is left to ship.

    chosen: units by line, once they were read; a line whose field is not sent ships all that is
    left of it.
    """

    order: Order
    form: FulfilmentForm
    units: Mapping[int, PackedForm]
    chosen: dict[int, int] = field(default_factory=dict)

    @property
    def lines(self) -> list[tuple[OrderLine, PackedForm]]:
        """Each line that has units left, with its field."""
        return [(line, self.units[line.id]) for line in self.order.lines if line.id in self.units]

    def validate(self) -> bool:
        """Check every field; errors stand beside them."""
        is_valid = self.form.validate()
        for line, packed in self.lines:
            try:
                self.chosen[line.id] = quantity_from(
                    packed.units.data or "0", smallest=0, largest=max(line.quantity, 1)
                )
            except ValueError as message:
                packed.units.errors, is_valid = [str(message)], False
        if is_valid and self.lines and not any(self.chosen.values()):
            is_valid = False
            self.lines[0][1].units.errors = [NOTHING_CHOSEN]
        return is_valid


def shipping_of(order: Order, sent: MultiDict[str, str] | None = None) -> Shipping:
    """Return the form of the next parcel, as it is at first or as it was sent."""
    units = {
        line.id: PackedForm(_of(sent, line.id), prefix=_prefix(line.id), data=_all_of(line))
        for line in order.lines
        if line.to_ship > 0
    }
    for line in order.lines:
        if line.id in units:
            units[line.id].units.label.text = f"Units of {line.sku}"
    return Shipping(order, FulfilmentForm(sent), units)


def _prefix(line_id: int) -> str:
    return f"ship-{line_id}-"


def _all_of(line: OrderLine) -> dict[str, str]:
    return {"units": str(line.to_ship)}


def _of(sent: MultiDict[str, str] | None, line_id: int) -> MultiDict[str, str] | None:
    """Return what was sent, if a line's field was."""
    return sent if sent is not None and f"{_prefix(line_id)}units" in sent else None


class NoteForm(Form):
    """What somebody says of an order, for staff alone."""

    note = LongTextField(
        "Note",
        [DataRequired("Write a note."), Length(3, 2000, "Write 3 to 2000 characters.")],
        id="staff-note",
        render_kw={"rows": "3"},
    )


class TagsForm(Form):
    """The tags of one order."""

    tags = StringField("Tags", render_kw={"autocapitalize": "none", "autocomplete": "off"})

    def validate_tags(self, field: Field) -> None:
        """Refuse what is no tag; nothing takes all away."""
        if field.data:
            checked(tags_from, field.data)


class EmailForm(Form):
    """To whom mails about an order go. seen: to whom they went as the page was shown."""

    seen = HiddenField()
    email = StringField(
        "Email",
        [DataRequired("Enter an email address such as name@example.com.")],
        id="order-email",
        render_kw={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"},
    )

    def validate_email(self, field: Field) -> None:
        """Refuse what is no address."""
        found = normal_email(field.data or "")
        if field.data and found is None:
            message = "Enter an email address such as name@example.com."
            raise ValidationError(message)
        field.data = found


class AttentionForm(Form):
    """Somebody looked at an order. seen: what the page said was the matter with it."""

    note = StringField(
        "Note",
        [
            DataRequired("Write what you found."),
            Length(3, 500, "Write 3 to 500 characters."),
        ],
        description="What you found, and what you did about it.",
    )
    seen = HiddenField()
