"""What one types to change a paid order."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from models import Order, OrderLine
from storefront.changes.service import ADDRESS, Fewer, address_of, kept
from storefront.forms import Form, quantity_from
from storefront.pricing.countries import countries
from storefront.staff.edits.service import fingerprint

KEY = re.compile(r"[0-9a-f]{32}")
LONG = [Length(max=200, message="Enter at most 200 characters.")]


class AddressForm(Form):
    """Where an order goes. seen: what the page showed."""

    seen = HiddenField()
    name = StringField("Name", [DataRequired("Enter a name."), *LONG])
    line1 = StringField("Address", [DataRequired("Enter a street and number."), *LONG])
    line2 = StringField("Apartment, floor or company", LONG)
    city = StringField("City", [DataRequired("Enter a city."), *LONG])
    state = StringField("State or region", LONG)
    postal_code = StringField("Postal code", [Length(max=20, message="At most 20 characters.")])
    country = SelectField("Country")

    @property
    def address(self) -> dict[str, str]:
        """What was typed, by part."""
        return {name: str(self[name].data or "") for name in ADDRESS}


class UnitsForm(Form):
    """Why units are taken away. key: names this form, so that two clicks are one change."""

    key = HiddenField()
    reason = StringField(
        "Reason",
        [
            DataRequired("Give a reason of 3 to 300 characters."),
            Length(3, 300, "Give a reason of 3 to 300 characters."),
        ],
    )


class KeepForm(Form):
    """How many units of a line the order keeps."""

    units = StringField("Units", render_kw={"autocomplete": "off", "inputmode": "numeric"})


@dataclass
class Editing:
    """The form of what an order keeps, with a field for each line."""

    order: Order
    form: UnitsForm
    rows: Mapping[int, KeepForm]

    @property
    def lines(self) -> list[tuple[OrderLine, KeepForm]]:
        """Each line of which units can be taken away, with its field."""
        return [(line, self.rows[line.id]) for line in self.order.lines if line.id in self.rows]

    def validate(self) -> bool:
        """Check every field; errors stand beside them."""
        is_valid = self.form.validate() and KEY.fullmatch(self.form.key.data or "") is not None
        for line, row in self.lines:
            try:
                quantity_from(
                    row.units.data, smallest=line.shipped_quantity, largest=min(kept(line), 9999)
                )
            except ValueError as wrong:
                row.units.errors, is_valid = [str(wrong)], False
        return is_valid

    def fewer(self, actor: str) -> Fewer:
        """Return what was typed; after ``validate``."""
        return Fewer(
            keep={line.id: int(row.units.data or "0") for line, row in self.lines},
            key=f"{self.order.number}-edit-{self.form.key.data}",
            reason=str(self.form.reason.data),
            actor=actor,
        )


def address_form(order: Order, sent: MultiDict[str, str] | None = None) -> AddressForm:
    """Return the form of where an order goes, with what was sent or as it is."""
    form = AddressForm(sent, data={**address_of(order), "seen": fingerprint(order)})
    own = form.country.data or ""
    form.country.choices = countries() if own in countries() else {"": "Choose", **countries()}
    return form


def editing(order: Order, sent: MultiDict[str, str] | None = None) -> Editing:
    """Return the form of what an order keeps, with what was sent or as it is."""
    rows = {}
    for line in order.lines:
        if kept(line) > line.shipped_quantity:
            row = KeepForm(sent, prefix=f"line-{line.id}-", data={"units": str(kept(line))})
            row.units.label.text = f"Units of {line.sku}"
            rows[line.id] = row
    return Editing(order, UnitsForm(sent, data={"key": secrets.token_hex(16)}), rows)
