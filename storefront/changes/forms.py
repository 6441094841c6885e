"""What the buyer of an order types to change it."""

import re
import secrets

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from models import Order, OrderLine
from storefront.changes.service import ADDRESS, BUYER, Fewer, address_of, kept
from storefront.forms import Form, quantity_from
from storefront.languages import gettext, lazy_gettext
from storefront.pricing.countries import countries

KEY = re.compile(r"[0-9a-f]{32}")
LONG = [Length(max=200, message=lazy_gettext("Enter at most 200 characters."))]
SAME = lazy_gettext("Choose fewer of at least one item. Nothing was changed.")


class AddressForm(Form):
    """Where an order goes."""

    name = StringField(
        lazy_gettext("Name"),
        [DataRequired(lazy_gettext("Enter a name.")), *LONG],
        render_kw={"autocomplete": "name"},
    )
    line1 = StringField(
        lazy_gettext("Address"),
        [DataRequired(lazy_gettext("Enter a street and number.")), *LONG],
        render_kw={"autocomplete": "address-line1"},
    )
    line2 = StringField(
        lazy_gettext("Apartment, floor or company"),
        LONG,
        render_kw={"autocomplete": "address-line2"},
    )
    city = StringField(
        lazy_gettext("City"),
        [DataRequired(lazy_gettext("Enter a city.")), *LONG],
        render_kw={"autocomplete": "address-level2"},
    )
    state = StringField(
        lazy_gettext("State or region"), LONG, render_kw={"autocomplete": "address-level1"}
    )
    postal_code = StringField(
        lazy_gettext("Postal code"),
        [Length(max=20, message=lazy_gettext("Enter at most 20 characters."))],
        render_kw={"autocomplete": "postal-code"},
    )
    country = SelectField(lazy_gettext("Country"), render_kw={"autocomplete": "country"})

    @property
    def address(self) -> dict[str, str]:
        """What was typed, by part."""
        return {name: str(self[name].data or "") for name in ADDRESS}


class KeepForm(Form):
    """How many units of a line the order keeps."""

    units = StringField(
        lazy_gettext("Quantity"), render_kw={"autocomplete": "off", "inputmode": "numeric"}
    )


class KeyForm(Form):
    """A form that counts once. key: names it, so that two clicks are one."""

    key = HiddenField()

    @property
    def is_whole(self) -> bool:
        """Whether the form came as it was sent out."""
        return KEY.fullmatch(self.key.data or "") is not None


class Keeping:
    """The form of what an order keeps, with a field for each line of which units can go."""

    def __init__(self, order: Order, sent: MultiDict[str, str] | None = None) -> None:
        """Fill it with what was sent, else with what the order has."""
        self.order = order
        self.form = KeyForm(sent, data={"key": secrets.token_hex(16)})
        self.keep: dict[int, int] = {}
        self.lines: list[tuple[OrderLine, KeepForm]] = []
        for line in order.lines:
            if kept(line) and not line.is_gift_card:  # those are mailed already
                row = KeepForm(sent, prefix=f"line-{line.id}-", data={"units": str(kept(line))})
                row.units.label.text = gettext("Quantity of %(title)s", title=line.title)
                if line.variant_title:
                    row.units.label.text = gettext(
                        "Quantity of %(title)s", title=f"{line.title}, {line.variant_title}"
                    )
                self.lines.append((line, row))

    def validate(self) -> bool:
        """Check every field; errors stand beside them."""
        is_valid = self.form.is_whole
        for line, row in self.lines:
            try:
                units = quantity_from(row.units.data, smallest=0, largest=9999)
            except ValueError as wrong:
                row.units.errors, is_valid = [str(wrong)], False
                continue
            self.keep[line.id] = units
            if units > kept(line):
                row.units.errors, is_valid = [_more(kept(line))], False
        if is_valid and all(self.keep[line.id] == kept(line) for line, _ in self.lines):
            self.lines[0][1].units.errors, is_valid = [SAME], False
        return is_valid

    @property
    def keeps_nothing(self) -> bool:
        """Whether no unit would be left; after ``validate``."""
        has_cards = any(line.is_gift_card for line in self.order.lines)
        return not has_cards and not any(self.keep.values())

    def fewer(self) -> Fewer:
        """Return what was typed; after ``validate``."""
        return Fewer(
            keep=self.keep,
            key=f"{self.order.number}-own-{self.form.key.data}",
            reason="Asked for by the buyer.",
            actor=BUYER,
        )


def address_form(order: Order, sent: MultiDict[str, str] | None = None) -> AddressForm:
    """Return the form of where an order goes, with what was sent or as it is."""
    form = AddressForm(sent, data=address_of(order))
    own = address_of(order)["country"]
    form.country.choices = (
        countries() if own in countries() else {"": gettext("Choose"), **countries()}
    )
    return form


def _more(most: int) -> str:
    return gettext(
        "At most %(count)s: here it can only get smaller. To have more, use the link below.",
        count=most,
    )
