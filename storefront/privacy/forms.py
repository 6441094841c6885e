"""What one ticks before one ends an account."""

from wtforms import BooleanField
from wtforms.validators import InputRequired

from storefront.forms import Form
from storefront.languages import lazy_gettext

FIRST = lazy_gettext("Check this box first: it cannot be undone.")


class CloseForm(Form):
    """Close the account."""

    close = BooleanField(lazy_gettext("Yes, close my account"), [InputRequired(FIRST)])


class EraseForm(Form):
    """Be forgotten."""

    erase = BooleanField(lazy_gettext("Yes, erase what you know of me"), [InputRequired(FIRST)])
