"""What a gift card is called, in the language that is spoken."""

from storefront.languages import gettext


def card_name(last4: str) -> str:
    """Return what a card is called by its last four signs."""
    return gettext("Gift card ···· %(last4)s", last4=last4)
