"""The base of every form, and the parsers of what people type."""

import re
from collections.abc import Mapping
from typing import Any, cast

from babel.numbers import format_decimal
from babel.support import LazyProxy
from werkzeug.routing import IntegerConverter, Map
from wtforms import FieldList, FormField, HiddenField, PasswordField, StringField, TextAreaField
from wtforms import Form as WTForm
from wtforms.fields import Field
from wtforms.i18n import get_translations
from wtforms.validators import Length, StopValidation, ValidationError

from models.base import MAX_ID
from models.language import OWN, language
from storefront.formatting import locale
from storefront.languages import gettext, lazy_gettext

LONGEST_EMAIL = 1000  # as it is typed; 254 signs at most are left of it
_QUANTITY = re.compile(r"[0-9]{1,4}")  # int() would take other scripts' digits, _ and spaces
_ID = re.compile(r"[0-9]{1,10}")
_LOCAL = re.compile(r"/(?![/\\])[!-\[\]-~]{0,500}")  # one slash, then no sign that browsers mend
# What XML does not take, so no feed; word processors leave such signs in what is pasted.
_UNSEEN = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]+")
_BROKEN = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL, UTF-8 lone surrogates


class Digits(IntegerConverter):
    """``<int:…>`` in an address: of our digits, and no more than a database holds, or not found."""

    regex = "[0-9]{1,10}"

    def __init__(self, url_map: Map, min: int = 0, max: int = MAX_ID) -> None:  # noqa: A002 (Werkzeug's)
        """Take Werkzeug's own bounds, within ours."""
        super().__init__(url_map, min=min, max=max)


class Form(WTForm):
    """A form whose strings are stripped and checked once, at the edge."""

    class Meta:
        """WTForms' own way to set something for every field."""

        def bind_field(self, form: WTForm, unbound: Any, options: dict[str, Any]) -> Field:
            """Strip what was typed, and what nobody sees in it; passwords and groups apart."""
            if not issubclass(unbound.field_class, (PasswordField, FieldList, FormField)):
                options["filters"] = [*options.get("filters", ()), _strip]
            if _is_one_line(unbound.field_class):
                options["filters"].append(_in_one_line)
            bound: Field = unbound.bind(form=form, **options)
            return bound

        def get_translations(self, form: WTForm) -> Any:
            """Return WTForms' own messages in the language that is spoken now."""
            del form
            return None if language() == OWN else get_translations([language()])

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check every field, also for what no database keeps."""
        clean = {name: [clean_text] for name in self._fields}
        return super().validate({**clean, **(extra_validators or {})})


def _is_one_line(kind: type[Field]) -> bool:
    """Say whether a browser lets nobody type a second line into a field of this kind."""
    return issubclass(kind, StringField) and not issubclass(
        kind, (TextAreaField, HiddenField, PasswordField)
    )


def _in_one_line(value: object) -> object:
    """Take the ends of lines out of a text: what is pasted has some, and no subject may."""
    return " ".join(value.splitlines()) if isinstance(value, str) else value


def _strip(value: object) -> object:
    return _UNSEEN.sub(" ", value).strip() if isinstance(value, str) else value


def clean_text(form: WTForm, field: Field) -> None:
    """Refuse text that one of the databases could not keep."""
    del form
    if isinstance(field.data, str) and _BROKEN.search(field.data):
        message = gettext("Remove the characters that cannot be read.")
        raise StopValidation(message)


def shorter(most: int) -> Length:
    """Return what refuses a longer text; how long it may be is written as the reader does."""
    number = cast("str", LazyProxy(_written, most, enable_cache=False))
    return Length(max=most, message=lazy_gettext("Shorten it to %(most)s characters.", most=number))


def _written(number: int) -> str:
    return str(format_decimal(number, locale=locale()))


def quantity_from(text: str | None, *, smallest: int = 1, largest: int = 99) -> int:
    """Return a quantity in range, or raise ValueError with a message for people."""
    typed = (text or "").strip()
    if not _QUANTITY.fullmatch(typed) or not smallest <= int(typed) <= largest:
        message = gettext(
            "Enter a whole number from %(least)s to %(most)s.", least=smallest, most=largest
        )
        raise ValueError(message)
    return int(typed)


def id_from(text: str | None) -> int | None:
    """Return a row's id as it stands in a form or an address, or None where it can be none."""
    typed = (text or "").strip()
    if not _ID.fullmatch(typed) or not 0 < int(typed) <= MAX_ID:
        return None
    return int(typed)


def local_path(text: str | None) -> str | None:
    """Return an address within the shop as it stands in a form or an address, or None."""
    typed = text or ""
    return typed if _LOCAL.fullmatch(typed) and ".." not in typed else None


def email_address(form: WTForm, field: Field) -> None:
    """Check a field's email address; lower its case."""
    del form
    found = normal_email(field.data or "")
    if found is None:
        message = gettext("Enter an email address such as name@example.com.")
        raise ValidationError(message)
    field.data = found


def normal_email(typed: str) -> str | None:
    """Return an email address in lower case, or None where it is none.

    Its form is checked; the network is not asked.
    """
    from email_validator import EmailNotValidError, validate_email

    if len(typed) > LONGEST_EMAIL:  # the library takes quadratic time for some that are
        return None
    if "=?" in typed:  # an encoded word, which mail programs may read as another address
        return None
    try:
        return validate_email(typed.strip(), check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        return None
