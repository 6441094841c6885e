"""What one types to be mailed of something once."""

from wtforms import BooleanField, EmailField, StringField
from wtforms.validators import InputRequired

from storefront.forms import Form, email_address
from storefront.languages import lazy_gettext


class AskForm(Form):
    """Ask to be told when a variant is back. website: for robots; no person sees it."""

    email = EmailField(
        lazy_gettext("Email"),
        [InputRequired(lazy_gettext("Enter your email address.")), email_address],
        render_kw={"autocomplete": "email"},
    )
    website = StringField(lazy_gettext("Leave this empty"))


class RemindForm(AskForm):
    """Ask to be reminded of a cart."""

    wants = BooleanField(
        lazy_gettext("Yes, remind me of this cart by mail, twice at most"),
        [InputRequired(lazy_gettext("Check this box first: without your yes we send nothing."))],
    )
