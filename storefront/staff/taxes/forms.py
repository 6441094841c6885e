"""What one types to decide on a tax."""

import re
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from models import TaxRate
from storefront.forms import Form
from storefront.pricing.countries import countries
from storefront.staff.seen import seen_of
from storefront.staff.taxes.queries import words
from storefront.staff.taxes.service import Draft
from storefront.staff.typed import checked, percent_from

FIGURE: Any = {"inputmode": "decimal", "autocomplete": "off"}
REGION = re.compile(r"[A-Z0-9][A-Z0-9 -]{0,9}")


class TaxForm(Form):
    """A tax rate. seen: a digest of it as the page showed it."""

    country = SelectField("Country")
    region = StringField(
        "Region",
        description=(
            "Empty for the whole country; else as it stands in addresses, such as CO for Colorado."
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    title = StringField(
        "Title",
        [DataRequired("Enter a title."), Length(max=80, message="Enter at most 80 characters.")],
        description="Buyers see it, such as Sales tax.",
    )
    percent = StringField("Rate in percent", description="Such as 8.875.", render_kw=FIGURE)
    is_included = SelectField(
        "How it is reckoned",
        choices={"added": "Added to the prices", "included": "Included in the prices"},
    )
    taxes_shipping = BooleanField("It is due on shipping too")
    seen = HiddenField()

    @property
    def typed_region(self) -> str:
        """The region in capitals, as it is compared with addresses."""
        return (self.region.data or "").upper()

    def validate_region(self, field: Field) -> None:
        """Refuse what no region is called."""
        del field
        if self.typed_region and not REGION.fullmatch(self.typed_region):
            message = "Enter at most 10 letters and digits, such as CO."
            raise ValidationError(message)

    def validate_percent(self, field: Field) -> None:
        """Refuse what is no percentage."""
        checked(percent_from, field.data)

    def draft(self) -> Draft:
        """Return what was typed."""
        return Draft(
            country=str(self.country.data),
            region=self.typed_region,
            title=str(self.title.data),
            rate_ppm=percent_from(self.percent.data),
            is_included=self.is_included.data == "included",
            taxes_shipping=bool(self.taxes_shipping.data),
        )


def tax_form(sent: MultiDict[str, str] | None = None, rate: TaxRate | None = None) -> TaxForm:
    """Return the form with what was sent, else with a rate as it is, else empty."""
    if rate is None:
        form = TaxForm(sent, data={"country": "US", "taxes_shipping": True})
    else:
        saved = words(rate)
        kept = {"taxes_shipping": rate.taxes_shipping, "seen": seen_of(saved)}
        form = TaxForm(sent, data=saved | kept)
    form.country.choices = countries()
    return form
