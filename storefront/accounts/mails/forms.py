"""What a customer may agree to: nothing is ticked but what she has ticked."""

from wtforms import BooleanField

from storefront.forms import Form

NEWSLETTER = (
    "Mails about the muscles of the low back, every few days. Every mail has a link to leave at"
    " once."
)
REMINDERS = (
    "A mail when you left something in your cart: two at most for one cart, and every mail has a"
    " link that ends them."
)


class ConsentForm(Form):
    """Which mails come."""

    newsletter = BooleanField("Our newsletter")
    reminders = BooleanField("Reminders of a cart that I left behind")
