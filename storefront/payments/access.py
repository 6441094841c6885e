"""The gateway and the letters of the current app."""

from flask import current_app

from storefront.mail.letters import Letters
from storefront.payments.attempts import Guard
from storefront.payments.gateway import Gateway


def gateway() -> Gateway:
    """Return whoever takes the money for the current app."""
    found: Gateway = current_app.extensions["gateway"]
    return found


def guard() -> Guard:
    """Return what counts the attempts to pay of the current app."""
    found: Guard = current_app.extensions["guard"]
    return found


def letters() -> Letters:
    """Return what writes the current app's mails."""
    found: Letters = current_app.extensions["letters"]
    return found
