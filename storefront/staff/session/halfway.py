"""Who has typed the right password and not yet proved her second factor; ten minutes at most."""

from flask import session
from itsdangerous import BadData, URLSafeTimedSerializer

from models import Staff
from storefront.extensions import db, settings
from storefront.limits import digest

WITHIN_S = 600
NAME = "halfway"


def remember(person: Staff) -> None:
    """Write into the staff cookie, signed, who it is; nobody is signed in by that."""
    session.clear()
    session[NAME] = _signer().dumps([person.id, _password(person)])


def known() -> Staff | None:
    """Return who is half-way in, where she is active and her password is still that one."""
    try:
        staff_id, password = _signer().loads(session.get(NAME, ""), max_age=WITHIN_S)
    except (BadData, TypeError, ValueError):
        return None
    person = db.session.get(Staff, staff_id)
    is_same = person is not None and person.is_active and _password(person) == password
    return person if is_same else None


def _password(person: Staff) -> str:
    return digest(person.password_hash, settings().secret_key)[:16]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(settings().secret_key, salt="staff-halfway")
