"""Where an order goes that no payment page asks about, as its gift card pays all of it."""

from collections.abc import Sequence

from wtforms import EmailField, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from storefront.formatting import countries_by_name
from storefront.forms import Form, email_address
from storefront.languages import lazy_gettext

LONG = lazy_gettext("Enter at most 200 characters.")


class AddressForm(Form):
    """Name and address. seen: the fingerprint of the cart as the page showed it."""

    email = EmailField(
        lazy_gettext("Email"),
        [
            DataRequired(lazy_gettext("Enter the address that the confirmation is mailed to.")),
            Length(max=254, message=lazy_gettext("Enter at most 254 characters.")),
            email_address,
        ],
        render_kw={"autocomplete": "email"},
    )
    name = StringField(
        lazy_gettext("Name"),
        [
            DataRequired(lazy_gettext("Enter the name of who gets the parcel.")),
            Length(max=200, message=LONG),
        ],
        render_kw={"autocomplete": "name"},
    )
    line1 = StringField(
        lazy_gettext("Address"),
        [DataRequired(lazy_gettext("Enter a street and number.")), Length(max=200, message=LONG)],
        render_kw={"autocomplete": "address-line1"},
    )
    line2 = StringField(
        lazy_gettext("Apartment, floor or company"),
        [Length(max=200, message=LONG)],
        render_kw={"autocomplete": "address-line2"},
    )
    postal_code = StringField(
        lazy_gettext("Postal code"),
        [Length(max=20, message=lazy_gettext("Enter at most 20 characters."))],
        render_kw={"autocomplete": "postal-code"},
    )
    city = StringField(
        lazy_gettext("City"),
        [
            DataRequired(lazy_gettext("Enter a city.")),
            Length(max=120, message=lazy_gettext("Enter at most 120 characters.")),
        ],
        render_kw={"autocomplete": "address-level2"},
    )
    state = StringField(
        lazy_gettext("State or region"),
        [Length(max=120, message=lazy_gettext("Enter at most 120 characters."))],
        render_kw={"autocomplete": "address-level1"},
    )
    country = SelectField(lazy_gettext("Country"), render_kw={"autocomplete": "country"})
    seen = HiddenField("seen")

    def offer(self, codes: Sequence[str]) -> "AddressForm":
        """Let the country be one of those to which the cart costs what it says."""
        self.country.choices = countries_by_name(codes)
        return self

    @property
    def address(self) -> dict[str, str]:
        """What was typed, as an order keeps it."""
        names = ("name", "line1", "line2", "city", "state", "postal_code", "country")
        return {name: str(self[name].data or "") for name in names}
