"""What takes passkeys and codes in the present app."""

from flask import request

from storefront.accounts.bound import passkeys
from storefront.extensions import settings
from storefront.payments.access import letters
from storefront.staff.own.factors import Answer, Check

__all__ = ["FIELDS", "answer", "check", "passkeys"]
FIELDS = ("proof-code", "proof-passkey", "proof-challenge")


def check() -> Check:
    """Return what takes codes and passkeys."""
    return Check(passkeys(), settings().secret_key, letters())


def answer() -> Answer:
    """Return what was posted as proof."""
    return Answer(*(request.form.get(name, "") for name in FIELDS))
