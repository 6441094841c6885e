"""Forms as specimens show them: untouched, filled in, and refused."""

from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, EmailField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from storefront.forms import Form, email_address

HINT = "As it stands on the letterbox, so that the parcel finds you."
COUNTRIES = {"US": "United States", "DE": "Germany", "JP": "Japan"}


class Sample(Form):
    """One field of each kind that the shop uses."""

    name = StringField("Name", [InputRequired("Enter a name. A first name is enough.")])
    email = EmailField("Email", [InputRequired("Enter your e-mail address."), email_address])
    country = SelectField("Country", choices=COUNTRIES)
    message = TextAreaField(
        "Message", [Length(max=40, message="Please shorten it to 40 characters.")]
    )
    agrees = BooleanField("Mail me when it is back", [InputRequired("Tick the box to go on.")])


def values() -> dict[str, Any]:
    """Return what the page of forms shows."""
    typed = {
        "name": "Wolfeschlegelsteinhausenbergerdorff-Featherstonehaugh, Adalgisa Maria",
        "email": "adalgisa.maria.wolfeschlegelsteinhausenbergerdorff@example.com",
        "country": "DE",
        "message": "Please ring twice.\nThe dog is friendly.",
        "agrees": "y",
    }
    return {
        "hint": HINT,
        "empty": Sample(prefix="empty-"),
        "filled": Sample(_form("filled-", typed), prefix="filled-"),
        "refused": refused(
            "refused-", {"email": "name@", "message": "long " * 20, "country": "US"}
        ),
        "kinds": ("", "quiet", "text", "wide"),
    }


def refused(prefix: str, typed: dict[str, str]) -> Sample:
    """Return the form as it answers what was typed, with what is wrong with it."""
    form = Sample(_form(prefix, typed), prefix=prefix)
    form.validate()
    return form


def _form(prefix: str, typed: dict[str, str]) -> MultiDict[str, str]:
    return MultiDict({prefix + name: text for name, text in typed.items()})
