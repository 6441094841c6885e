"""What one ticks before one ends an account."""

from wtforms import BooleanField
from wtforms.validators import InputRequired

from storefront.forms import Form

FIRST = "Tick this first: it cannot be undone."


class CloseForm(Form):
    """Close the account."""

    close = BooleanField("Yes, close my account", [InputRequired(FIRST)])


class EraseForm(Form):
    """Be forgotten."""

    erase = BooleanField("Yes, erase what you know of me", [InputRequired(FIRST)])
