"""The passkeys and codes of the present app."""

from flask import request

from storefront.extensions import settings
from storefront.payments.access import letters
from storefront.site import read
from storefront.staff.own.factors import Answer, Check
from storefront.staff.own.passkeys import Passkeys

FIELDS = ("proof-code", "proof-passkey", "proof-challenge")


def passkeys() -> Passkeys:
    """Return what asks for passkeys of this shop."""
    found = settings()
    return Passkeys(found.site_url, read().name, found.secret_key)


def check() -> Check:
    """Return what takes codes and passkeys."""
    return Check(passkeys(), settings().secret_key, letters())


def answer() -> Answer:
    """Return what was posted as proof."""
    return Answer(*(request.form.get(name, "") for name in FIELDS))
