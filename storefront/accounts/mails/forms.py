"""What a customer may agree to: nothing is ticked but what she has ticked."""

from wtforms import BooleanField

from storefront.forms import Form
from storefront.languages import lazy_gettext

NEWSLETTER = lazy_gettext(
    "Mails about the muscles of the low back, every few days. Every mail has a link to leave at"
    " once."
)
REMINDERS = lazy_gettext(
    "A mail when you left something in your cart: two at most for one cart, and every mail has a"
    " link that ends them."
)


class ConsentForm(Form):
    """Which mails come."""

    newsletter = BooleanField(lazy_gettext("Our newsletter"))
    reminders = BooleanField(lazy_gettext("Reminders of a cart that I left behind"))
