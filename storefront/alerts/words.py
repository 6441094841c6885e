"""What the pages of these links say."""

from storefront.alerts.links import Purpose
from storefront.languages import lazy_gettext

TOO_MANY = lazy_gettext("That was asked for too often just now. Try again later.")
BROKEN = lazy_gettext("This link is not whole. Open it again from the mail.")
# A title, and a message.
LOOK = (
    lazy_gettext("Check your mail"),
    lazy_gettext(
        "We have sent you a link. It works for seven days. Open it and press the button there: only"
        " then do we mail you. If nothing arrives, look in your junk mail folder."
    ),
)
USED = (
    lazy_gettext("This link no longer works"),
    lazy_gettext("It was used already, or you have asked again since: only the newest link works."),
)
GONE = (
    lazy_gettext("This cart is empty now"),
    lazy_gettext(
        "It was bought or emptied since this mail was written, so there is nothing to open."
    ),
)
EMPTY = (
    lazy_gettext("Your cart is empty"),
    lazy_gettext("There is nothing to remind you of yet."),
)
_STOP, _CONFIRM = lazy_gettext("Stop"), lazy_gettext("Confirm")
# What a link of a mail asks before it does anything: a title, a message, a button.
ASKED = {
    Purpose.CONFIRM_STOCK: (
        _CONFIRM,
        lazy_gettext("One click, and we mail you when it is back."),
        _CONFIRM,
    ),
    Purpose.STOP_STOCK: (
        lazy_gettext("Stop this mail"),
        lazy_gettext("One click, and we do not mail you about it."),
        _STOP,
    ),
    Purpose.CONFIRM_CART: (
        _CONFIRM,
        lazy_gettext("One click, and we remind you of your cart: twice at most."),
        _CONFIRM,
    ),
    Purpose.STOP_CART: (
        lazy_gettext("Stop these mails"),
        lazy_gettext("One click, and we no longer remind you of a cart."),
        _STOP,
    ),
    Purpose.OPEN_CART: (
        lazy_gettext("Your cart"),
        lazy_gettext("One click, and this browser has the cart that you left."),
        lazy_gettext("Open my cart"),
    ),
    Purpose.STOP_REVIEWS: (
        lazy_gettext("Ask me no more"),
        lazy_gettext("One click, and we no longer ask you for a review."),
        _STOP,
    ),
}
_STOPPED = lazy_gettext("It is stopped")
STOPPED = {
    Purpose.STOP_STOCK: (
        _STOPPED,
        lazy_gettext("You get no mail about it, and we no longer keep your address."),
    ),
    Purpose.STOP_CART: (
        _STOPPED,
        lazy_gettext("We no longer remind you of a cart, unless you ask for it again."),
    ),
    Purpose.STOP_REVIEWS: (
        _STOPPED,
        lazy_gettext("We no longer ask you for a review. You can still write one."),
    ),
}
